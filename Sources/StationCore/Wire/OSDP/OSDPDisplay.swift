// What a reader with a display shows in characters.

/// Text on a PD's display.
public struct OSDPDisplay: Hashable, Sendable {
    /// Longest text of one command, in characters.
    public static let longestText = 32

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

    /// - Returns: `nil` when the text is longer than `longestText` or not printable ASCII.
    public init?(
        reader: UInt8 = 0, _ text: some StringProtocol, seconds: UInt8? = nil, wraps: Bool = false,
        row: UInt8 = 1, column: UInt8 = 1
    ) {
        guard let text = OSDPCharacters(text, limit: Self.longestText) else { return nil }
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
        text = OSDPCharacters()
        for place in 6..<fields.count {
            guard text.append(fields[place]) else { throw .value(at: place) }
        }
    }
}
