// A profile's `driver`: which machine serves the device, and its settings.

import StationCore

struct DriverReader {
    let checker: Checker

    static let settle: ClosedRange<Microseconds> =
        .milliseconds(ResolvedStation.Limit.settleMilliseconds.lowerBound)
        ... .milliseconds(ResolvedStation.Limit.settleMilliseconds.upperBound)
    /// Every format by its name; of those without parity, the counts that are whole bytes.
    static let formatNames =
        WiegandFormat.named.map(\.name)
        + stride(from: 24, through: Credential.bitCapacity, by: 8).compactMap {
            WiegandFormat.raw($0)?.name
        }
    /// The drivers of readers.
    static let readers = ["wiegand", "pn532", "em4100", "keyboard", "ccid", "osdp"]
    static let duties: [(String, LockSettings.Duty)] = [
        ("intermittent", .intermittent), ("continuous", .continuous),
    ]
    static let safeties: [(String, LockSettings.Safety)] = [
        ("board", .board), ("pull", .pull), ("none", .none),
    ]

    /// - Returns: `nil` when something that the driver cannot do without is missing.
    func read(_ node: TreeNode, kind: DeviceProfile.Kind?) -> DriverSettings? {
        guard var fields = Fields(node, .driver, checker) else { return nil }
        guard let name = fields.require("as") else {
            fields.finish()
            return nil
        }
        let drivers = Self.readers + ["lock", "contact", "button"]
        guard let driver = checker.choice(name, of: drivers.map { ($0, $0) }) else { return nil }
        if let kind, !kind.drivers.contains(driver) {
            checker.report(name.place, .wrongKind(found: kind, driver: driver))
        }
        defer { fields.finish() }
        switch driver {
        case "wiegand": return wiegand(&fields).map(DriverSettings.wiegand)
        case "pn532": return views(&fields).map { .pn532(PN532Settings(views: $0)) }
        case "em4100": return em4100(&fields).map(DriverSettings.em4100)
        case "keyboard": return keyboard(&fields).map(DriverSettings.keyboard)
        case "ccid": return ccid(&fields).map(DriverSettings.ccid)
        case "osdp": return osdp(&fields).map(DriverSettings.osdpReader)
        case "lock": return lock(&fields, kind).map(DriverSettings.lock)
        case "contact":
            return settle(&fields).map {
                .contact(ContactSettings(settleMilliseconds: $0.milliseconds))
            }
        default:
            return settle(&fields).map {
                .button(ButtonSettings(settleMilliseconds: $0.milliseconds))
            }
        }
    }

    private func wiegand(_ fields: inout Fields) -> WiegandSettings? {
        let formats = fields.require("formats").flatMap {
            self.formats($0, among: Self.formatNames)
        }
        let views = views(&fields)
        let keypad = fields.take("keypad").flatMap(checker.boolean) ?? false
        guard let formats, let views else { return nil }
        return WiegandSettings(formats: formats, views: views, keypad: keypad)
    }

    func views(_ fields: inout Fields) -> [String]? {
        fields.require("views").flatMap { views($0, among: View.allCases.map(\.name)) }
    }

    /// Formats that one reader can send: each bit count once.
    func formats(_ node: TreeNode, among allowed: [String]) -> [String]? {
        guard
            let names = checker.references(
                node, to: .format, in: allowed, of: .driver,
                limit: ResolvedStation.Limit.formatsPerReader)
        else { return nil }
        let formats = names.compactMap { WiegandFormat(name: $0.value) }
        let conflicts = WiegandFormat.conflicts(in: formats)
        for conflict in conflicts {
            let second = names.last { $0.value == conflict.second.name }
            checker.report(
                second?.place ?? node.place,
                .formatsCollide(
                    conflict.first.name, conflict.second.name, bits: conflict.bitCount))
        }
        return names.isEmpty || !conflicts.isEmpty ? nil : names.map(\.value)
    }

    /// At most `View.perReader` views.
    func views(_ node: TreeNode, among allowed: [String]) -> [String]? {
        guard
            let names = checker.references(
                node, to: .view, in: allowed, of: .driver,
                limit: View.allCases.count)
        else { return nil }
        if names.count > View.perReader {
            checker.report(names[View.perReader].place, .tooManyViews(limit: View.perReader))
        }
        return names.isEmpty ? nil : names.map(\.value)
    }

    private func lock(_ fields: inout Fields, _ kind: DeviceProfile.Kind?) -> LockSettings? {
        let safety = fields.require("safety").flatMap { checker.choice($0, of: Self.safeties) }
        let duty = fields.require("duty").flatMap { checker.choice($0, of: Self.duties) }
        guard let safety, let duty else { return nil }
        return LockSettings(
            kind: kind == .maglock ? .maglock : .strike, safety: safety, duty: duty)
    }

    private func settle(_ fields: inout Fields) -> Microseconds? {
        fields.require("settle").flatMap { checker.duration($0, in: Self.settle) }
    }
}
