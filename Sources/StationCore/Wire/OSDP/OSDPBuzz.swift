// What a reader sounds. Times are tenths of a second on the wire.

/// A PD's buzzer.
public struct OSDPBuzz: Hashable, Sendable {
    public enum Tone: UInt8, Sendable, CaseIterable {
        case off = 1
        case standard = 2
    }

    public var reader: UInt8
    public var tone: Tone
    public var onTenths: UInt8
    public var offTenths: UInt8
    /// How often; 0 means until told otherwise.
    public var repetitions: UInt8

    public init(
        reader: UInt8 = 0, tone: Tone = .standard, onTenths: UInt8, offTenths: UInt8,
        repetitions: UInt8
    ) {
        self.reader = reader
        self.tone = tone
        self.onTenths = onTenths
        self.offTenths = offTenths
        self.repetitions = repetitions
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append(tone.rawValue)
        bytes.append(onTenths)
        bytes.append(offTenths)
        bytes.append(repetitions)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(5)
        guard let tone = Tone(rawValue: fields[1]) else { throw .value(at: 1) }
        reader = fields[0]
        self.tone = tone
        onTenths = fields[2]
        offTenths = fields[3]
        repetitions = fields[4]
    }
}
