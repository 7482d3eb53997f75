// A look at a message before a parser sees it: text at all, and not nested without end.

/// Why bytes are not fit for the JSON parser.
public enum MessageFlaw: Error, Equatable, Sendable {
    case notText
    case notAnObject
    case tooDeep(limit: Int)

    /// The same for the other end, and for people.
    public var reason: ControlReason {
        switch self {
        case .notText: ControlReason(.notText)
        case .notAnObject: ControlReason(.notObject)
        case .tooDeep(let limit): ControlReason(.tooDeep, limit)
        }
    }
}

/// Checks that bytes are UTF-8, begin as an object and nest at most `depth` levels.
///
/// A recursive parser needs its caller to bound the recursion. - Complexity: O(bytes).
public func checkShape(
    _ message: [UInt8], depth limit: Int = ControlLimits.depth
) throws(MessageFlaw) {
    guard String(validating: message, as: UTF8.self) != nil else { throw .notText }
    let first = message.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") else { throw .notAnObject }
    var depth = 0
    var inString = false
    var escaped = false
    for byte in message {
        if inString {
            switch byte {
            case _ where escaped: escaped = false
            case UInt8(ascii: "\\"): escaped = true
            case UInt8(ascii: "\""): inString = false
            default: break
            }
            continue
        }
        switch byte {
        case UInt8(ascii: "\""): inString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
            guard depth <= limit else { throw .tooDeep(limit: limit) }
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}
