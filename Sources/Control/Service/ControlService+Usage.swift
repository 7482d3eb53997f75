// Totals: from days and words to a question, and from what was counted to records without gaps.

import StationCore

extension ControlService {
    func usageQuestion(_ message: [UInt8]) throws(ControlError) -> UsageQuestion {
        let wanted = try ControlCoder.parameters(ListUsage.Parameters.self, of: message)
        guard let from = CivilDate(wanted.from) else { throw .invalidParameter("from") }
        guard let to = CivilDate(wanted.to) else { throw .invalidParameter("to") }
        let word = wanted.by ?? UsageGrouping.day.rawValue
        guard let grouping = UsageGrouping(rawValue: word) else { throw .invalidParameter("by") }
        // Backwards, or more days than a reply has room for.
        guard let question = UsageQuestion(from: from, to: to, by: grouping) else {
            throw .invalidParameter("to")
        }
        return question
    }
}

extension UsageRecord {
    /// Day by day, hour by hour, in each the station's own order; what was not measured has its
    /// record too, so that nobody takes a gap for a zero.
    static func all(
        _ groups: [UsageGroup], _ question: UsageQuestion, _ info: ServiceInfo
    ) -> [UsageRecord] {
        let things = Thing.all(groups, info)
        var found: [Place: UsageGroup] = [:]
        for group in groups where !group.isUndated { found[Place(group)] = group }
        var records: [UsageRecord] = []
        for (day, hour) in slots(of: question) {
            for thing in things {
                let place = Place(
                    day: day, hour: hour, subject: thing.subject, name: thing.name)
                let group = found[place]
                // Nothing was lost: that is no gap.
                if group == nil, thing.subject == .lost { continue }
                records.append(
                    UsageRecord(
                        group
                            ?? UsageGroup(
                                day: day, hour: hour, subject: thing.subject, name: thing.name),
                        thing))
            }
        }
        let undated = groups.filter(\.isUndated).sorted { $0.precedes($1) }
        return records
            + undated.map { group in
                UsageRecord(
                    group, things.first { $0.subject == group.subject && $0.name == group.name })
            }
    }

    private static func slots(of question: UsageQuestion) -> [(day: CivilDate?, hour: Int?)] {
        let (first, last) = (question.days.lowerBound, question.days.upperBound)
        let days = (first.dayNumber...last.dayNumber).map { CivilDate(dayNumber: $0) }
        switch question.grouping {
        case .service: return [(nil, nil)]
        case .day: return days.map { ($0, nil) }
        case .hour: return days.flatMap { day in (0..<24).map { (day, $0) } }
        }
    }

    private init(_ group: UsageGroup, _ thing: Thing?) {
        let rows = group.rows.sorted { $0.order < $1.order }
        self.init(
            day: group.day.map { "\($0)" }, hour: group.hour, kind: group.subject.name,
            name: group.name, label: thing?.label, places: thing?.places,
            undated: group.isUndated, measured: group.isMeasured,
            measuredHours: group.measuredHours,
            totals: rows.map { row in
                UsageTotalRecord(
                    source: row.source?.name, uses: row.totals.uses, failed: row.totals.failed,
                    seconds: row.totals.seconds, quantity: row.totals.quantity,
                    unit: row.unit.name, estimated: row.totals.estimated)
            })
    }

    private struct Place: Hashable {
        var day: CivilDate?
        var hour: Int?
        var subject: UsageSubject
        var name: String

        init(day: CivilDate?, hour: Int?, subject: UsageSubject, name: String) {
            self.day = day
            self.hour = hour
            self.subject = subject
            self.name = name
        }

        init(_ group: UsageGroup) {
            self.init(
                day: group.day, hour: group.hour, subject: group.subject, name: group.name)
        }
    }

    /// What totals are about: what the station has, then what it had.
    private struct Thing {
        var subject: UsageSubject
        var name: String
        var label: TextRecord?
        var places: Int?

        static func all(_ groups: [UsageGroup], _ info: ServiceInfo) -> [Thing] {
            var things = [Thing(subject: .visits, name: "")]
            things += info.station.doors.map { door in
                Thing(
                    subject: .door, name: door.name,
                    label: label(door.labelChinese, door.labelEnglish))
            }
            things += info.station.services.map { service in
                Thing(
                    subject: .service, name: service.name,
                    label: label(service.labelChinese, service.labelEnglish),
                    places: service.settings.units.count)
            }
            var former: [Thing] = []
            for group in groups {
                let isKnown = (things + former).contains {
                    $0.subject == group.subject && $0.name == group.name
                }
                if !isKnown { former.append(Thing(subject: group.subject, name: group.name)) }
            }
            former.sort { ($0.subject.rawValue, $0.name) < ($1.subject.rawValue, $1.name) }
            return things + former
        }

        private static func label(_ chinese: String, _ english: String) -> TextRecord? {
            chinese.isEmpty && english.isEmpty ? nil : TextRecord(zh: chinese, en: english)
        }
    }
}

extension UsageGroup {
    fileprivate func precedes(_ other: UsageGroup) -> Bool {
        (day?.dayNumber ?? 0, Int(subject.rawValue), name)
            < (other.day?.dayNumber ?? 0, Int(other.subject.rawValue), other.name)
    }
}

extension UsageGroup.Row {
    fileprivate var order: (UInt8, UInt8) { (source?.rawValue ?? 0, unit.rawValue) }
}
