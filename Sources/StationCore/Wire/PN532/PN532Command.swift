// What a station asks a PN532 to do, and the bytes that say so.

/// Which cards an InListPassiveTarget looks for (UM0701-02 §7.3.5).
public enum PN532Modulation: UInt8, Sendable, CaseIterable {
    case typeA = 0x00
    /// ISO 14443-3 B, all application families.
    case typeB = 0x03
}

/// A command of the host. There is no PowerDown among them, on purpose: modules sleep and never
/// answer again until they are plugged anew (nfcpy issue 231).
public enum PN532Command: Equatable, Sendable {
    case getFirmwareVersion
    /// Normal mode: the chip's secure companion is not used, its interrupt line is.
    case samConfiguration
    /// No automatic RATS: a UID comes without it, and sooner.
    case setParameters(UInt8)
    /// Off: cards lose their power, and answer anew at the next poll.
    case rfField(isOn: Bool)
    /// How often the chip looks for a card before it says that there is none. 0xFF would mean for
    /// ever, and a chip that looks for ever answers nobody.
    case maxRetries(passiveActivation: UInt8)
    /// At most two cards, the chip's limit.
    case inListPassiveTarget(most: UInt8, PN532Modulation)
    /// Target 0 stands for all.
    case inRelease(target: UInt8)

    public var code: UInt8 {
        switch self {
        case .getFirmwareVersion: 0x02
        case .samConfiguration: 0x14
        case .setParameters: 0x12
        case .rfField, .maxRetries: 0x32
        case .inListPassiveTarget: 0x4a
        case .inRelease: 0x52
        }
    }

    /// The code of the reply.
    public var replyCode: UInt8 { code + 1 }

    /// The frame, ready to be written.
    public var packet: PN532Packet {
        var packet = PN532Packet()
        packet.beginFrame(.host)
        packet.append(code)
        switch self {
        case .getFirmwareVersion:
            break
        case .samConfiguration:
            // Normal mode; the time-out of 20 x 50 ms counts in virtual card mode only; P70_IRQ.
            packet.append(0x01)
            packet.append(0x14)
            packet.append(0x01)
        case .setParameters(let flags):
            packet.append(flags)
        case .rfField(let isOn):
            packet.append(0x01)
            packet.append(isOn ? 0x01 : 0x00)
        case .maxRetries(let passiveActivation):
            packet.append(0x05)
            // ATR_REQ and PSL_REQ belong to NFC between devices: the chip's defaults.
            packet.append(0xff)
            packet.append(0x01)
            packet.append(passiveActivation)
        case .inListPassiveTarget(let most, let modulation):
            packet.append(most)
            packet.append(modulation.rawValue)
            // Type B asks for an application family; 00 are all.
            if modulation == .typeB { packet.append(0x00) }
        case .inRelease(let target):
            packet.append(target)
        }
        packet.endFrame()
        return packet
    }
}

/// Bytes for the chip, inline: making and passing one on allocates nothing.
public struct PN532Packet: Equatable, Sendable {
    static let capacity = 32

    private var storage = InlineArray<32, UInt8>(repeating: 0)
    public private(set) var count = 0
    private var lengthPlace = 0

    init() {}

    /// The host's ACK: ends the command that is running.
    public static let ack = Self(PN532Frame.ackBytes)
    /// Asks for the reply again.
    public static let nack = Self(PN532Frame.nackBytes)

    private init(_ bytes: [UInt8]) {
        for byte in bytes { append(byte) }
    }

    /// Wakes a sleeping chip (libnfc's bytes: two that it hears, then time to wake) and goes on
    /// with `command` in the same breath.
    public static func waking(_ command: PN532Command) -> Self {
        var packet = Self()
        for index in 0..<5 { packet.append(index < 2 ? 0x55 : 0x00) }
        packet.append(contentsOf: command.packet)
        return packet
    }

    public subscript(index: Int) -> UInt8 { storage[index] }

    /// Calls `body` with the bytes, valid for the call only.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// The bytes as an array; allocates.
    public var bytes: [UInt8] { (0..<count).map { storage[$0] } }

    public static func == (a: Self, b: Self) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a.storage[index] != b.storage[index] { return false }
        return true
    }

    mutating func append(_ byte: UInt8) {
        precondition(count < Self.capacity, "a command longer than any that a station sends")
        storage[count] = byte
        count += 1
    }

    mutating func append(contentsOf other: Self) {
        for index in 0..<other.count { append(other.storage[index]) }
    }

    mutating func beginFrame(_ identifier: PN532Identifier) {
        append(0x00)
        append(0x00)
        append(0xff)
        lengthPlace = count
        append(0x00)
        append(0x00)
        append(identifier.rawValue)
    }

    mutating func endFrame() {
        let length = UInt8(count - lengthPlace - 2)
        storage[lengthPlace] = length
        storage[lengthPlace + 1] = 0 &- length
        var sum: UInt8 = 0
        for index in lengthPlace + 2..<count { sum &+= storage[index] }
        append(0 &- sum)
        append(0x00)
    }
}
