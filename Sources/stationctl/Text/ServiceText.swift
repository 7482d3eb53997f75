// Services and hours in lines.

import Control
import StationCore

extension ControlClient {
    mutating func allServices() throws(Problem) -> [ServiceRecord] {
        do {
            return try services()
        } catch {
            throw .station(error)
        }
    }

    /// Has something decided.
    mutating func decide<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters
    ) throws(Problem) {
        do {
            _ = try call(method, parameters)
        } catch {
            throw .station(error)
        }
    }

    /// How a service stands now, or one of its parts.
    mutating func show(
        _ name: String, place: String? = nil, _ output: Output
    ) throws(Problem) {
        guard var service = try allServices().first(where: { $0.name == name }) else { return }
        if let place { service.parts = service.parts.filter { $0.name == place } }
        guard !output.isJSON else { return output.json(service) }
        for line in Table.lines([output.catalogue.cells(service)]) { output.line(line) }
        guard place != nil else { return }
        for line in Table.lines(service.parts.map(output.catalogue.cells)) {
            output.line("  " + line)
        }
    }
}

extension ServiceRecord {
    /// Whether somebody has to come for it.
    var wantsPerson: Bool {
        ["degraded", "outOfOrder"].contains(availability)
            || parts.contains { $0.state != "working" || !$0.faults.isEmpty }
    }

    /// Uses that the end of its hours would end: a locker's are not.
    var usersAtRisk: Int { kind == "lockers" ? 0 : parts.count(where: \.inUse) }
}

extension Catalogue {
    /// `charge  手机充电  开放  空 3/4`
    func cells(_ service: ServiceRecord) -> [String] {
        var state = availability(service.availability)
        if service.paused { state = say("暂停", "paused") }
        if let reason = service.reason { state += say("：", ": ") + self.reason(reason) }
        if let time = service.time { state += say("，到 ", ", until ") + Self.short(time) }
        return [
            service.name, text(service.label), state,
            say("空 ", "free ") + "\(service.free)/\(service.all)",
        ]
    }

    /// `A1  能用  有人在用  断不开，有电：…`
    func cells(_ part: PartRecord) -> [String] {
        var state = Self.partStates[part.state].map { say($0.0, $0.1) } ?? part.state
        if let reason = part.reason { state += say("：", ": ") + self.reason(reason) }
        return [
            part.name, state, part.inUse ? say("有人在用", "in use") : "",
            part.faults.map(partFault).joined(separator: say("；", "; ")),
        ]
    }

    /// `rooms  开放到 11-24 22:00（站长今天另定）`
    func cells(_ hours: HoursRecord) -> [String] {
        let cause = Self.hoursCauses[hours.cause].map { say($0.0, $0.1) } ?? hours.cause
        let until = hours.time.map { say("，到 ", ", until ") + Self.short($0) } ?? ""
        return [
            hours.name, text(hours.label),
            (hours.open ? say("开放", "open") : say("不开放", "closed")) + until, cause,
            hours.days.first.map { say("今天 ", "today ") + hoursText($0.open) } ?? "",
        ]
    }

    func availability(_ name: String) -> String {
        Self.availabilities[name].map { say($0.0, $0.1) } ?? name
    }

    /// Why a service or a part is as it is.
    func reason(_ name: String) -> String {
        PauseReason.allCases.first { $0.name == name }?.text(language)
            ?? ServiceCondition.Reason.allCases.first { $0.name == name }?.text(language) ?? name
    }

    /// What is wrong with a part, and what a crew does.
    func partFault(_ name: String) -> String {
        ServiceFault.allCases.first { $0.name == name }?.text(language) ?? name
    }

    /// What somebody decided over the written hours.
    func change(_ detail: DetailRecord) -> [String] {
        guard let change = detail.change else { return [] }
        var facts = [detail.hours, Self.changes[change].map { say($0.0, $0.1) } ?? change]
        if let open = detail.open {
            facts.append([detail.date, hoursText(open)].compactMap(\.self).joined(separator: " "))
        }
        return facts.compactMap(\.self)
    }

    private func hoursText(_ open: String) -> String {
        open == DayHours.closedWord ? say("不开放", "closed") : open
    }

    /// `11-24 22:00` of RFC 3339.
    static func short(_ time: String) -> String {
        String(time.dropFirst(5).prefix(11)).replacing("T", with: " ")
    }

    static let availabilities = [
        "open": ("开放", "open"), "degraded": ("能用，有问题", "open, with something wrong"),
        "closed": ("不开放", "closed"), "outOfOrder": ("用不了", "out of order"),
    ]
    static let partStates = [
        "working": ("能用", "working"), "degraded": ("能用，有问题", "with something wrong"),
        "outOfOrder": ("用不了", "out of order"),
    ]
    static let hoursCauses = [
        "week": ("按周", "by the week"), "season": ("按季节", "by the season"),
        "holiday": ("节假日", "public holiday"), "workedDay": ("调休上班", "worked day"),
        "date": ("当日另定", "this date"), "today": ("站长今天另定", "a master's word for today"),
        "severeWeather": ("恶劣天气", "severe weather"), "clockUnknown": ("等待对时", "clock not set"),
    ]
    static let changes = [
        "today": ("今天另定", "hours for today"), "severeWeather": ("恶劣天气开放", "severe weather: open"),
        "planned": ("照原计划", "back to the plan"),
    ]
}
