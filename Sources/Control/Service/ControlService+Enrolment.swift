// A card that is to be a key: from names, doors and days to an order.

import StationCore

extension ControlService {
    /// - Precondition: `method` is about a key's cards.
    func cardQuery(
        _ method: MethodName, _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        switch method {
        case .enrolCard: return try enrolmentQuery(message, by: person)
        case .cancelEnrolment:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            return .cancelEnrolment(by: person)
        case .withdrawCards: return try withdrawalQuery(message, by: person)
        case .tellKey: return try keyQuery(message, by: person)
        default: preconditionFailure("a method that is about no key's cards")
        }
    }

    private func enrolmentQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(EnrolCard.Parameters.self, of: message)
        return .enrol(
            EnrolmentOrder(
                reader: try reader(wanted.reader), key: try identifier(wanted.key, "key"),
                rights: try rights(wanted), asItIs: wanted.asItIs ?? false, user: person.user))
    }

    private func withdrawalQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(WithdrawCards.Parameters.self, of: message)
        return .withdrawCards(try identifier(wanted.key, "key"), by: person)
    }

    private func keyQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(TellKey.Parameters.self, of: message)
        let words = KeyWord.allCases.filter { $0 != .confirmed }
        guard let word = words.first(where: { $0.name == wanted.word }) else {
            throw .invalidParameter("word")
        }
        return .tellKey(try identifier(wanted.key, "key"), word, by: person)
    }

    private func identifier(
        _ text: String, _ parameter: String
    ) throws(ControlError) -> ShortText {
        guard let id = ShortText(text), !id.isEmpty, !text.hasPrefix(CrewMember.mark) else {
            throw .invalidParameter(parameter)
        }
        return id
    }

    private func rights(
        _ wanted: EnrolCard.Parameters
    ) throws(ControlError) -> EnrolmentRights {
        guard let text = wanted.holder else {
            // Rights for a key that has its own would be silently without effect.
            let stray: [(String, Bool)] = [
                ("doors", wanted.doors != nil), ("rights", wanted.rights != nil),
                ("from", wanted.from != nil), ("to", wanted.to != nil),
            ]
            if let (name, _) = stray.first(where: \.1) { throw .invalidParameter(name) }
            return .ofKnownKey
        }
        let holder = try identifier(text, "holder")
        let from = try date(wanted.from, "from").map { UInt32(clamping: $0.seconds) } ?? 0
        let end = try date(wanted.to, "to").map { UInt32(clamping: $0.end) } ?? .max
        guard from < end else { throw .invalidParameter("to") }
        if let name = wanted.rights {
            guard wanted.doors == nil else { throw .invalidParameter("doors") }
            return .template(
                holder: holder, try template(name), validFrom: from, validTo: end)
        }
        let known = info.station.doors.map(\.name)
        guard let doors = wanted.doors, !doors.isEmpty else { throw .invalidParameter("doors") }
        if let stranger = doors.first(where: { !known.contains($0) }) {
            throw .noSuchDoor(door: stranger, doors: known)
        }
        return .own(holder: holder, doors: doors, validFrom: from, validTo: end)
    }

    private func template(_ name: String) throws(ControlError) -> EnrolledRights {
        guard let rights = info.station.rights(named: name)?.granted else {
            throw .noSuchRights(rights: name, sets: info.station.rights?.map(\.name) ?? [])
        }
        return rights
    }

    private func date(
        _ text: String?, _ parameter: String
    ) throws(ControlError) -> StationDate? {
        guard let text else { return nil }
        let offset = info.station.station.utcOffsetMinutes * 60
        guard let date = StationDate(text, utcOffset: offset) else {
            throw .invalidParameter(parameter)
        }
        return date
    }
}
