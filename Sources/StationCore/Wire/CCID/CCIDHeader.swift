// The ten bytes in front of every message on the bulk pipes.
//
//   0             1 2 3 4    5      6     7 8 9            10 ...
//   bMessageType  dwLength   bSlot  bSeq  of this message  data

/// A header, any type. All numbers are little endian.
public struct CCIDHeader: Equatable, Sendable {
    /// In bytes.
    public static let size = 10

    public let type: UInt8
    /// How many bytes follow the header, as stated.
    public let length: Int
    public let slot: UInt8
    public let sequence: UInt8
    /// Bytes 7, 8 and 9: what they say depends on the type.
    public let first: UInt8
    public let second: UInt8
    public let third: UInt8

    /// - Returns: `nil` when there are fewer than ten bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size else { return nil }
        type = bytes[0]
        length =
            Int(bytes[1]) | Int(bytes[2]) << 8 | Int(bytes[3]) << 16 | Int(bytes[4]) << 24
        slot = bytes[5]
        sequence = bytes[6]
        first = bytes[7]
        second = bytes[8]
        third = bytes[9]
    }
}
