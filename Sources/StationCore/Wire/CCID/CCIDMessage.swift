// Any CCID message at all, either way and on any pipe: for people who look at a recording.

/// One whole message, understood.
public enum CCIDMessage: Equatable, Sendable {
    case command(CCIDCommand, CCIDHeader)
    case reply(CCIDReply)
    case notification(CCIDNotification)
    case descriptor(CCIDClassDescriptor)

    /// - Throws: what is wrong with the bytes; the length must be exactly the stated one.
    public init(_ bytes: [UInt8]) throws(CCIDMessageError) {
        do throws(CCIDMessageError) {
            self = try bytes.span.bytes.withUnsafeBytes { buffer throws(CCIDMessageError) in
                try Self.read(buffer)
            }
        } catch { throw error }
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(CCIDMessageError) -> CCIDMessage {
        guard let type = bytes.first else { throw .length(expected: CCIDHeader.size, found: 0) }
        if type == CCIDNotification.slotChangeType || type == CCIDNotification.hardwareErrorType {
            return .notification(try CCIDNotification(bytes))
        }
        if type == UInt8(CCIDClassDescriptor.size) {
            return .descriptor(try CCIDClassDescriptor(bytes))
        }
        guard CCIDCommand(rawValue: type) != nil || CCIDAnswer(rawValue: type) != nil else {
            throw .type(type)
        }
        guard let header = CCIDHeader(bytes) else {
            throw .length(expected: CCIDHeader.size, found: bytes.count)
        }
        guard bytes.count == CCIDHeader.size + header.length else {
            throw .length(expected: CCIDHeader.size + header.length, found: bytes.count)
        }
        if let command = CCIDCommand(rawValue: type) { return .command(command, header) }
        guard let reply = CCIDReply(header) else { throw .type(type) }
        return .reply(reply)
    }
}
