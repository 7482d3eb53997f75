// The seam to the station: what the pages ask, whoever answers.

public import Control
public import StationCore

/// A page of the journal, and whose journal it is.
public struct EntryPage: Sendable {
    /// The station's id.
    public var station: String
    public var reply: ReadEntries.Reply

    public init(station: String, reply: ReadEntries.Reply) {
        self.station = station
        self.reply = reply
    }
}

/// Answers questions about a station. Never blocks the caller's thread.
///
/// | throws | the caller's duty |
/// |---|---|
/// | `unreachable`, `timedOut`, `closed` | say that the station is away; the next call tries anew |
/// | `notUnderstood` | say that gateway and station do not fit together |
/// | `refused` | say what the station said |
public protocol StationSource: Sendable {
    func station() async throws(ControlFailure) -> StationRecord
    /// Services and opening hours.
    func offer() async throws(ControlFailure) -> StationOffer
    func devices() async throws(ControlFailure) -> [DeviceRecord]
    func metrics() async throws(ControlFailure) -> [MetricRecord]
    /// What was used in a span of days.
    func usage(_ question: UsageQuestion) async throws(ControlFailure) -> ListUsage.Reply
    /// Has the station judge a signed roster and put it in place. Never asked twice by itself.
    func apply(roster file: PassedFile) async throws(ControlFailure) -> RosterPage
    /// Brings a hub's signed command; what became of it.
    func run(command: String) async throws(ControlFailure) -> CommandRecord
    /// A command that was taken up.
    func command(_ id: String) async throws(ControlFailure) -> CommandRecord
    /// Entries after a cursor, oldest first, at most `limit`: what there is, without waiting.
    func entries(
        after: EntryCursor?, limit: Int
    ) async throws(ControlFailure) -> EntryPage
    /// Knows how far the journal has got; every waiting request waits here.
    var watch: JournalWatch { get }
}
