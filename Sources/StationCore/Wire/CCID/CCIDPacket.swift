// One message on its way to a reader, in a buffer that is used again and again.

/// A command, ready to be sent. Holds a header and an APDU of the short kind.
public struct CCIDPacket: Sendable {
    /// The longest short APDU: header, Lc, 255 bytes, Le.
    public static let longestPayload = 261
    /// In bytes.
    public static let capacity = CCIDHeader.size + longestPayload

    private var storage = InlineArray<271, UInt8>(repeating: 0)
    /// In bytes; 0 when there is nothing to send.
    public private(set) var count = 0

    init() {}

    /// - Returns: `nil` when `payload` has more than `longestPayload` bytes.
    public init?(
        _ command: CCIDCommand, slot: UInt8, sequence: UInt8, detail: UInt8 = 0,
        payload: [UInt8] = []
    ) {
        self.init()
        let fits = payload.withUnsafeBytes {
            write(command, slot: slot, sequence: sequence, detail: detail, payload: $0)
        }
        guard fits else { return nil }
    }

    /// Puts a command in place of the one before. `detail` is byte 7: the voltage of a power-on.
    /// Returns false, and is left empty, when the payload is too long.
    mutating func write(
        _ command: CCIDCommand, slot: UInt8, sequence: UInt8, detail: UInt8 = 0,
        payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) -> Bool {
        count = 0
        guard payload.count <= Self.longestPayload else { return false }
        storage[0] = command.rawValue
        storage[1] = UInt8(payload.count & 0xff)
        storage[2] = UInt8(payload.count >> 8)
        storage[3] = 0
        storage[4] = 0
        storage[5] = slot
        storage[6] = sequence
        storage[7] = detail
        // A block-waiting-time factor of 0 and, at the levels that we use, a level parameter of 0.
        storage[8] = 0
        storage[9] = 0
        for place in 0..<payload.count { storage[CCIDHeader.size + place] = payload[place] }
        count = CCIDHeader.size + payload.count
        return true
    }

    mutating func clear() { count = 0 }

    /// Calls `body` with the message's bytes, valid for the call only.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.span.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// For tests and people; allocates.
    public var bytes: [UInt8] { withBytes { Array($0) } }
}
