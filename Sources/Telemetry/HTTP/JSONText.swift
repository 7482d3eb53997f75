// Values as JSON bytes, the same bytes for the same value every time.

import FoundationEssentials

enum JSONText {
    /// Names in alphabetical order, no spaces.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(value) else {
            preconditionFailure("a value of our own types that is no JSON: \(type(of: value))")
        }
        return Array(bytes)
    }
}
