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
            let file = try EnrolledCards(cards).adding(task, beside: roster, of: cards)
            kept = try keepCards(file)
        } catch {
            Console.note("stationd: \(Memory.cardsName): \(error)")
        }
        tell(.enrolled(kept, receipt: task.receipt))
    }

    /// Takes a key's cards away again.
    func withdraw(_ id: ShortText, by person: CrewMember) throws(ControlError) -> CoreAnswer {
        guard let key else { throw .noKey }
        guard let cards, cards.isMade(with: key) else { throw .noCards(key: "\(id)") }
        let file: [UInt8]?
        do {
            file = try EnrolledCards(cards).removing(id, key: key)
        } catch {
            throw .badRoster(ControlReason(.damaged))
        }
        guard let file else { throw .noCards(key: "\(id)") }
        let left: Roster
        do throws(CardsFailure) {
            left = try keepCards(file)
        } catch {
            switch error {
            case .damaged: throw .badRoster(ControlReason(.damaged))
            case .notWritten(let error): throw .badRoster(ControlReason(.notWritten, error.code))
            }
        }
        tell(.withdrawn(id, leaving: left, by: person))
        return .done
    }

    /// A roster came that knows some of the keys: from now on it alone says what they open.
    func confirmCards(by roster: Roster) {
        guard let key, let cards, cards.isMade(with: key), roster.isMade(with: key) else { return }
        do {
            guard let file = try EnrolledCards(cards).confirmed(by: roster, key: key) else {
                return
            }
            tell(.cards(try keepCards(file)))
        } catch {
            Console.note("stationd: \(Memory.cardsName): \(error)")
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
            made = try RosterFile.decode(file, doors: station.doors.map(\.name))
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
