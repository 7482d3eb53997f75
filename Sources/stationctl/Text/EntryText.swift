// Journal entries as one line each: time, door, who, what, how fast.

import Control
import StationCore

struct EntryText {
    let catalogue: Catalogue

    /// `21:01:49.123  大门  k-0012  放行  0.8 ms`
    ///
    /// - Parameter release: the one that followed a grant: how fast it was, and what it overlooked.
    func line(_ entry: EntryRecord, release: DetailRecord? = nil) -> String {
        // Only a card has a last edge to measure from.
        let isKey = entry.detail.cause == nil || entry.detail.cause == "key"
        let measured =
            release?.latencyMicroseconds ?? (isKey ? entry.detail.latencyMicroseconds : nil)
        return [
            String(entry.time.dropFirst(11).prefix(12)), place(entry), who(entry),
            what(entry, release), measured.map(Self.milliseconds) ?? "",
        ].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// With its number and date, for reading back.
    func record(_ entry: EntryRecord) -> String {
        "#\(entry.sequence)  \(entry.time.prefix(10))  \(line(entry))"
    }

    /// Whose key it was, or who gave the order: `zhang (uid:1000)`.
    private func who(_ entry: EntryRecord) -> String {
        guard let key = entry.key else { return "-" }
        guard key.hasPrefix(CrewMember.mark), let name = entry.holder else { return key }
        return "\(name) (\(key))"
    }

    private func place(_ entry: EntryRecord) -> String {
        if let label = entry.doorLabel { return catalogue.text(label) }
        if let service = entry.detail.serviceName {
            return [service, entry.detail.place].compactMap(\.self).joined(separator: " ")
        }
        return entry.door ?? entry.device ?? entry.detail.device ?? catalogue.say("本站", "station")
    }

    /// The kind, and the one or two facts that go with it.
    private func what(_ entry: EntryRecord, _ release: DetailRecord?) -> String {
        let detail = entry.detail
        var facts: [String] = []
        if let reason = detail.reason {
            let isPause = entry.kind == "part.changed"
            facts.append(isPause ? catalogue.reason(reason) : catalogue.denial(reason))
        }
        for case let note? in [detail.note, release?.note] where note != "none" {
            facts.append(self.note(note))
        }
        if let cause = detail.cause, cause != "key" { facts.append(catalogue.cause(cause)) }
        if let mode = detail.mode { facts.append(catalogue.mode(mode)) }
        if let command = detail.command { facts.append(catalogue.command(command)) }
        if let fault = detail.fault, entry.kind.hasPrefix("part.") {
            facts.append(catalogue.partFault(fault))
        } else if let fault = detail.fault {
            facts.append(catalogue.fault(fault))
            if entry.kind.hasSuffix(".faultRaised") { facts.append(catalogue.firstAid(fault)) }
        }
        if let flaw = detail.flaw { facts.append(catalogue.flaw(flaw) ?? flaw) }
        if let service = detail.service { facts.append(catalogue.service(service)) }
        if let rule = detail.guard { facts.append(catalogue.guardName(rule)) }
        if let step = detail.step { facts.append(catalogue.step(step)) }
        facts += use(detail) + catalogue.change(detail)
        if let until = detail.untilMilliseconds { facts.append(end(until, of: entry)) }
        if let diagnosis = detail.diagnosis { facts.append(catalogue.diagnosis(diagnosis)) }
        if let bits = detail.bits { facts.append("\(bits) bit") }
        if let count = detail.count { facts.append("\(count)") }
        if let refusal = detail.refusal { facts.append(catalogue.refusal(refusal)) }
        if let operation = detail.operation { facts.append(catalogue.operation(operation)) }
        if let approval = detail.approval { facts.append(catalogue.approval(approval)) }
        if let told = detail.told { facts.append(catalogue.told(told)) }
        if let user = detail.user {
            facts.append(
                entry.kind == "access.cardShown"
                    ? catalogue.say("给用户 \(user) 看", "to user \(user)")
                    : catalogue.say("用户 \(user)", "by user \(user)"))
        }
        if let use = detail.use { facts.append(catalogue.say("第 \(use) 次", "use \(use)")) }
        if let version = detail.version {
            facts.append(catalogue.say("第 \(version) 版", "version \(version)"))
        }
        if let keys = detail.keys { facts.append(catalogue.say("\(keys) 把", "\(keys) keys")) }
        if let epoch = detail.epoch { facts.append(epoch) }
        facts += point(detail)
        if let action = detail.action { facts.append(action) }
        if let order = detail.order { facts.append("#\(order)") }
        if let subject = detail.subject { facts.append(catalogue.subject(subject)) }
        if let outcome = detail.outcome {
            facts.append(
                entry.kind == "command.ended"
                    ? catalogue.commandOutcome(outcome) : catalogue.outcome(outcome))
        }
        if let quality = detail.quality, detail.point == nil {
            facts.append(catalogue.quality(quality))
        }
        if let waiting = detail.waiting {
            facts.append(
                waiting
                    ? catalogue.say("放行又等写入", "grants wait for it again")
                    : catalogue.say("放行不再等写入：请检查 SD 卡", "grants no longer wait: check the SD card"))
        }
        let kind = catalogue.kind(entry.kind)
        guard !facts.isEmpty else { return kind }
        return kind + catalogue.say("：", ": ") + facts.joined(separator: catalogue.say("，", ", "))
    }

    /// Until when, in the clock that the entry's own time is in.
    private func end(_ milliseconds: Int64, of entry: EntryRecord) -> String {
        let zone = entry.time.suffix(6)
        let parts = zone.dropFirst().split(separator: ":").compactMap { Int32($0) }
        let seconds = parts.count == 2 ? parts[0] * 3_600 + parts[1] * 60 : 0
        let time = Timestamp.rfc3339(
            milliseconds: milliseconds, utcOffset: zone.first == "-" ? -seconds : seconds)
        return catalogue.say("到 ", "until ") + Catalogue.short(time)
    }

    /// How a use came to be; how it ended, how long it took, how much it was.
    private func use(_ detail: DetailRecord) -> [String] {
        var facts: [String] = []
        if let source = detail.source { facts.append(catalogue.source(source)) }
        if let end = detail.end { facts.append(catalogue.end(end)) }
        if let seconds = detail.seconds {
            facts.append(catalogue.say("\(seconds / 60) 分钟", "\(seconds / 60) min"))
        }
        if let amount = detail.amount, let unit = detail.amountUnit, unit != UsageUnit.times.name {
            let about = detail.estimated == true ? catalogue.say("约 ", "about ") : ""
            facts.append("\(about)\(amount) \(unit)")
        }
        return facts
    }

    /// `power 24.4 W`; what cannot be believed says so.
    private func point(_ detail: DetailRecord) -> [String] {
        guard let point = detail.point else { return [] }
        let value = detail.state ?? detail.value
        let words = [point, value, detail.unit].compactMap(\.self).joined(separator: " ")
        guard let quality = detail.quality, quality != "good" else { return [words] }
        return [words, catalogue.pointQuality(quality)]
    }

    private func note(_ name: String) -> String {
        switch name {
        case "grace": catalogue.say("已到期，宽限中", "expired, in grace")
        case "clockUntrusted": catalogue.say("时钟未对准", "clock not trusted")
        case "journalSlow": catalogue.say("未等到写入", "not yet written")
        case "passback": catalogue.say("记录显示人已在里面", "was inside already")
        default: name
        }
    }

    static func milliseconds(_ microseconds: Int64) -> String {
        let tenths = (max(0, microseconds) + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

/// Joins a grant with the release that followed it, so that one tap is one line.
struct WatchFeed {
    /// Grants that wait for their release; more than a few mean that releases are not coming.
    static let waiting = 8

    private var grants: [EntryRecord] = []

    /// What can be told now: entries in order, a grant with its release.
    mutating func take(_ entry: EntryRecord) -> [(entry: EntryRecord, release: DetailRecord?)] {
        switch entry.kind {
        case "access.granted", "access.passGranted":
            grants.append(entry)
            guard grants.count > Self.waiting else { return [] }
            return [(grants.removeFirst(), nil)]
        case "door.released":
            if let index = grants.firstIndex(where: { $0.sequence == entry.detail.grant }) {
                return [(grants.remove(at: index), entry.detail)]
            }
            // Released by a key whose grant was told before this feed began, or by something else.
            return [(entry, nil)]
        default:
            // A grant is told before what happens at its door afterwards.
            let index = grants.firstIndex { $0.door != nil && $0.door == entry.door }
            return (index.map { [(grants.remove(at: $0), nil)] } ?? []) + [(entry, nil)]
        }
    }

    /// Whether a live watcher wants to see it: what people did and what is wrong, not samples.
    static func isWorthALine(_ entry: EntryRecord) -> Bool { entry.class <= 1 }
}
