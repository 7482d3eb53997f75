// From a YAML tree to a station file, with every error that can be seen without the profiles.

import StationCore

struct StationReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    func read(_ root: TreeNode) -> StationFile? {
        guard var fields = Fields(root, .stationFile, checker) else { return nil }
        let schema = fields.require("schema")
        let station = fields.require("station")
        let ports = fields.require("ports")
        let devices = fields.require("devices")
        let doors = fields.require("doors")
        let services = fields.take("services")
        let hours = fields.take("hours")
        let holidays = fields.take("holidays")
        let rights = fields.take("rights")
        let twoMasters = fields.take("two_masters")
        let journal = fields.take("journal")
        let policy = fields.take("policy")
        fields.finish()
        if let schema { _ = checker.choice(schema, of: [(StationFile.schema, true)]) }
        return StationFile(
            identity: station.flatMap(readStation) ?? Self.nobody,
            ports: ports.map(PortReader(checker: checker).read) ?? [],
            devices: devices.map(DeviceReader(checker: checker).read) ?? [],
            doors: doors.map(DoorReader(checker: checker).read) ?? [],
            services: services.map(ServiceReader(checker: checker).read) ?? [],
            hours: hours.map(HoursReader(checker: checker).read) ?? [],
            holidays: holidays.map(HolidayReader(checker: checker).read) ?? .unknown,
            rights: rights.map(RightsReader(checker: checker).read) ?? [],
            twoMasters: twoMasters.flatMap(TwoMastersReader(checker: checker).read),
            journal: journal.map(readJournal) ?? JournalSettings(),
            policy: policy.map(readPolicy) ?? StationPolicy())
    }

    /// Stands in for a station that could not be read, so that the rest is checked as well.
    private static let nobody = StationIdentity(
        id: "unread", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 480)

    // MARK: Station

    private func readStation(_ node: TreeNode) -> StationIdentity? {
        guard var fields = Fields(node, .station, checker) else { return nil }
        let id = fields.require("id")
        let name = fields.require("name")
        let phone = fields.take("phone")
        let district = fields.take("district")
        let offset = fields.take("utc_offset")
        fields.finish()
        let label = name.map { checker.label($0) } ?? StationFile.Label()
        return StationIdentity(
            id: id.flatMap(checker.name) ?? Self.nobody.id,
            nameChinese: label.chinese, nameEnglish: label.english,
            phone: phone.flatMap { checker.text($0, limit: Limit.phoneBytes) } ?? "",
            utcOffsetMinutes: offset.flatMap(readOffset) ?? Self.nobody.utcOffsetMinutes,
            district: district.flatMap(checker.name))
    }

    /// `"+08:00"` in minutes.
    private func readOffset(_ node: TreeNode) -> Int? {
        guard let text = checker.word(node) else { return nil }
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 6, text.hasPrefix("+") || text.hasPrefix("-"),
            text.utf8.dropFirst(3).first == UInt8(ascii: ":"),
            [1, 2, 4, 5].allSatisfy({ (0...9).contains(digits[$0]) }), digits[4] < 6
        else {
            checker.report(node.place, .notAnOffset(found: text))
            return nil
        }
        let size = (digits[1] * 10 + digits[2]) * 60 + digits[4] * 10 + digits[5]
        let minutes = text.hasPrefix("-") ? -size : size
        guard Limit.utcOffsetMinutes.contains(minutes) else {
            checker.report(
                node.place, .outOfRange(found: text, lowest: "-12:00", highest: "+14:00"))
            return nil
        }
        return minutes
    }

    // MARK: Journal and policy

    private func readJournal(_ node: TreeNode) -> JournalSettings {
        var settings = JournalSettings()
        guard var fields = Fields(node, .journal, checker) else { return settings }
        let wait = fields.take("commit_wait")
        let lapse = fields.take("lapse")
        fields.finish()
        if let wait, isWord(wait) {
            settings.commitWait =
                checker.choice(wait, of: [("strict", .strict), ("150ms", .bounded)]) ?? .bounded
        } else if let wait {
            let range = Limit.commitWaitMilliseconds
            settings.commitWaitMilliseconds =
                milliseconds(wait, in: range)
                ?? settings.commitWaitMilliseconds
        }
        if let lapse {
            settings.lapseMilliseconds =
                milliseconds(lapse, in: Limit.lapseMilliseconds) ?? settings.lapseMilliseconds
            if settings.commitWait == .bounded { checker.note(lapse.place, .lapseWithoutStrict) }
        }
        return settings
    }

    /// `commit_wait` is a duration or a word; whatever begins with a letter is meant as the word.
    private func isWord(_ node: TreeNode) -> Bool {
        guard case .scalar(let text, _) = node.content else { return false }
        return text.first?.isLetter == true
    }

    private func milliseconds(_ node: TreeNode, in range: ClosedRange<Int>) -> Int? {
        checker.duration(
            node, in: .milliseconds(range.lowerBound) ... .milliseconds(range.upperBound)
        )?.milliseconds
    }

    private func readPolicy(_ node: TreeNode) -> StationPolicy {
        var policy = StationPolicy()
        guard var fields = Fields(node, .policy, checker) else { return policy }
        let clock = fields.take("untrusted_clock")
        let grace = fields.take("grace_days")
        fields.finish()
        let choices: [(String, StationPolicy.UntrustedClock)] = [
            ("floor", .floor), ("deny", .deny),
        ]
        policy.untrustedClock =
            clock.flatMap { checker.choice($0, of: choices) } ?? policy.untrustedClock
        policy.graceDays =
            grace.flatMap { checker.integer($0, in: Limit.graceDays) } ?? policy.graceDays
        return policy
    }
}

extension Checker {
    /// `{zh: 北门, en: North gate}`; both languages are required.
    func label(_ node: TreeNode) -> StationFile.Label {
        guard var fields = Fields(node, .label, self) else { return StationFile.Label() }
        let chinese = fields.require("zh")
        let english = fields.require("en")
        fields.finish()
        let limit = ResolvedStation.Limit.labelBytes
        return StationFile.Label(
            chinese: chinese.flatMap { text($0, limit: limit) } ?? "",
            english: english.flatMap { text($0, limit: limit) } ?? "")
    }
}
