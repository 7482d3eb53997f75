// A seal for files that nobody shall read who has the medium alone: its key is kept elsewhere.
//
//   "stationd-sealed 1\n" ‖ nonce 12 ‖ ciphertext ‖ tag 16
//
// AES-256-GCM; heading and file name are authenticated, so that no sealed file passes for another.

import Crypto
import StationCore

/// Seals and opens files of the state directory.
public struct StateSeal: Sendable {
    public static let keyCount = 32
    /// So many bytes longer is a sealed file.
    public static let overhead = heading.utf8.count + 12 + 16
    private static let heading = "stationd-sealed 1\n"

    private let key: SymmetricKey

    /// - Parameter secret: 32 bytes, or 64 hexadecimal digits with or without a line end.
    /// - Returns: `nil` for anything else, and for 32 equal bytes.
    public init?(secret: [UInt8]) {
        var bytes = secret
        defer { bytes.wipe() }
        if bytes.count != Self.keyCount {
            while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
            guard bytes.count == Self.keyCount * 2, let decoded = Hex.bytes(bytes) else {
                return nil
            }
            bytes.wipe()
            bytes = decoded
        }
        guard Set(bytes).count > 1 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// Whether the file says of itself that it is sealed.
    public static func isSealed(_ file: [UInt8]) -> Bool { file.starts(with: heading.utf8) }

    /// - Parameter name: the file's; it opens under no other.
    public func seal(_ content: [UInt8], of name: String) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(content, using: key, authenticating: Self.context(name))
            return Array(Self.heading.utf8) + Array(box.nonce) + Array(box.ciphertext)
                + Array(box.tag)
        } catch {
            preconditionFailure("AES-GCM refused a key of 256 bits")
        }
    }

    /// - Returns: `nil` when it was sealed under another key, as another file, or was changed.
    public func open(_ file: [UInt8], of name: String) -> [UInt8]? {
        guard Self.isSealed(file), file.count >= Self.overhead,
            let box = try? AES.GCM.SealedBox(combined: file[Self.heading.utf8.count...]),
            let content = try? AES.GCM.open(box, using: key, authenticating: Self.context(name))
        else { return nil }
        return Array(content)
    }

    private static func context(_ name: String) -> [UInt8] { Array((heading + name).utf8) }
}

extension [UInt8] {
    /// Overwrites what was secret: these bytes, not copies that were made of them. Not inlined, so
    /// that it is not left out.
    @inline(never)
    public mutating func wipe() {
        for place in indices { self[place] = 0 }
    }
}
