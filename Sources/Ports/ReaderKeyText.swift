// The lines of the readers' key file, in memory: no String ever holds a key.

import Journal
import StationCore

/// The first line is `stationd-reader-keys 1`. Each line after it is one key: a reader's name,
/// `key` or `candidate`, and 32 hexadecimal digits. A candidate was about to be given to the
/// reader; which of the two it has shows when it is spoken to.
enum ReaderKeyText {
    private static let heading = "stationd-reader-keys 1"
    private static let newline = UInt8(ascii: "\n")

    /// Reads every line that is a key.
    static func parse(
        _ text: Span<UInt8>, isSealed: Bool
    ) throws(ReaderKeyFile.Failure) -> ReaderKeyFile.Contents {
        var contents = ReaderKeyFile.Contents(isSealed: isSealed)
        var start = 0
        var number = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != newline { end += 1 }
            number += 1
            let line = text.extracting(start..<end)
            if number == 1 {
                guard isEqual(line, heading) else { throw .malformed }
            } else if !line.isEmpty, !take(line, into: &contents.readers) {
                contents.damaged.append(number)
            }
            start = end + 1
        }
        guard number > 0 else { throw .malformed }
        return contents
    }

    /// - Returns: whether the line is a key that its reader did not have yet.
    private static func take(_ line: Span<UInt8>, into readers: inout [ReaderKeyFile.Reader])
        -> Bool
    {
        let words = words(line)
        guard words.count == 3, let key = key(line.extracting(words[2])) else { return false }
        let name = String(decoding: words[0].map { line[$0] }, as: UTF8.self)
        let known = readers.firstIndex { $0.name == name }
        let before = known.map { readers[$0].keys } ?? OSDPReaderKeys(key: nil)
        var keys = before
        switch String(decoding: words[1].map { line[$0] }, as: UTF8.self) {
        case "key" where before.key == nil: keys.key = key
        case "candidate" where before.candidate == nil: keys.candidate = key
        default: return false
        }
        if let known {
            readers[known].keys = keys
        } else {
            readers.append(ReaderKeyFile.Reader(name: name, keys: keys))
        }
        return true
    }

    static func write(_ readers: [ReaderKeyFile.Reader]) -> [UInt8] {
        var bytes: [UInt8] = []
        // Room for all of it at once: bytes that were moved from would not be wiped.
        let names = readers.reduce(0) { $0 + $1.name.utf8.count }
        bytes.reserveCapacity(64 + names * 2 + readers.count * 2 * 64)
        bytes += Array("\(heading)\n".utf8)
        for reader in readers {
            for (word, key) in [("key", reader.keys.key), ("candidate", reader.keys.candidate)] {
                guard let key else { continue }
                bytes += Array("\(reader.name) \(word) ".utf8)
                for byte in key.revealed {
                    for half in [byte >> 4, byte & 15] {
                        bytes.append(half < 10 ? 0x30 + half : 0x57 + half)
                    }
                }
                bytes.append(newline)
            }
        }
        return bytes
    }

    private static func isEqual(_ line: Span<UInt8>, _ text: String) -> Bool {
        guard line.count == text.utf8.count else { return false }
        for (place, byte) in text.utf8.enumerated() where line[place] != byte { return false }
        return true
    }

    private static func words(_ line: Span<UInt8>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        for place in 0...line.count where place == line.count || line[place] == 0x20 {
            if start < place { words.append(start..<place) }
            start = place + 1
        }
        return words
    }

    private static func key(_ digits: Span<UInt8>) -> OSDPKey? {
        guard digits.count == OSDPKey.byteCount * 2 else { return nil }
        var values = [UInt8](repeating: 0, count: OSDPKey.byteCount)
        defer { values.wipe() }
        for place in values.indices {
            guard let high = Hex.value(of: digits[place * 2]),
                let low = Hex.value(of: digits[place * 2 + 1])
            else { return nil }
            values[place] = high << 4 | low
        }
        return try? OSDPKey(values)
    }
}
