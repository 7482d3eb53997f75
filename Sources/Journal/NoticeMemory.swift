// What outlives a run of a notice: a part of the snapshot, and what entries say since.
//
//   until 8, 0: there is none ‖ Chinese ‖ English
//
// A text is a length of two bytes and as many bytes of UTF-8. Numbers are big-endian.

public import EventLoop
public import StationCore

/// A part of the snapshot. Entries do not have the text.
public struct NoticeMemory: Equatable, Sendable {
    public var notice: Notice?

    public init(notice: Notice? = nil) { self.notice = notice }

    static let sizeLimit = 8 + 2 * (2 + Notice.limit)

    /// Tells a station that starts.
    public func teach(_ station: inout Station, at now: Instant) {
        station.recalled(notice, at: now)
    }

    func append(to bytes: inout ByteBuffer) {
        bytes.append(bigEndian: notice?.until.milliseconds ?? 0)
        guard let notice else { return }
        for text in [notice.chinese, notice.english] {
            bytes.append(bigEndian: UInt16(text.utf8.count))
            bytes.append(text)
        }
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        guard let until: Int64 = rest.take() else { return nil }
        self.init()
        guard until != 0 else { return }
        guard let chinese = Self.text(&rest), let english = Self.text(&rest),
            let notice = Notice(
                chinese: chinese, english: english, until: WallTime(milliseconds: until))
        else { return nil }
        self.notice = notice
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let count: UInt16 = rest.take(), count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return String(validating: rest.prefix(Int(count)), as: UTF8.self)
    }
}

/// The last word about a notice that entries have.
struct NoticeFacts: Sendable {
    /// `nil`: they say nothing; else until when it stands, if one does.
    private(set) var until: WallTime??

    mutating func take(_ entry: StoredEntry) {
        until = .some(
            entry.kind == "notice.set"
                ? Recollection.number("untilMilliseconds", in: entry.payload)
                    .map { WallTime(milliseconds: $0) } : nil)
    }
}

extension Recollection {
    /// Tells a station what entries say of its notice.
    public func teachNotice(_ station: inout Station, at now: Instant) {
        if let until = noticeFacts.until { station.recalledNotice(until: until, at: now) }
    }
}
