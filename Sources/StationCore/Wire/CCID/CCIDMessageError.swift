// Why bytes are no CCID message.

/// What is wrong with them, with what was expected and what was found.
public enum CCIDMessageError: Error, Equatable, Sendable {
    /// Fewer or more bytes than the kind of message has.
    case length(expected: Int, found: Int)
    /// Byte 0 is no type of message that the standard has.
    case type(UInt8)
    /// A class descriptor has type 21, and this is another one.
    case descriptorType(UInt8)
}
