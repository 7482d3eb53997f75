// Sums that frames prove themselves with.

/// The checks of the buses' protocols, over any stretch of bytes.
enum ByteCheck {
    /// Modbus's CRC-16: polynomial 0xA001, begun with 0xFFFF. It is sent low byte first.
    static func crc16(_ bytes: Span<UInt8>) -> UInt16 {
        var crc: UInt16 = 0xffff
        for index in bytes.indices {
            crc ^= UInt16(bytes[index])
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xa001 }
        }
        return crc
    }

    static func xor(_ bytes: Span<UInt8>) -> UInt8 {
        var sum: UInt8 = 0
        for index in bytes.indices { sum ^= bytes[index] }
        return sum
    }

    static func sum(_ bytes: Span<UInt8>) -> UInt16 {
        var sum: UInt16 = 0
        for index in bytes.indices { sum &+= UInt16(bytes[index]) }
        return sum
    }
}

extension Span<UInt8> {
    /// A number of two bytes, high byte first.
    func bigEndianWord(at place: Int) -> UInt16 {
        UInt16(self[place]) << 8 | UInt16(self[place + 1])
    }

    /// What stands from a place on is these bytes, or, where it ends early, begins like them.
    func begins(with other: [UInt8]) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return false
        }
        return true
    }

    func copied(_ start: Int, _ count: Int) -> [UInt8] {
        (start..<start + count).map { self[$0] }
    }
}

extension UInt16 {
    /// High byte first.
    var bigEndianBytes: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
