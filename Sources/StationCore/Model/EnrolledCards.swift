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

    /// Leaves to a roster that came what it knows itself; `nil` when that changes nothing.
    ///
    /// A key that was enrolled here and is on the roster now belongs to whoever makes the roster:
    /// once it is taken off, it must not come back with the rights that it was given at the door.
    public consuming func confirmed(by roster: Roster) throws(Refusal) -> [UInt8]? {
        var isChanged = false
        for place in rows.indices where rows[place].doors != .named([]) {
            guard roster.key(rows[place].id) != nil else { continue }
            rows[place].doors = .named([])
            isChanged = true
        }
        guard let present, isChanged else { return nil }
        return try Self.file(rows, present.next)
    }

    private func row(
        of order: EnrolmentOrder, beside roster: Roster?
    ) throws(Refusal) -> RosterRow {
        let none = MatchForm(high: 0, low: 0)
        switch order.rights {
        case .own(let holder, let doors, let from, let to):
            // A roster may have come with that very key since it was asked for.
            if let known = roster?.key(order.key) {
                return RosterRow(id: known.id, holder: known.holder, form: none, doors: .named([]))
            }
            return RosterRow(
                id: order.key, holder: holder, form: none, doors: .named(doors), validFrom: from,
                validTo: to)
        case .ofKnownKey:
            if let own = rows.first(where: { $0.id == order.key }) { return own }
            guard let known = roster?.key(order.key) else { throw .unknownKey }
            return RosterRow(id: known.id, holder: known.holder, form: none, doors: .named([]))
        }
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
