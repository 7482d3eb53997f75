// What a reader says unasked on its interrupt pipe: a card came or went, or the hardware is ill.

/// A message on the interrupt pipe (CCID 1.1, chapter 6.3).
public enum CCIDNotification: Equatable, Sendable {
    /// Type 50: the state of every slot.
    case slots(CCIDSlots)
    /// Type 51: the only code that the standard knows is 01, too much current.
    case hardwareError(slot: UInt8, sequence: UInt8, code: UInt8)

    static let slotChangeType: UInt8 = 0x50
    static let hardwareErrorType: UInt8 = 0x51

    /// - Throws: `CCIDMessageError.type` or `.length`.
    init(_ bytes: UnsafeRawBufferPointer) throws(CCIDMessageError) {
        guard let type = bytes.first else { throw .length(expected: 2, found: 0) }
        switch type {
        case Self.slotChangeType:
            guard (2...1 + CCIDSlots.byteCapacity).contains(bytes.count) else {
                throw .length(expected: 2, found: bytes.count)
            }
            var bits: UInt64 = 0
            for (place, byte) in bytes.dropFirst().enumerated() {
                bits |= UInt64(byte) << UInt64(8 * place)
            }
            self = .slots(CCIDSlots(bits: bits, count: 4 * (bytes.count - 1)))
        case Self.hardwareErrorType:
            guard bytes.count == 4 else { throw .length(expected: 4, found: bytes.count) }
            self = .hardwareError(slot: bytes[1], sequence: bytes[2], code: bytes[3])
        default:
            throw .type(type)
        }
    }
}

/// Two bits a slot: there now, and changed since the last message.
public struct CCIDSlots: Equatable, Sendable {
    /// Room for 32 slots: no reader is known with more than a handful.
    static let byteCapacity = 8

    let bits: UInt64
    /// How many slots the message had room for; the last ones may not exist.
    public let count: Int

    /// A slot that the message does not mention has neither a card nor news.
    public func isPresent(_ slot: Int) -> Bool { bit(2 * slot) }
    public func hasChanged(_ slot: Int) -> Bool { bit(2 * slot + 1) }

    private func bit(_ place: Int) -> Bool {
        (0..<64).contains(place) && bits >> UInt64(place) & 1 == 1
    }
}
