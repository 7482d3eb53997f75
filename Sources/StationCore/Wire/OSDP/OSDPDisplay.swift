// What a reader with a display shows in characters.

/// Text on a PD's display.
public struct OSDPDisplay: Hashable, Sendable {
    /// Longest text of one command, in bytes.
    public static let longestText = 32
    /// How long a decision is shown: read twice, gloves off.
    public static let decisionSeconds: UInt8 = 6

    public var reader: UInt8
    /// Whether a line that is too long goes on in the next row.
    public var wraps: Bool
    /// How long, in seconds; `nil` for good.
    public var seconds: UInt8?
    /// From 1.
    public var row: UInt8
    /// From 1.
    public var column: UInt8
    public private(set) var text: OSDPCharacters

    /// The standard's texts are ASCII; some readers show UTF-8 all the same.
    /// - Returns: `nil` when the text is longer than `longestText` or not printable.
    public init?(
        reader: UInt8 = 0, _ text: some StringProtocol, seconds: UInt8? = nil, wraps: Bool = false,
        row: UInt8 = 1, column: UInt8 = 1
    ) {
        guard text.utf8.count <= Self.longestText, let text = OSDPCharacters(printable: text) else {
            return nil
        }
        self.reader = reader
        self.wraps = wraps
        self.seconds = seconds
        self.row = row
        self.column = column
        self.text = text
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append((seconds == nil ? 1 : 3) + (wraps ? 1 : 0))
        bytes.append(seconds ?? 0)
        bytes.append(row)
        bytes.append(column)
        bytes.append(UInt8(text.count))
        for index in 0..<text.count { bytes.append(text[index]) }
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(atLeast: 6)
        try fields.expect(6 + Int(fields[5]))
        guard (1...4).contains(fields[1]) else { throw .value(at: 1) }
        guard fields[5] <= Self.longestText else { throw .value(at: 5) }
        reader = fields[0]
        wraps = fields[1] % 2 == 0
        seconds = fields[1] > 2 ? fields[2] : nil
        row = fields[3]
        column = fields[4]
        let bytes = (6..<fields.count).map { fields[$0] }
        guard let said = String(validating: bytes, as: UTF8.self),
            let text = OSDPCharacters(printable: said)
        else { throw .value(at: 6) }
        self.text = text
    }
}
