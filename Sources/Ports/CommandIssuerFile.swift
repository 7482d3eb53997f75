// Whose signed commands a station takes: a public key in the state directory, put there by a crew.

public import Journal
public import StationCore

/// Reads `command.issuer`.
///
/// The format is two lines: `stationd-command-issuer 1`, `public` and 64 hexadecimal digits. It is
/// no secret, but whoever may write it decides who opens doors from afar: root's, like everything
/// in that directory. Without the file nobody does.
public enum CommandIssuerFile {
    public static let name = "command.issuer"
    /// Such a file is under 100 bytes; anything longer is not one.
    public static let limit = 256

    public enum Failure: Error, Equatable, Sendable {
        /// The text is no such file.
        case malformed
        case unreadable(JournalError)
    }

    private static let heading = "stationd-command-issuer 1"

    /// The issuer in the state directory, `nil` when there is none.
    public static func read(in directory: any StateDirectory) throws(Failure) -> CommandIssuer? {
        let bytes: [UInt8]?
        do throws(JournalError) {
            bytes = try directory.read(name, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == heading, lines[1].hasPrefix("public "),
            let key = Hex.bytes(lines[1].dropFirst(7).utf8),
            let issuer = CommandIssuer(publicKey: key)
        else { throw .malformed }
        return issuer
    }
}
