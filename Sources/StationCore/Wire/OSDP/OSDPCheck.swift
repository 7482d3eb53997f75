// The two ways in which a frame is closed: CRC-16, the only one that our ACU speaks, or a checksum.

/// What stands behind a frame's last byte of meaning.
public enum OSDPCheck: Sendable {
    /// Polynomial 0x1021, first value 0x1D0F, bits not reflected, low byte first on the wire.
    case crc16
    /// The two's complement of the sum of all bytes. The ACU never asks under it, and takes no
    /// answer under it; `stationctl decode osdp` reads it, and so does a PD.
    case checksum

    /// In bytes.
    public var count: Int {
        switch self {
        case .crc16: 2
        case .checksum: 1
        }
    }

    /// The value over a frame's bytes from 0x53 to the last one before the check itself.
    public func value(of bytes: Span<UInt8>) -> UInt16 {
        switch self {
        case .crc16:
            var crc: UInt16 = 0x1D0F
            for index in bytes.indices {
                // A byte at a time without a table, after libosdp's and Zephyr's crc16_itu_t.
                crc = crc >> 8 | crc << 8
                crc ^= UInt16(bytes[index])
                crc ^= (crc & 0xFF) >> 4
                crc ^= crc << 12
                crc ^= (crc & 0xFF) << 5
            }
            return crc
        case .checksum:
            var sum: UInt8 = 0
            for index in bytes.indices { sum = sum &+ bytes[index] }
            return UInt16(0 &- sum)
        }
    }

    /// Appends the check over `bytes[start...]`.
    func append(to bytes: inout [UInt8], from start: Int) {
        let value = value(of: bytes.span.extracting(start..<bytes.count))
        bytes.append(UInt8(truncatingIfNeeded: value))
        if self == .crc16 { bytes.append(UInt8(truncatingIfNeeded: value >> 8)) }
    }
}
