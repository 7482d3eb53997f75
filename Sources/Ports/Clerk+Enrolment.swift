// Cards that are enrolled at the door: kept in a file of their own, made anew by each card.

import Control
import EventLoop
import Journal
import StationCore

extension Clerk {
    /// Keeps a card. The loop hears of it when it is on the medium.
    func enrol(_ task: EnrolmentTask) {
        var kept: Roster?
        do {
            let file = try EnrolledCards(cards).adding(task, beside: roster)
            kept = try keepCards(file)
        } catch {
            Console.note("stationd: \(Memory.cardsName): \(error)")
        }
        tell(.enrolled(kept, receipt: task.receipt))
    }

    /// Takes a key's cards away again. Its entry comes after it, as that of everything that takes a
    /// right away: cut in between, the card is out and no entry says so, never the other way.
    func withdraw(_ id: ShortText, by person: CrewMember) throws(ControlError) -> CoreAnswer {
        guard
            let file = try changed({ cards throws(EnrolledCards.Refusal) in
                try cards.removing(id)
            })
        else { throw .noCards(key: "\(id)") }
        tell(.withdrawn(id, leaving: try keepForPerson(file), by: person))
        return .done
    }

    /// A roster is about to come that knows some of the keys: from then on it alone says what they
    /// open. Before it is in place, so that no cut of the power gives such a key its rights back.
    ///
    /// - Returns: what is to be told to the loop once the roster is in place; `nil`: nothing.
    func settleCards(by roster: Roster, removed: [ShortText]) throws(ControlError) -> Post? {
        guard
            let settled = try changed({ cards throws(EnrolledCards.Refusal) in
                try cards.settled(by: roster, removed: removed)
            })
        else { return nil }
        return .cards(
            try keepForPerson(settled.file), confirmed: settled.confirmed,
            refused: settled.refused, by: roster.issuer == 0 ? .crew : .hub)
    }

    /// - Returns: `nil` when there are no cards, or nothing changes.
    private func changed<Change>(
        _ change: (consuming EnrolledCards) throws(EnrolledCards.Refusal) -> Change?
    ) throws(ControlError) -> Change? {
        guard let cards else { return nil }
        do throws(EnrolledCards.Refusal) {
            return try change(EnrolledCards(cards))
        } catch {
            Console.note("stationd: \(Memory.cardsName): \(error)")
            throw .badRoster(ControlReason(.damaged))
        }
    }

    private func keepForPerson(_ file: [UInt8]) throws(ControlError) -> Roster {
        do throws(CardsFailure) {
            return try keepCards(file)
        } catch {
            switch error {
            case .damaged: throw .badRoster(ControlReason(.damaged))
            case .notWritten(let error): throw .badRoster(ControlReason(.notWritten, error.code))
            }
        }
    }

    private enum CardsFailure: Error {
        case damaged
        case notWritten(JournalError)
    }

    /// On the medium first: a card that a power cut could take back never opens a door.
    private func keepCards(_ file: [UInt8]) throws(CardsFailure) -> Roster {
        let made: Roster
        do throws(RosterFileError) {
            made = try RosterFile.decode(file, for: RosterPlaces(station)).marked(by: marks)
        } catch {
            throw .damaged
        }
        do throws(JournalError) {
            try directory.replace(Memory.cardsName, with: [file[...]])
        } catch {
            throw .notWritten(error)
        }
        cards = made
        return made
    }
}
