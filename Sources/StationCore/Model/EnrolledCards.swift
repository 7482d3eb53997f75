// Cards that were enrolled at the door: a small roster beside the big one, made anew by each card.

/// The station's own cards, as rows of a roster.
///
/// A key that the roster in force knows has its rights there; its row here says only that a card is
/// that key's. What a hub or an import takes from the roster later stays taken.
public struct EnrolledCards: Sendable {
    /// Match forms: more cards are enrolled by a roster, not one by one.
    public static let capacity = 4_096

    private let present: Roster?
    private var rows: [RosterRow]

    public init(_ roster: Roster?) {
        present = roster
        rows = roster?.rows() ?? []
    }

    /// Why a card is not taken.
    public enum Refusal: Error, Equatable, Sendable {
        case full(limit: Int)
        /// The key is neither on the roster nor among these cards.
        case unknownKey
        /// More doors, or longer names, than a roster holds.
        case notARow(RosterRowRefusal)
    }

    /// Adds a card, as a file for `RosterFile.decode`. Cards of another station key are left out:
    /// nobody can match them any more.
    ///
    /// - Parameter roster: the roster in force.
    public consuming func adding(
        _ task: EnrolmentTask, beside roster: Roster?
    ) throws(Refusal) -> [UInt8] {
        if present?.isMade(with: task.key) == false { rows = [] }
        guard rows.count + task.forms.count <= Self.capacity else {
            throw .full(limit: Self.capacity)
        }
        let model = try row(of: task.order, beside: roster)
        var shapes = NumberShapes()
        for form in task.forms { shapes.formUnion(form.shapes) }
        for form in task.forms {
            var row = model
            (row.form, row.shapes) = (form.form, shapes)
            rows.append(row)
        }
        return try Self.file(
            rows, RosterBuilder(key: task.key, version: (present?.version ?? 0) + 1))
    }

    /// Without the cards of a key; `nil` when it has none. Needs no station key: nothing is hashed.
    public consuming func removing(_ id: ShortText) throws(Refusal) -> [UInt8]? {
        let count = rows.count
        rows.removeAll { $0.id == id }
        guard let present, rows.count < count else { return nil }
        return try Self.file(rows, present.next)
    }

    /// What becomes of the cards when a roster comes.
    public struct Settlement: Sendable {
        /// Their new file.
        public var file: [UInt8]
        /// Keys that the roster has taken over, by their ids here.
        public var confirmed: [ShortText] = []
        /// Keys that it refuses, by their ids here.
        public var refused: [ShortText] = []
    }

    /// Leaves to a roster that came what it knows itself; `nil` when that changes nothing.
    ///
    /// A key that was enrolled here is the roster's once that has its id, or the match form of one
    /// of its cards: it may be another id's there. From then on the roster alone says what it
    /// opens, and once it is taken off, it must not come back with the rights that it was given at
    /// the door. Numbers that the roster has are left to it; others of the same cards stay, as
    /// cards of the roster's key: a reader may see them alone. Of a key that the roster names lost
    /// or blocked, or takes off, none stays.
    ///
    /// - Parameter removed: keys that the roster says are gone.
    public consuming func settled(
        by roster: Roster, removed: [ShortText] = []
    ) throws(Refusal) -> Settlement? {
        var settlement = Settlement(file: [])
        var left: [RosterRow] = []
        for (id, cards) in Self.grouped(rows) {
            let known =
                roster.place(of: id) ?? cards.lazy.compactMap { roster.place(of: $0.form) }.first
            guard let known else {
                if removed.contains(id) { settlement.refused.append(id) } else { left += cards }
                continue
            }
            guard roster.statedState(at: known) == .active else {
                settlement.refused.append(id)
                continue
            }
            let model = RosterRow(cardOf: roster.key(at: known))
            let kept = cards.filter { roster.place(of: $0.form) == nil }.map { card in
                var row = model
                (row.form, row.shapes) = (card.form, card.shapes)
                return row
            }
            if kept != cards { settlement.confirmed.append(id) }
            left += kept
        }
        guard let present, !settlement.confirmed.isEmpty || !settlement.refused.isEmpty else {
            return nil
        }
        settlement.file = try Self.file(left, present.next)
        return settlement
    }

    /// The rows of each key, in the order of their ids.
    private static func grouped(_ rows: [RosterRow]) -> [(id: ShortText, rows: [RosterRow])] {
        var groups: [(id: ShortText, rows: [RosterRow])] = []
        let sorted = rows.enumerated().sorted { a, b in
            a.element.id == b.element.id
                ? a.offset < b.offset : a.element.id.precedes(b.element.id)
        }
        for (_, row) in sorted {
            if groups.last?.id == row.id {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((row.id, [row]))
            }
        }
        return groups
    }

    private func row(
        of order: EnrolmentOrder, beside roster: Roster?
    ) throws(Refusal) -> RosterRow {
        switch order.rights {
        case .own(let holder, let doors, let from, let to):
            return own(order.key, holder, EnrolledRights(doors: .named(doors)), from, to, roster)
        case .template(let holder, let rights, let from, let to):
            return own(order.key, holder, rights, from, to, roster)
        case .ofKnownKey:
            if let own = rows.first(where: { $0.id == order.key }) { return own }
            guard let known = roster?.key(order.key) else { throw .unknownKey }
            return RosterRow(cardOf: known)
        }
    }

    /// A new key's row, without a form.
    private func own(
        _ id: ShortText, _ holder: ShortText, _ rights: EnrolledRights, _ from: UInt32,
        _ to: UInt32, _ roster: Roster?
    ) -> RosterRow {
        // A roster may have come with that very key since it was asked for.
        if let known = roster?.key(id) { return RosterRow(cardOf: known) }
        return RosterRow(
            id: id, holder: holder, form: MatchForm(high: 0, low: 0), doors: rights.doors,
            validFrom: from, validTo: to, role: rights.role, terms: rights.terms)
    }

    private static func file(
        _ rows: [RosterRow], _ empty: RosterBuilder
    ) throws(Refusal) -> [UInt8] {
        var builder = empty
        for row in rows {
            do throws(RosterRowRefusal) {
                try builder.add(row)
            } catch {
                throw .notARow(error)
            }
        }
        return builder.build().file
    }
}

extension Roster {
    /// An empty one to follow it, made with the same station key.
    fileprivate var next: RosterBuilder {
        RosterBuilder(epoch: epoch, check: check, version: version + 1)
    }
}

extension RosterRow {
    /// Another card of a key that the roster has: its rights are there. Its form is still to come.
    fileprivate init(cardOf key: KeyRecord) {
        self.init(
            id: key.id, holder: key.holder, form: MatchForm(high: 0, low: 0), doors: .named([]))
    }
}
