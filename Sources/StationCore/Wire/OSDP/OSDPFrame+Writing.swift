// Frames for the wire: opened, filled with a code and its data, and closed.

/// What stands in front of a frame's code.
public struct OSDPEnvelope: Equatable, Sendable {
    public var address: UInt8
    public var isReply: Bool
    public var sequence: UInt8
    public var check: OSDPCheck

    public init(address: UInt8, isReply: Bool, sequence: UInt8, check: OSDPCheck = .crc16) {
        self.address = address
        self.isReply = isReply
        self.sequence = sequence
        self.check = check
    }

    /// Appends everything up to the code, which comes next.
    /// - Returns: where the frame's 0x53 stands, for `close` and `OSDPSession.seal`.
    public func open(
        block: OSDPSecurityBlock? = nil, marked: Bool = true, into bytes: inout [UInt8]
    ) -> Int {
        if marked { bytes.append(OSDPFrame.mark) }
        let start = bytes.count
        var control = sequence & 3
        if check == .crc16 { control |= 4 }
        if block != nil { control |= 8 }
        bytes.append(OSDPFrame.startOfMessage)
        bytes.append(address & ~OSDPFrame.replyFlag | (isReply ? OSDPFrame.replyFlag : 0))
        bytes.append(0)
        bytes.append(0)
        bytes.append(control)
        if let block {
            bytes.append(UInt8(block.count))
            bytes.append(block.kind.rawValue)
            if let value = block.value { bytes.append(value) }
        }
        return start
    }

    /// Writes the length and appends the check.
    public func close(_ bytes: inout [UInt8], from start: Int) {
        Self.setLength(bytes.count - start + check.count, in: &bytes, from: start)
        check.append(to: &bytes, from: start)
    }

    /// - Precondition: a frame of ours is never longer than the standard's longest.
    static func setLength(_ length: Int, in bytes: inout [UInt8], from start: Int) {
        precondition(length <= OSDPFrame.longest, "a frame longer than OSDP allows was composed")
        bytes[start + 2] = UInt8(truncatingIfNeeded: length)
        bytes[start + 3] = UInt8(truncatingIfNeeded: length >> 8)
    }
}
