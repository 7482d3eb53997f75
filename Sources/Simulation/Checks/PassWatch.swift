// Day passes: none opens more often than it says, and none that nobody issued opens at all.

import EventLoop
import StationCore

/// Follows every pass through a run, restarts included. It knows what visitors carry, not the code
/// that judges it.
struct PassWatch {
    private let known: [VisitorPass]
    /// By `known`'s places: uses that are durable, those taken back deducted.
    private var used: [Int]
    /// By `known`'s places: the last durable use's number.
    private var lastUse: [UInt16]
    /// Written, and not known to be durable: a power cut may lose them.
    private var waiting: [Mark] = []
    /// Showings that have let somebody in.
    private var answered: [Answered] = []

    private struct Mark {
        var ticket: Ticket
        var place: Int
        /// `nil`: a use was taken back.
        var use: UInt16?
    }

    private struct Answered: Equatable {
        var name: ShortText
        var reader: DeviceID
        var start: Instant
    }

    /// As many as the witness remembers, and more.
    private static let capacity = 512

    init(_ passes: [VisitorPass] = []) {
        // A forged one goes by a good one's name.
        known = passes.filter(\.isGenuine)
        used = Array(repeating: 0, count: known.count)
        lastUse = Array(repeating: 0, count: known.count)
    }

    /// Somebody is let in by a pass.
    mutating func granted(
        _ entry: Entry, use: UInt16, at reader: DeviceID, note: GrantNote,
        _ witness: borrowing Witness
    ) -> Violation.Rule? {
        guard let place = known.firstIndex(where: { $0.name == entry.key }),
            mayOpen(known[place].kind, note)
        else { return .passForged }
        waiting.append(Mark(ticket: entry.ticket, place: place, use: use))
        var isShown = false
        for showing in witness.showings where showing.covers(entry.key, at: reader, on: entry.at) {
            isShown = true
            let answer = Answered(name: entry.key, reader: reader, start: showing.start)
            guard !answered.contains(answer) else { continue }
            if answered.count == Self.capacity { answered.removeFirst(Self.capacity / 2) }
            answered.append(answer)
            return nil
        }
        return isShown ? .passDoubled : .passForged
    }

    /// Without a clock nobody can tell that a pass is over, and the grant says so.
    private func mayOpen(_ kind: VisitorPass.Kind, _ note: GrantNote) -> Bool {
        switch kind {
        case .good: true
        case .over: note == .clockUntrusted
        case .elsewhere, .forged, .foreign: false
        }
    }

    /// A use let nobody in after all: the same showing may be tried again.
    mutating func withdrawn(_ entry: Entry, at reader: DeviceID) {
        guard let place = known.firstIndex(where: { $0.name == entry.key }) else { return }
        waiting.append(Mark(ticket: entry.ticket, place: place, use: nil))
        let last = answered.lastIndex { $0.name == entry.key && $0.reader == reader }
        if let last { answered.remove(at: last) }
    }

    /// What is durable now, and which rules it breaks.
    mutating func committed(upTo ticket: Ticket) -> [(Violation.Rule, ShortText)] {
        var broken: [(Violation.Rule, ShortText)] = []
        while let mark = waiting.first, mark.ticket <= ticket {
            waiting.removeFirst()
            guard let use = mark.use else {
                used[mark.place] -= 1
                continue
            }
            used[mark.place] += 1
            let pass = known[mark.place]
            if used[mark.place] > Int(pass.claim.quota) {
                broken.append((.passOverused, pass.name))
            }
            if use <= lastUse[mark.place] { broken.append((.passNumberTwice, pass.name)) }
            lastUse[mark.place] = use
        }
        return broken
    }

    /// What was not durable may be gone.
    mutating func restarted() { waiting.removeAll() }
}

extension Witness.Showing {
    /// Typing takes a while, and a scanner that is read by a late loop longer.
    fileprivate static let slack = Interval.seconds(20)

    fileprivate func covers(_ name: ShortText, at reader: DeviceID, on now: Instant) -> Bool {
        self.name == name && self.reader == reader && isGenuine && start <= now
            && now < end + Self.slack
    }
}
