// What a person may have done to a reader, and why it is not done.

/// Said over the control socket, never by a card or a rule.
public enum ReaderOrder: Equatable, Sendable {
    /// Its port is opened anew; a member of a bus is asked from the beginning.
    case reset
    /// It is given a key of its own, within five minutes.
    case install
    /// Install mode ends before its time.
    case cancelInstall
    /// It goes on under another address, or at another speed in bits a second.
    case move(address: UInt8, baud: UInt32)
    /// Plays a rhythm.
    case play(Rhythm)
}

/// Why an order is not carried out; nothing has happened then.
public enum ReaderRefusal: Equatable, Sendable {
    /// The device is no reader.
    case noReader
    /// Its port cannot be opened anew: it is on the board's lines.
    case noReset
    /// Only a reader on a bus has keys, an address and a speed.
    case notOnBus
    /// Its port is not there, or it does not answer.
    case offline
    /// Another reader of its bus is in install mode.
    case installing(DeviceID)
    /// It has a key and proves it. A person resets it first.
    case secured
    /// The station file says that it speaks in the clear.
    case inTheClear
    /// The address is another reader's, or there is no such address or speed.
    case impossible
    /// Too many orders wait for it.
    case busy
}

extension Rhythm {
    /// A stable name for programs.
    public var name: String {
        switch self {
        case .comeIn: "comeIn"
        case .tryAgain: "tryAgain"
        case .askSomeone: "askSomeone"
        }
    }

    public init?(name: some StringProtocol) {
        guard let rhythm = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = rhythm
    }
}
