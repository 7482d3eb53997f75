// A crew member wants to see the next card: how the question is read, and what is answered.

import EventLoop
import StationCore

extension ControlService {
    func cardQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> (CoreQuery, Interval) {
        let wanted = try ControlCoder.parameters(WatchCard.Parameters.self, of: message)
        let most = Int(ControlLimits.wait.nanoseconds / 1_000_000)
        let wait = wanted.wait ?? most
        guard (0...most).contains(wait) else { throw .invalidParameter("wait") }
        let patience = Interval.milliseconds(Int64(wait))
        var device: DeviceID?
        if let name = wanted.reader { device = try reader(name) }
        var after: UInt64?
        if let number = wanted.after {
            guard let place = UInt64(exactly: number) else { throw .invalidParameter("after") }
            after = place
        }
        let wish = CardWish(reader: device, patience: patience, after: after, person: person)
        return (.watchCard(wish), patience + ControlLimits.answer)
    }
}

extension CardRecord {
    init(_ card: WatchedCard, _ station: ResolvedStation) {
        let reader = Int(card.reader.index)
        self.init(
            reader: station.devices.indices.contains(reader) ? station.devices[reader].name : "",
            decision: "granted")
        door = card.door.map { station.doors[Int($0.index)].name }
        self.card = card.code == nil ? CardText.text(of: card.credential) : nil
        code = card.code?.text
        format = card.format?.name
        view = card.view?.name
        if card.key != .empty { (key, holder) = ("\(card.key)", "\(card.holder)") }
        guard !card.isForEnrolment else {
            decision = "enrolment"
            return
        }
        switch card.verdict {
        case .granted(let note): self.note = note.name
        case .denied(let reason):
            decision = "denied"
            self.reason = reason.name
            wording = reason.wording.rawValue
        }
    }
}
