// The day pass key's file of a station without a hub: mode 0600 in the state directory.

import CLinux
public import Journal
public import StationCore

/// Reads and writes `pass.key`.
///
/// The format is two lines: `stationd-pass-key 1`, `secret` and 64 hexadecimal digits. What a
/// stolen board then reveals: whoever has it can issue passes of this station until it trusts
/// another key.
public enum PassKeyFile {
    public static let name = "pass.key"
    /// Such a file is under 100 bytes; anything longer is not one.
    public static let limit = 256

    public enum Failure: Error, Equatable, Sendable {
        /// The text is no such file.
        case malformed
        case unreadable(JournalError)
        case notWritten(JournalError)
    }

    private static let heading = "stationd-pass-key 1"

    /// The signer in the state directory, `nil` when there is none. Its `issuer` is whom the
    /// station trusts.
    public static func read(
        in directory: any StateDirectory
    ) throws(Failure) -> DayPassSigner? {
        let bytes: [UInt8]?
        do throws(JournalError) {
            bytes = try directory.read(name, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == heading, lines[1].hasPrefix("secret "),
            let secret = secret(of: lines[1].dropFirst(7)),
            let signer = DayPassSigner(secret: secret)
        else { throw .malformed }
        return signer
    }

    /// Makes a key of the kernel's random bytes; survives a power cut once this returns.
    public static func create(
        in directory: any StateDirectory
    ) throws(Failure) -> DayPassSigner {
        let secret = Self.random(DayPassSigner.secretBytes)
        guard let signer = DayPassSigner(secret: secret) else { throw .malformed }
        let text = "\(heading)\nsecret \(Hex.lower(secret))\n"
        do throws(JournalError) {
            try directory.replace(name, with: [Array(text.utf8)[...]])
        } catch {
            throw .notWritten(error)
        }
        return signer
    }

    /// Tells one pass of a key from another.
    static func nonce() -> UInt64 {
        random(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let isDone = station_random(&bytes, bytes.count) == 0
        precondition(isDone, "the kernel gives no random bytes; getrandom must be allowed")
        return bytes
    }

    private static func secret(of digits: Substring) -> [UInt8]? {
        guard digits.utf8.count == 2 * DayPassSigner.secretBytes else { return nil }
        return Hex.bytes(digits.utf8)
    }
}
