// Everything that went into the core and came out of it, as a fingerprint and as lines.

import EventLoop
import StationCore

/// The trace of a run: two runs of one seed have one digest.
public final class Trace {
    enum Kind: UInt8 {
        case edge = 1
        case set = 2
        case entry = 3
        case answer = 4
        case chip = 5
        case order = 6
        case snapshot = 7
        case heard = 8

        var word: StaticString {
            switch self {
            case .edge: "edge  "
            case .set: "set   "
            case .entry: "entry "
            case .answer: "answer"
            case .chip: "chip  "
            case .order: "order "
            case .snapshot: "state "
            case .heard: "heard "
            }
        }
    }

    /// Gets a line per event, in fixed columns, so that two runs can be compared by eye.
    public var sink: ((String) -> Void)?
    public private(set) var count: UInt64 = 0
    private var digest = RunningDigest()

    public init() {}

    /// SHA-256 over every event with its time.
    public var fingerprint: String { "\(digest.finished())" }

    func note(
        _ kind: Kind, _ subject: Int, _ value: Int64, at now: Instant,
        _ text: @autoclosure () -> String
    ) {
        count += 1
        var record = (
            UInt64(kind.rawValue).littleEndian, now.nanoseconds.littleEndian,
            Int64(subject).littleEndian, value.littleEndian
        )
        withUnsafeBytes(of: &record) { digest.update($0) }
        sink?(Self.line(kind, at: now, text()))
    }

    func note(_ entry: borrowing Entry, _ words: EventText, at now: Instant) {
        let text = "\(entry.event.name) \(entry.key) \(words.details(entry.event))"
        note(.entry, Int(entry.ticket.number), entry.at.nanoseconds, at: now, text)
        var bytes = text
        bytes.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
    }

    private static func line(_ kind: Kind, at now: Instant, _ text: String) -> String {
        let seconds = String(now.nanoseconds / 1_000_000_000)
        let rest = String(now.nanoseconds % 1_000_000_000)
        let padding = String(repeating: " ", count: max(0, 8 - seconds.utf8.count))
        let zeros = String(repeating: "0", count: 9 - rest.utf8.count)
        return "\(padding)\(seconds).\(zeros)\(rest)  \(kind.word)  \(text)"
    }
}
