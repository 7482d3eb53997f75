// One peer of the control socket: its bytes, its one call, and how far that call has got.

import EventLoop
import StationCore

/// How a caller wants its replies.
struct CallMode: Equatable, Sendable {
    var method: MethodName
    var more: Bool
    var oneway: Bool

    /// Whether its reply needs the journal's word and the core's.
    var isOfBoth: Bool { method == .getStation || method == .getMetrics }
}

/// What a connection is busy with.
enum Work {
    /// Nothing: the next message may be a call.
    case idle
    /// A desk was asked.
    case asking(Asking)
    /// A list goes out, one message after the other as the peer takes them.
    case listing(Listing)
    /// Entries go out: once, when one comes, or for ever.
    case reading(Reading)
}

/// A question without its answer.
struct Asking {
    var mode: CallMode
    var id: RequestID
    /// `core` or `journal`.
    var desk: Desk
    var deadline: Instant
    /// What the journal said already, for replies that need both.
    var journal: JournalStatus?
    /// What was asked about totals.
    var usage: UsageQuestion?
}

enum Desk: String { case core, journal }

/// A reply in pieces.
struct Listing {
    enum Items {
        case devices([DeviceRecord])
        case boxes([BoxRecord])
        case services([ServiceRecord])
        case hours([HoursRecord])
        case metrics([MetricRecord])
        /// The counts and the roster, and the verdicts that go with them.
        case verdicts(ImportRoster.Reply, Verdicts)
        /// The days that were asked for, and what was counted in them.
        case usage(ListUsage.Reply, [UsageRecord])
    }

    var mode: CallMode
    var items: Items
    /// How many went out.
    var sent = 0
}

/// A reader of the journal and its place there.
struct Reading {
    var mode: CallMode
    var after: EntryCursor?
    var limit: Int
    /// Until when to wait for a first entry; passed: do not wait.
    var until: Instant
    /// The question that is out, and by when it must be answered.
    var asked: (id: RequestID, deadline: Instant)?
    /// There may be something new since the last page.
    var stale = true
    /// A live reader is told once where it stands, even when there is nothing.
    var greeted = false
    /// The last page, for the reply when nothing comes.
    var last: JournalPage?
}

/// One peer.
struct Connection {
    let peer: Peer
    let role: PeerRole
    var frames = FrameReader()
    /// What the peer has not taken yet; `written` bytes of it are gone.
    var output: [UInt8] = []
    var written = 0
    /// Since when the peer takes nothing.
    var unreadSince: Instant?
    var work = Work.idle
    /// The descriptor that came with the bytes of the next call.
    var passed: PassedFile?
    /// No more calls: to be closed once the output is gone.
    var finishing = false
    /// When the last call began.
    var since: Instant

    init(_ peer: Peer, _ role: PeerRole, at now: Instant) {
        self.peer = peer
        self.role = role
        since = now
    }

    var isIdle: Bool {
        if case .idle = work { return output.isEmpty } else { return false }
    }

    mutating func send(_ bytes: [UInt8], at now: Instant) {
        if output.isEmpty { unreadSince = now }
        output += bytes
    }

    /// The peer took `count` bytes.
    mutating func took(_ count: Int, at now: Instant) {
        written += count
        unreadSince = now
        guard written >= output.count else { return }
        output.removeAll()
        written = 0
        unreadSince = nil
    }

    /// The next moment at which something must be done although nothing happened.
    var nextDeadline: Instant? {
        var deadlines: [Instant] = []
        if let unreadSince { deadlines.append(unreadSince + ControlLimits.unread) }
        switch work {
        case .idle, .listing: break
        case .asking(let asking): deadlines.append(asking.deadline)
        case .reading(let reading):
            if let asked = reading.asked {
                deadlines.append(asked.deadline)
            } else if !reading.mode.more {
                deadlines.append(reading.until)
            }
        }
        return deadlines.min()
    }
}
