// What other threads tell the loop, and the one mailbox they put it in.

public import Control
public import EventLoop
public import Journal
public import StationCore

/// A post to the loop.
public enum Post: Sendable {
    case journal(JournalAnswer)
    /// The journal's file was replaced, rewound or renamed.
    case journalFound(Opening)
    case asked(CoreQuery, RequestID)
    /// A hub's command whose signature is good.
    case commanded(SignedCommand, RequestID)
    /// Whoever asked this has left.
    case left(RequestID)
    /// A worker opened GPIO lines, or looked at them.
    case gpio(GPIOPost)
    /// A worker looked at one of the kernel's files.
    case file(FilePost)
    /// A roster is ready to be put in place.
    case roster(Roster, refused: UInt32)
    case key(StationKey)
    /// An enrolled card is on the medium among these; nil: it could not be put there.
    case enrolled(Roster?, receipt: UInt32)
    /// A key's enrolled cards are gone; these are left.
    case withdrawn(ShortText, leaving: Roster, by: CrewMember)
    /// The station's word about a key, and the tables that have it.
    case toldKey(ShortText, KeyWord, MarkedTables, user: UInt32?, by: Authority)
    /// Keys of which the roster that comes says so itself; what the station still says.
    case confirmedKeys([ShortText], leaving: KeyMarks, by: Authority)
    /// The enrolled cards, after a roster took over some of their keys.
    case cards(Roster, confirmed: [ShortText], refused: [ShortText], by: Authority)
    /// A reader's key is on the medium, or could not be put there.
    case readerKeyKept(KeyReceipt, Bool)
    /// Whose day passes are good from now on.
    case passIssuers([DayPassIssuer])
    /// The journal's answers before this one were about entries up to here.
    case journalStands(Cursor)
    /// The snapshot was written, or could not be.
    case snapshotWritten(Bool)
    /// Totals were written, or could not be.
    case totalsKept(Bool)
    /// What the journal knew before this start; nil: it cannot be read now.
    case recalled(Recollection?)
    /// The clerk has begun with a task, or is done with it.
    case clerk(isBusy: Bool)
    /// The control socket cannot be opened, or is open again.
    case socket(ControlServer.CannotListen?)
    /// Stop in order.
    case stop
}

/// The loop's mailbox with everybody's way in: the control socket, the journal, the clerk.
public final class LoopDesk: CoreDesk, JournalListener {
    /// Far more than 16 connections, a journal and two workers can have under way.
    public static let capacity = 1_024

    public let posts = Mailbox<Post>(capacity: capacity)
    /// Does what may block: files, imports, keys. Set before the control socket opens.
    let clerk: Clerk

    init(clerk: Clerk) { self.clerk = clerk }

    /// Questions that touch files go to the clerk, the others to the loop.
    public func ask(_ query: CoreQuery, id: RequestID) -> Bool {
        switch query {
        case .station, .devices, .measurements, .roster, .tap, .watchCard, .door, .reader,
            .enrol, .cancelEnrolment, .tellKey, .act, .resetGuard, .boxes, .tellBox, .services,
            .service, .changeHours, .notice, .command, .activate:
            posts.post(.asked(query, id)) == nil
        case .importRoster, .applyRoster, .createKey, .installKey, .issuePass, .withdrawCards:
            clerk.take(.asked(query, id))
        case .runCommand(let text): clerk.check(text, id)
        }
    }

    /// Full, the watcher's time is up some time.
    public func withdraw(_ id: RequestID) { _ = posts.post(.left(id)) }

    /// Never lost: commit answers are cumulative, and the mailbox holds more than can be under way.
    public func journal(_ answer: JournalAnswer) { _ = posts.post(.journal(answer)) }

    /// Lost in a full mailbox, the next one says as much: until then the one before stands.
    public func journal(stands end: Cursor) { _ = posts.post(.journalStands(end)) }

    public func journal(found opening: Opening) { _ = posts.post(.journalFound(opening)) }

    public func journal(troubled error: JournalError) {
        Console.note("stationd: \(error)")
    }
}
