// The resolved station as a file: how it is named, and the proof that it is the one named.

extension ResolvedStation {
    /// The largest resolved file that is read: 64 doors with everything are 80 KB.
    public static let fileSizeLimit = 4 << 20

    /// The symbolic link that names what `stationd` runs.
    public static let currentLink = "current"
    /// The symbolic link that names what ran before.
    public static let previousLink = "previous"

    /// `resolved-<digest>.json`
    public static func fileName(digest: String) -> String { "resolved-\(digest).json" }

    /// The digest in a name made by `fileName`, or `nil` when it is none.
    public static func digest(inFileName name: String) -> String? {
        let digest = String(name.dropFirst("resolved-".count).dropLast(".json".count))
        return isDigest(digest) && fileName(digest: digest) == name ? digest : nil
    }

    /// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits; O(bytes).
    public static func digest(ofFile bytes: [UInt8]) -> String {
        SHA256.digest(bytes).description
    }

    /// Whether `text` is 64 lower-case hexadecimal digits.
    public static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
