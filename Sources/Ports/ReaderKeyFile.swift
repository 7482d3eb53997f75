// The keys of readers on buses: one file, mode 0600 in the state directory, never printed.

public import Journal
public import StationCore

/// Reads and writes `readers.key`.
///
/// The first line is `stationd-reader-keys 1`. Each line after it is one key: a reader's name,
/// `key` or `candidate`, and 32 hexadecimal digits. A candidate was about to be given to the
/// reader; which of the two it has shows when it is spoken to. What a stolen board then reveals:
/// whoever has it can listen to these readers and speak for them until they get other keys.
public enum ReaderKeyFile {
    public static let name = "readers.key"
    /// Two keys for each device that there may be, of 32 bytes of name each.
    public static let limit = 256 << 10
    private static let heading = "stationd-reader-keys 1"

    public enum Failure: Error, Equatable, Sendable {
        /// The line that is no key, from 1. What is in it is not repeated.
        case malformed(line: Int)
        case unreadable(JournalError)
    }

    /// One reader's keys. A reader that is not in the station file any more keeps its own.
    public struct Reader: Equatable, Sendable {
        public let name: String
        public var keys: OSDPReaderKeys
    }

    /// Everything in the state directory; empty when there is no such file.
    public static func read(in directory: any StateDirectory) throws(Failure) -> [Reader] {
        var bytes: [UInt8]?
        do throws(JournalError) {
            bytes = try directory.read(name, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        guard var bytes else { return [] }
        defer { wipe(&bytes) }
        return try parse(bytes)
    }

    /// Puts a key in its place: survives a power cut once this returns. A candidate is kept beside
    /// the key before, a proven one alone. A file that cannot be read is set aside first.
    public static func keep(
        _ key: OSDPKey, of name: String, isProven: Bool, in directory: any StateDirectory
    ) throws(JournalError) {
        var readers: [Reader] = []
        do throws(Failure) {
            readers = try read(in: directory)
        } catch {
            guard case .malformed = error else {
                throw JournalError(.inputOutput, code: 5, "cannot read \(Self.name)")
            }
            try directory.rename(
                Self.name, to: directory.asideName(stem: Self.name, suffix: ""))
        }
        let place = readers.firstIndex { $0.name == name } ?? readers.count
        if place == readers.count {
            readers.append(Reader(name: name, keys: OSDPReaderKeys(key: nil)))
        }
        if isProven {
            readers[place].keys = OSDPReaderKeys(key: key)
        } else {
            readers[place].keys.candidate = key
        }
        var bytes = text(of: readers)
        defer { wipe(&bytes) }
        try directory.replace(Self.name, with: [bytes[...]])
    }

    static func parse(_ bytes: [UInt8]) throws(Failure) -> [Reader] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, first.elementsEqual(heading.utf8) else {
            throw .malformed(line: 1)
        }
        var readers: [Reader] = []
        for (place, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 3, let key = key(words[2]) else {
                throw .malformed(line: place + 1)
            }
            let name = String(decoding: words[0], as: UTF8.self)
            let known = readers.firstIndex { $0.name == name } ?? readers.count
            if known == readers.count {
                readers.append(Reader(name: name, keys: OSDPReaderKeys(key: nil)))
            }
            switch String(decoding: words[1], as: UTF8.self) {
            case "key" where readers[known].keys.key == nil: readers[known].keys.key = key
            case "candidate" where readers[known].keys.candidate == nil:
                readers[known].keys.candidate = key
            default: throw .malformed(line: place + 1)
            }
        }
        return readers
    }

    private static func text(of readers: [Reader]) -> [UInt8] {
        var bytes = Array("\(heading)\n".utf8)
        // Room for all of it at once: bytes that were moved from would not be wiped.
        bytes.reserveCapacity(bytes.count + readers.count * 2 * 96)
        for reader in readers {
            for (word, key) in [("key", reader.keys.key), ("candidate", reader.keys.candidate)] {
                guard let key else { continue }
                bytes += Array("\(reader.name) \(word) ".utf8)
                for byte in key.revealed {
                    for half in [byte >> 4, byte & 15] {
                        bytes.append(half < 10 ? 0x30 + half : 0x57 + half)
                    }
                }
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return bytes
    }

    private static func key(_ digits: ArraySlice<UInt8>) -> OSDPKey? {
        guard digits.count == OSDPKey.byteCount * 2 else { return nil }
        var values: [UInt8] = []
        values.reserveCapacity(OSDPKey.byteCount)
        defer { wipe(&values) }
        var high: UInt8?
        for digit in digits {
            guard let value = Hex.value(of: digit) else { return nil }
            if let first = high {
                values.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return try? OSDPKey(values)
    }

    /// Overwrites what was secret. Not inlined, so that it is not left out.
    @inline(never)
    private static func wipe(_ bytes: inout [UInt8]) {
        for place in bytes.indices { bytes[place] = 0 }
    }
}

extension ReaderKeyFile.Failure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let line): "第\(line)行不是密钥 line \(line) is no key"
        case .unreadable(let error): "\(error)"
        }
    }
}
