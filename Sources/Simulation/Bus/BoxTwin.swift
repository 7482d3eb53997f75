// A box on a simulated line: what it hears, what it says, and what it does wrong.

public import EventLoop
public import StationCore

/// Something that a box is about to say.
public struct BoxSpeech: Sendable, Equatable {
    /// From the end of what it heard.
    public var after: Interval
    public var bytes: [UInt8]

    public init(after: Interval, bytes: [UInt8]) {
        self.after = after
        self.bytes = bytes
    }
}

/// What a box does wrong with its next answer, or from now on.
public enum BoxMischief: Sendable, Equatable {
    /// The next answer comes so much later.
    case late(Interval)
    /// The next answer ends so many bytes early.
    case cut(Int)
    /// A bit of the next answer is wrong.
    case damaged
    /// Somebody else's address is in the next answer.
    case wrongUnit
    /// Modbus: the next answer is an exception of that code.
    case exception(UInt8)
    /// Bytes of nobody come right before the next answer.
    case noise([UInt8])
    /// It does what it is told, and the answer is lost.
    case lostAnswer
}

/// One simulated box. It reads and writes frames by its own lights: what the station's codecs think
/// is not asked.
public protocol BoxTwin: AnyObject {
    /// Whether it has power and its wires.
    var isConnected: Bool { get set }
    /// What is to go wrong, oldest first.
    var mischief: [BoxMischief] { get set }
    /// One talk on the line, from silence to silence. Returns what the box says to it.
    func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech?
    /// When it does or says something by itself.
    var nextDeadline: Instant? { get }
    /// What it says by itself at `now`.
    func live(at now: Instant) -> [UInt8]?
    /// Whether it waits for a quiet line before it says anything by itself.
    var listensFirst: Bool { get }
    /// Puts a raw number where that point is read.
    func put(_ raw: Double, at point: PointSettings)
    /// The raw number that is there; `nil`: none that the world could look at.
    func raw(of point: PointSettings) -> Double?
    /// Who wants to know what happens to it.
    var hooks: BoxHooks { get set }
    /// When an output that it times itself falls.
    var nextFall: Instant? { get }
    /// Whether it measures what goes through its own sockets.
    var metersItself: Bool { get }
}

/// Who wants to know what happens to a box.
public struct BoxHooks {
    /// It is asked, and has not answered yet.
    public var asked: ((Instant) -> Void)?
    /// Its outputs may have changed.
    public var done: ((Instant) -> Void)?

    public init() {}
}

extension BoxTwin {
    public var listensFirst: Bool { false }
    public var nextFall: Instant? { nil }
    public var metersItself: Bool { false }
    public func raw(of point: PointSettings) -> Double? { nil }

    public func misbehave(_ mischief: BoxMischief) { self.mischief.append(mischief) }

    /// The answer, as far as the oldest mischief leaves it.
    func spoil(_ speech: BoxSpeech, unitAt place: Int?) -> BoxSpeech? {
        guard !mischief.isEmpty else { return speech }
        var speech = speech
        switch mischief.removeFirst() {
        case .late(let delay): speech.after = speech.after + delay
        case .cut(let count): speech.bytes.removeLast(min(count, speech.bytes.count))
        case .damaged: speech.bytes[speech.bytes.count / 2] ^= 0x04
        case .wrongUnit: if let place, place < speech.bytes.count { speech.bytes[place] ^= 0x03 }
        case .noise(let bytes): speech.bytes = bytes + speech.bytes
        case .lostAnswer: return nil
        // Those who know exceptions make them themselves.
        case .exception: break
        }
        return speech.bytes.isEmpty ? nil : speech
    }
}
