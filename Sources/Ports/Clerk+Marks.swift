// The station's own word about keys: on the medium first, then in the tables that taps read.

import CLinux
import Control
import EventLoop
import Journal
import StationCore

extension Clerk {
    /// Says something of a key, or lifts what was said.
    ///
    /// - Parameter user: the machine's user who says it; `nil`: a hub.
    func tell(
        _ word: KeyWord, of id: ShortText, by authority: Authority, user: UInt32?
    ) throws(ControlError) -> CoreAnswer {
        var next = marks
        if let state = word.state {
            // A slip of the pen must not look like a card that is locked out.
            guard roster?.key(id) != nil || cards?.key(id) != nil else {
                throw .keyRefused(ControlReason(.noSuchKey, "\(id)"))
            }
            guard next.set(KeyMarks.Mark(key: id, state: state, since: version)) else {
                throw .keyRefused(ControlReason(.tooManyMarks, KeyMarks.capacity))
            }
        } else {
            guard next.lift(id) else {
                throw .keyRefused(ControlReason(.notMarked, "\(id)"))
            }
        }
        do throws(JournalError) {
            try KeyMarksFile.write(next, in: directory)
        } catch {
            throw .keyRefused(ControlReason(.notWritten, error.code))
        }
        marks = next
        roster = roster?.marked(by: next)
        cards = cards?.marked(by: next)
        tell(
            .toldKey(
                id, word, MarkedTables(marks: next, roster: roster, cards: cards), user: user,
                by: authority))
        return .done
    }

    /// A roster is in place: what it says itself is its own word from now on. After it is, so that
    /// no cut of the power opens a door to such a key.
    ///
    /// - Parameter present: the roster before it. Its word may have come with the last one, and
    ///   the power have been cut before that was noted.
    /// - Returns: those keys.
    func settleMarks(by roster: Roster, after present: Roster?) -> [ShortText] {
        let ids = Set(marks.confirmed(by: roster) + (present.map { marks.confirmed(by: $0) } ?? []))
        guard !ids.isEmpty else { return [] }
        var next = marks
        let keys = marks.marks.map(\.key).filter { ids.contains($0) }
        for key in keys { _ = next.lift(key) }
        do throws(JournalError) {
            try KeyMarksFile.write(next, in: directory)
        } catch {
            // What holds already holds on: the next roster is asked again.
            Console.note("stationd: \(KeyMarksFile.name): \(error)")
            return []
        }
        marks = next
        return keys
    }
}
