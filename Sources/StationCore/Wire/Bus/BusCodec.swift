// What the codecs have in common: a stream is searched for frames, and a frame's content is drawn
// in the frame language. Each codec's first file tells its frames and fields in a table.

/// A protocol whose frames no profile can draw.
///
/// Whoever asks sends a named frame and gets the frame of the same name, or `.done`, or
/// `.refused`. Fields that are numbered (`power.3`) have the number as their index.
protocol BusCodec {
    /// The bytes that ask.
    static func packet(
        _ name: String, _ fields: [BusField], to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8]
    /// What begins here, seen by whoever asked that frame.
    static func match(
        _ bytes: Span<UInt8>, asked: (name: String, fields: [BusField])?, at address: Int
    ) -> CodecMatch
    /// What a push wants to hear at once.
    static func acknowledgement(_ name: String, _ fields: [BusField]) -> [UInt8]?
    /// The names of its frames.
    static var frames: [String] { get }
    /// The name of a whole frame's command.
    static func name(of frame: Span<UInt8>) -> String
    /// What the check of a whole frame should be.
    static func check(of frame: Span<UInt8>) -> [UInt8]
    /// How long the longest answer is.
    static var longestReply: Int { get }
    /// The same as `match` on the box's side: `.answer` is a frame that it was asked.
    static func hear(_ bytes: Span<UInt8>, at address: Int) -> CodecMatch
    /// What the box says: an answer to the frame of that name, or a push.
    static func bytes(
        _ name: String, _ fields: [BusField], at address: Int
    ) throws(BusQuestionFlaw) -> [UInt8]
    /// That it did, or refused, what it was asked; `nil` where the protocol has no such words.
    static func bytes(
        of outcome: BusAnswer, to name: String, _ fields: [BusField], at address: Int
    ) -> [UInt8]?
}

extension BusCodecName {
    var codec: any BusCodec.Type {
        switch self {
        case .jbd: JBD.self
        case .juy: JUY.self
        case .dianchuan: Dianchuan.self
        }
    }
}

/// What stands at one place of a stream.
enum CodecMatch: Equatable {
    /// No frame begins here.
    case none
    case wanting(Int)
    /// A whole frame, with its length.
    case judged(BusJudgement)
    /// A frame that is none: the next is looked for behind its first byte.
    case damaged(BusDamage, length: Int)

    /// Searches a stream from its beginning on.
    static func judge(
        _ bytes: Span<UInt8>, _ match: (Span<UInt8>) -> CodecMatch
    ) -> BusJudgement {
        guard !bytes.isEmpty else { return .incomplete(wanting: 1) }
        switch match(bytes) {
        case .judged(let judgement): return judgement
        case .wanting(let count): return .incomplete(wanting: max(1, count))
        case .damaged(let damage, let length):
            let start = next(in: bytes.extracting(..<length), match)
            return .damaged(damage, length: start)
        case .none:
            return .noise(length: next(in: bytes, match))
        }
    }

    private static func next(
        in bytes: Span<UInt8>, _ match: (Span<UInt8>) -> CodecMatch
    ) -> Int {
        var start = 1
        while start < bytes.count, match(bytes.extracting(start...)) == .none { start += 1 }
        return start
    }
}

/// What a frame carries, drawn in the frame language without addresses and checks.
struct CodecPayload {
    let name: String
    let tokens: [FrameToken]

    init(_ name: String, _ tokens: [FrameToken]) {
        self.name = name
        self.tokens = tokens
    }

    private var frame: FrameSettings { FrameSettings(name: name, role: .reply, tokens: tokens) }
    private static let language = FrameLanguageSettings(check: nil, frames: [])

    var byteCount: Int { tokens.reduce(0) { $0 + $1.length(check: nil) } }

    /// Its fields, or `nil` when the bytes are not so many, or have a digit that is none.
    func fields(in bytes: Span<UInt8>) -> [BusField]? {
        guard bytes.count == byteCount else { return nil }
        guard !bytes.isEmpty else { return [] }
        guard Self.language.fit(bytes, frame, at: 0, asked: []) == .whole else { return nil }
        return Self.language.fields(bytes, frame)
    }

    func bytes(_ fields: [BusField]) throws(BusQuestionFlaw) -> [UInt8] {
        try Self.language.bytes(of: frame, fields, 0)
    }
}

extension FrameToken {
    /// A number in so many bytes, high byte first.
    static func number(_ name: String, _ bytes: Int = 1, isSigned: Bool = false) -> Self {
        .field(name: name, form: FieldForm(bytes: bytes, isSigned: isSigned))
    }

    /// The same with its low byte first.
    static func little(_ name: String, _ bytes: Int) -> Self {
        .field(name: name, form: FieldForm(bytes: bytes, isLittleEndian: true))
    }

    static func numbers(_ name: String, _ bytes: Int, _ count: Int) -> Self {
        .list(name: name, form: FieldForm(bytes: bytes), count: count)
    }
}

extension [BusField] {
    /// The value of a name, and of which of several.
    func value(_ name: String, _ index: Int? = nil) -> Int64? {
        first { $0.name == name && $0.index == index }?.value
    }

    /// These, and for names that are missing the ones given.
    func filled(_ names: KeyValuePairs<String, Int64>) -> [BusField] {
        self + names.compactMap { value($0.key) == nil ? BusField($0.key, $0.value) : nil }
    }
}

/// A command of a codec's protocol, whose case is the name of its frame in profiles.
protocol BusCodecCommand: CaseIterable, Sendable {}

extension BusCodecCommand {
    var frame: String { "\(self)" }

    init?(frame: String) {
        guard let command = Self.allCases.first(where: { $0.frame == frame }) else { return nil }
        self = command
    }
}
