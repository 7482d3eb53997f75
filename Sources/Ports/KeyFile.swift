// The station key's file: mode 0600 in the state directory, read once, never printed.

import CLinux
import Control
public import Journal
public import StationCore

/// Reads and writes `station.key`.
///
/// The format is three lines: `stationd-key 1`, `epoch NAME`, `secret` and 64 hexadecimal digits.
/// What a stolen board then reveals: this station's roster can be tested against guessed numbers.
public enum KeyFile {
    public static let name = "station.key"
    /// The key before: its roster stays in force until one of the new key comes.
    public static let previousName = "station.key.previous"
    /// A key file is under 150 bytes; anything longer is not one.
    public static let limit = 512

    public enum Failure: Error, Equatable, Sendable {
        case malformed(Flaw)
        case unreadable(JournalError)
    }

    /// Why a text is no key file.
    public enum Flaw: Equatable, Sendable {
        case lines, epoch, secret

        var reason: ControlReason {
            switch self {
            case .lines: ControlReason(.keyLines)
            case .epoch: ControlReason(.keyEpoch)
            case .secret: ControlReason(.keySecret)
            }
        }
    }

    /// What a key file holds. Kept only as long as it takes to make the key.
    public struct Contents: Sendable {
        public let epoch: ShortText
        let secret: [UInt8]

        public var key: StationKey? { StationKey(epoch: epoch, secret: secret) }

        /// A new key of a station without a hub, named `local-` and eight digits of chance.
        public static func standalone() -> Contents {
            var secret = [UInt8](repeating: 0, count: StationKey.secretBytes)
            var suffix = [UInt8](repeating: 0, count: 4)
            let isDone =
                station_random(&secret, secret.count) == 0
                && station_random(&suffix, suffix.count) == 0
            precondition(isDone, "the kernel gives no random bytes; getrandom must be allowed")
            let name = "local-" + Hex.lower(suffix)
            return Contents(epoch: ShortText(name) ?? .empty, secret: secret)
        }

        var bytes: [UInt8] {
            let secret = Hex.lower(secret)
            return Array("stationd-key 1\nepoch \(epoch)\nsecret \(secret)\n".utf8)
        }
    }

    /// The key in the state directory, `nil` when there is none.
    public static func read(
        in directory: any StateDirectory, _ name: String = name
    ) throws(Failure) -> Contents? {
        let bytes: [UInt8]?
        do throws(JournalError) {
            bytes = try directory.read(name, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { return nil }
        return try parse(bytes)
    }

    /// Puts a key in place: survives a power cut once this returns. The same key again changes
    /// nothing.
    ///
    /// - Parameter isInForce: whether the roster in force was made with the key that is there. Then
    ///   that key is kept beside. A key that waits for its first roster is not: the one beside it
    ///   is still needed.
    public static func write(
        _ contents: Contents, in directory: any StateDirectory, keeping isInForce: Bool
    ) throws(JournalError) {
        let before = try directory.read(name, limit: limit)
        guard before != contents.bytes else { return }
        if isInForce, let before {
            try directory.replace(previousName, with: [before[...]])
        }
        try directory.replace(name, with: [contents.bytes[...]])
    }

    public static func parse(_ bytes: [UInt8]) throws(Failure) -> Contents {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, lines[0] == "stationd-key 1" else {
            throw .malformed(.lines)
        }
        guard lines[1].hasPrefix("epoch "), let epoch = ShortText(lines[1].dropFirst(6)),
            !epoch.isEmpty
        else {
            throw .malformed(.epoch)
        }
        let digits = Array(lines[2].utf8.dropFirst("secret ".utf8.count))
        guard lines[2].hasPrefix("secret "), digits.count == StationKey.secretBytes * 2,
            let secret = Hex.bytes(digits)
        else {
            throw .malformed(.secret)
        }
        return Contents(epoch: epoch, secret: secret)
    }
}

extension KeyFile.Failure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let flaw): "\(flaw.reason.text(.chinese)) \(flaw.reason.text(.english))"
        case .unreadable(let error): "\(error)"
        }
    }
}
