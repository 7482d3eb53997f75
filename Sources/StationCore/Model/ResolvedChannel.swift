// Where bytes come from and go to: a serial line, a USB reader, a keyboard's events.

/// A channel's place in `ResolvedStation.channels`.
public struct ChannelID: Hashable, Comparable, Sendable {
    public let index: UInt16
    @inlinable public init(_ index: Int) { self.index = UInt16(index) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// One byte stream and the device whose driver speaks on it.
///
/// A line that several devices share is a device itself: its driver is the bus's, and the devices
/// on it are its members (`DriverSettings.bus`).
public struct ResolvedChannel: Codable, Sendable, Equatable {
    /// The port's name in the station file.
    public var port: String
    public var link: Link
    /// The device at its end, by its place in `devices`; at most one channel each.
    public var device: Int

    public init(port: String, link: Link, device: Int) {
        self.port = port
        self.link = link
        self.device = device
    }

    /// What kind of port it is, and how it is found again after a boot or a re-plug.
    public enum Link: Sendable, Equatable {
        case serial(SerialLink)
        case usb(USBLink)
        case keyboard(KeyboardLink)
    }
}

/// A serial line: RS-232, RS-485 through an adapter, or a UART of the board.
public struct SerialLink: Codable, Sendable, Equatable {
    public enum Parity: String, Codable, Sendable { case none, even, odd }

    /// The device file, by a name that does not change with the boot: `/dev/serial/by-path/...` or
    /// the board's own `/dev/ttyAMA1`.
    public var path: String
    /// Bits per second.
    public var baud: Int
    public var parity: Parity
    /// 1 or 2.
    public var stopBits: Int

    public init(path: String, baud: Int, parity: Parity = .none, stopBits: Int = 1) {
        self.path = path
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
    }
}

/// A USB device of smart-card class (0x0B).
public struct USBLink: Codable, Sendable, Equatable {
    /// The socket it is plugged into, as the kernel names it (`1-1.3`); empty: the only one there.
    public var socket: String

    public init(socket: String) { self.socket = socket }
}

/// An input device that types: a keyboard reader or a scanner.
public struct KeyboardLink: Codable, Sendable, Equatable {
    /// The USB socket it is plugged into (`1-1.3`); empty: the only one there that types digits.
    public var socket: String

    public init(socket: String) { self.socket = socket }
}

extension ResolvedChannel.Link {
    /// Whether every value is one that a port can have.
    var isLegal: Bool {
        typealias Limit = ResolvedStation.Limit
        switch self {
        case .serial(let link):
            return ResolvedStation.isText(link.path, bytes: 1...Limit.pathBytes)
                && link.path.hasPrefix("/dev/") && !link.path.contains("/../")
                && Limit.baud.contains(link.baud) && (1...2).contains(link.stopBits)
        case .usb(let link): return Self.isSocket(link.socket)
        case .keyboard(let link): return Self.isSocket(link.socket)
        }
    }

    /// Bus, hyphen and ports with dots between them, as in `1-1.3`; or nothing.
    public static func isSocket(_ text: String) -> Bool {
        if text.isEmpty { return true }
        guard text.utf8.count <= ResolvedStation.Limit.nameBytes else { return false }
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return false }
        let numbers =
            [halves[0]] + halves[1].split(separator: ".", omittingEmptySubsequences: false)
        return numbers.allSatisfy { number in
            (1...3).contains(number.utf8.count)
                && number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }
}

extension ResolvedChannel.Link: Codable {
    private enum Kind: String, CodingKey { case serial, usb, keyboard }

    /// - Throws: `DecodingError` for an unknown kind, or for none or several.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        guard container.allKeys.count == 1, let kind = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: container.codingPath,
                    debugDescription: "a channel has exactly one link: serial, usb, keyboard"))
        }
        switch kind {
        case .serial: self = .serial(try container.decode(SerialLink.self, forKey: kind))
        case .usb: self = .usb(try container.decode(USBLink.self, forKey: kind))
        case .keyboard: self = .keyboard(try container.decode(KeyboardLink.self, forKey: kind))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Kind.self)
        switch self {
        case .serial(let link): try container.encode(link, forKey: .serial)
        case .usb(let link): try container.encode(link, forKey: .usb)
        case .keyboard(let link): try container.encode(link, forKey: .keyboard)
        }
    }
}
