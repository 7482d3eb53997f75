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
        let journal = fields.take("journal")
        let policy = fields.take("policy")
        fields.finish()
        if let schema { _ = checker.choice(schema, of: [(StationFile.schema, true)]) }
        return StationFile(
            identity: station.flatMap(readStation) ?? Self.nobody,
            ports: ports.map(readPorts) ?? [],
            devices: devices.map(DeviceReader(checker: checker).read) ?? [],
            doors: doors.map(DoorReader(checker: checker).read) ?? [],
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
        let offset = fields.take("utc_offset")
        fields.finish()
        let label = name.map { checker.label($0) } ?? StationFile.Label()
        return StationIdentity(
            id: id.flatMap(checker.name) ?? Self.nobody.id,
            nameChinese: label.chinese, nameEnglish: label.english,
            phone: phone.flatMap { checker.text($0, limit: Limit.phoneBytes) } ?? "",
            utcOffsetMinutes: offset.flatMap(readOffset) ?? Self.nobody.utcOffsetMinutes)
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

    // MARK: Ports

    /// `main: {gpio: pinctrl-bcm2711}`; the keys are the file's own names.
    private func readPorts(_ node: TreeNode) -> [StationFile.Port] {
        guard let pairs = checker.pairs(node) else { return [] }
        var ports: [StationFile.Port] = []
        var chips: [String: Place] = [:]
        for pair in pairs {
            if !ResolvedStation.isLegalName(pair.key) {
                checker.report(pair.place, .badName(found: pair.key))
            }
            guard var fields = Fields(pair.value, .port, checker) else { continue }
            let gpio = fields.require("gpio")
            fields.finish()
            guard let gpio, let chip = checker.text(gpio, limit: Limit.lineNameBytes) else {
                continue
            }
            if isNumbered(chip) { checker.report(gpio.place, .chipByNumber(chip)) }
            if let first = chips[chip] {
                checker.report(gpio.place, .chipTwice(chip, first: first))
            }
            chips[chip] = chips[chip] ?? gpio.place
            ports.append(StationFile.Port(name: Placed(pair.key, at: pair.place), chip: chip))
        }
        return ports
    }

    /// `gpiochip0`, `/dev/gpiochip0`, `0`: the number that the kernel gave this time.
    private func isNumbered(_ chip: String) -> Bool {
        let rest =
            ["/dev/gpiochip", "gpiochip"].first(where: chip.hasPrefix)
            .map { chip.dropFirst($0.count) } ?? chip[...]
        return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
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
