// Comma-separated values by RFC 4180, from bytes that nobody vouches for.

/// Why a line is no record. The record after it is found at the next line's start.
enum CSVProblem: Error, Equatable, Sendable {
    /// Longer than `CSVRecords.longestRecord`, or a quote that is never closed.
    case tooLong(limit: Int)
    /// A quote in the middle of a field, or text after a closed one.
    case quote
    /// Not UTF-8; spreadsheets in China like to save GBK.
    case encoding
}

/// One record and the line on which it begins.
struct CSVRecord: Equatable {
    let line: Int
    let fields: [String]
}

/// Reads record after record. Lines end with LF or CRLF, a UTF-8 byte order mark is skipped, empty
/// lines are none, quoted fields may hold commas, doubled quotes and line ends.
struct CSVRecords {
    /// No roster's line is longer, in bytes, quotes included.
    static let longestRecord = 4_096

    private let bytes: [UInt8]
    private var position: Int
    /// From 1.
    private var line = 1

    private enum Byte {
        static let quote: UInt8 = 0x22
        static let comma: UInt8 = 0x2c
        static let newline: UInt8 = 0x0a
        static let carriageReturn: UInt8 = 0x0d
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// The next record, or what is wrong with it and on which line; `nil` at the end.
    mutating func next() -> (line: Int, record: Result<CSVRecord, CSVProblem>)? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        let start = line
        let record: Result<CSVRecord, CSVProblem>
        do throws(CSVProblem) {
            record = .success(CSVRecord(line: start, fields: try fields()))
        } catch {
            skipLine()
            record = .failure(error)
        }
        return (start, record)
    }

    private mutating func fields() throws(CSVProblem) -> [String] {
        let limit = min(bytes.count, position + Self.longestRecord)
        var fields: [String] = []
        while true {
            let isQuoted = position < bytes.count && bytes[position] == Byte.quote
            fields.append(isQuoted ? try quotedField(limit) : try plainField(limit))
            guard position < bytes.count, bytes[position] == Byte.comma else { break }
            position += 1
        }
        endLine()
        return fields
    }

    private mutating func plainField(_ limit: Int) throws(CSVProblem) -> String {
        let start = position
        while position < bytes.count, !isEnd(position) {
            guard position < limit else { throw .tooLong(limit: Self.longestRecord) }
            guard bytes[position] != Byte.quote else { throw .quote }
            position += 1
        }
        return try text(bytes[start..<position])
    }

    private mutating func quotedField(_ limit: Int) throws(CSVProblem) -> String {
        var content: [UInt8] = []
        position += 1
        while true {
            guard position < limit else { throw .tooLong(limit: Self.longestRecord) }
            let byte = bytes[position]
            position += 1
            if byte == Byte.newline { line += 1 }
            guard byte == Byte.quote else {
                content.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == Byte.quote else { break }
            content.append(Byte.quote)
            position += 1
        }
        guard position >= bytes.count || isEnd(position) else { throw .quote }
        return try text(content[...])
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(CSVProblem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .encoding }
        return text
    }

    /// Whether a field ends here: at a comma or at the end of the line.
    private func isEnd(_ index: Int) -> Bool {
        switch bytes[index] {
        case Byte.comma, Byte.newline: true
        case Byte.carriageReturn: index + 1 >= bytes.count || bytes[index + 1] == Byte.newline
        default: false
        }
    }

    private mutating func endLine() {
        if position < bytes.count, bytes[position] == Byte.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Byte.newline {
            position += 1
            line += 1
        }
    }

    private mutating func skipEmptyLines() {
        while position < bytes.count, isEnd(position), bytes[position] != Byte.comma { endLine() }
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != Byte.newline { position += 1 }
        endLine()
    }
}
