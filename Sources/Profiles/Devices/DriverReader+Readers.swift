// Drivers of readers that speak on a channel: what their profiles say.

import EventLoop
import StationCore

extension DriverReader {
    private static let technologies = [Technology.em4100, .iso14443, .iso15693].map {
        ($0.name, $0)
    }
    static let keyInterval: ClosedRange<Microseconds> =
        .milliseconds(ResolvedStation.Limit.keyIntervalMilliseconds.lowerBound)
        ... .milliseconds(ResolvedStation.Limit.keyIntervalMilliseconds.upperBound)

    // MARK: 125 kHz on a serial line

    func em4100(_ fields: inout Fields) -> EM4100Settings? {
        let framing = fields.require("framing").flatMap {
            checker.choice($0, of: EM4100Framing.allCases.map { ($0.name, $0) })
        }
        let views = views(&fields)
        guard let framing, let views else { return nil }
        return EM4100Settings(framing: framing.name, views: views)
    }

    // MARK: USB

    func ccid(_ fields: inout Fields) -> CCIDSettings? {
        let family = fields.require("family").flatMap {
            checker.choice($0) as CCIDFamily?
        }
        let slot = fields.take("slot").map {
            checker.integer($0, in: ResolvedStation.Limit.slots)
        }
        let views = views(&fields)
        guard let family, let slot = slot ?? 0, let views else { return nil }
        return CCIDSettings(family: family.rawValue, slot: slot, views: views)
    }

    // MARK: OSDP

    static let security = OSDPReaderSettings.Security.allCases.map { ($0.rawValue, $0) }
    static let displays = OSDPReaderSettings.Display.allCases.map { ($0.rawValue, $0) }

    /// Line and address are the station file's.
    func osdp(_ fields: inout Fields) -> OSDPReaderSettings? {
        let formats = fields.require("formats").flatMap {
            self.formats($0, among: Self.formatNames)
        }
        let technology =
            fields.take("technology").map { checker.choice($0, of: Self.technologies) } ?? .em4100
        let texts = fields.take("texts")
        let secure = fields.take("secure").map { checker.choice($0, of: Self.security) }
        let keypad = fields.take("keypad").map(checker.boolean) ?? false
        let display = fields.take("display").map { checker.choice($0, of: Self.displays) }
        let views = views(&fields)
        guard let formats, let technology, let secure = secure ?? .required, let keypad, let views
        else { return nil }
        // Said and not understood is an error that was reported; not said is not.
        if let display, display == nil { return nil }
        guard let texts = texts.map({ self.formats($0, technology, among: Self.forms) }) ?? []
        else { return nil }
        return OSDPReaderSettings(
            bus: 0, address: 0, secure: secure, formats: formats, texts: texts,
            technology: technology.name, views: views, keypad: keypad, display: display ?? nil)
    }

    // MARK: Keyboards

    static let forms = PrintedForm.all.map(\.name)

    func keyboard(_ fields: inout Fields) -> KeyedReaderSettings? {
        let passes = fields.take("passes").map(checker.boolean) ?? false
        // A scanner that only takes passes has no card formats.
        let formats = passes == true ? fields.take("formats") : fields.require("formats")
        let technology = fields.require("technology").flatMap {
            checker.choice($0, of: Self.technologies)
        }
        let sentinels = fields.take("sentinels").map(self.sentinels) ?? ""
        let interval =
            fields.take("longest_interval").map { checker.duration($0, in: Self.keyInterval) }
            ?? .milliseconds(Int(KeyboardSettings.usualInterval.nanoseconds / 1_000_000))
        let views = views(&fields)
        guard let technology, let passes, let sentinels, let interval, let views else { return nil }
        guard let formats = formats.map({ self.formats($0, technology, among: Self.forms) }) ?? []
        else { return nil }
        return KeyedReaderSettings(
            formats: formats, technology: technology.name, views: views, sentinels: sentinels,
            longestIntervalMilliseconds: interval.milliseconds, takesPasses: passes)
    }

    /// `[8h10d, {form: hex, length: 8}]`: no two of one length.
    func formats(
        _ node: TreeNode, _ technology: Technology, among allowed: [String]
    ) -> [KeyedReaderSettings.Format]? {
        guard let items = checker.list(node, of: .driver, limit: KeyboardFormat.perReader) else {
            return nil
        }
        var read: [(format: KeyboardFormat, settings: KeyedReaderSettings.Format)] = []
        var isWhole = true
        for item in items {
            guard let settings = format(item, among: allowed),
                let format = keyboardFormat(settings, technology, item.place)
            else {
                isWhole = false
                continue
            }
            if let other = read.first(where: { $0.format.length == format.length }) {
                checker.report(
                    item.place,
                    .keyedFormatsCollide(
                        other.settings.form, settings.form, length: format.length))
                isWhole = false
            }
            read.append((format, settings))
        }
        return isWhole ? read.map(\.settings) : nil
    }

    private func format(
        _ node: TreeNode, among allowed: [String]
    ) -> KeyedReaderSettings.Format? {
        let forms = allowed.map { ($0, $0) }
        guard case .map = node.content else {
            return checker.choice(node, of: forms).map { .init(form: $0) }
        }
        guard var fields = Fields(node, .format, checker) else { return nil }
        let form = fields.require("form").flatMap { checker.choice($0, of: forms) }
        let length = fields.take("length").map {
            checker.integer($0, in: 1...KeyboardFormat.longest)
        }
        fields.finish()
        guard let form, let length else { return form.map { .init(form: $0) } }
        return length.map { .init(form: form, length: $0) }
    }

    private func keyboardFormat(
        _ settings: KeyedReaderSettings.Format, _ technology: Technology, _ place: Place
    ) -> KeyboardFormat? {
        let format = PrintedForm(name: settings.form).flatMap {
            KeyboardFormat(form: $0, technology: technology, length: settings.length)
        }
        if format == nil {
            checker.report(
                place, .formUnusable(form: settings.form, technology: technology.name))
        }
        return format
    }

    /// Two printable characters of ASCII: the first and the last.
    private func sentinels(_ node: TreeNode) -> String? {
        guard let text = checker.text(node, limit: 2) else { return nil }
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            checker.report(node.place, .badSentinels(found: text))
            return nil
        }
        return text
    }
}
