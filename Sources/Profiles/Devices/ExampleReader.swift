// A profile's `tests`: worked bits and levels, at least one.

import StationCore

struct ExampleReader {
    let checker: Checker

    func read(_ node: TreeNode, for driver: DriverSettings) -> [Placed<WorkedExample>] {
        let items = checker.list(node, of: .examples, limit: ProfileReader.listLimit) ?? []
        return items.compactMap { item in
            guard var fields = Fields(item, .example, checker) else { return nil }
            defer { fields.finish() }
            let example: WorkedExample? =
                switch driver {
                case .wiegand: wiegand(&fields)
                case .lock: lock(&fields)
                case .contact: level(&fields, "open", "closed").map { .contact($0, closed: $1) }
                case .button: level(&fields, "released", "pressed").map { .button($0, pressed: $1) }
                case .pn532, .em4100, .osdpReader: bytes(&fields)
                case .keyboard: keys(&fields)
                case .ccid: answers(&fields)
                // No profile makes a line: a port does.
                case .osdpBus, .fieldBus, .busDevice, .boardDevice: nil
                }
            return example.map { Placed($0, at: item.place) }
        }
    }

    /// `{bits: "…", gives: {facility: 1, number: 2}}`, `{bits: "…", refused: parity}` or
    /// `{bits: "0101", key: "5"}`.
    private func wiegand(_ fields: inout Fields) -> WorkedExample? {
        let bits = fields.require("bits").flatMap(self.bits)
        let refused = fields.take("refused")
        let key = fields.take("key")
        let gives = refused == nil && key == nil ? fields.require("gives") : fields.take("gives")
        guard let bits else { return nil }
        if let refused {
            let names = ReadDiagnosis.ofWiegand.map(\.name)
            return checker.choice(refused, of: names.map { ($0, $0) }).map {
                .refused(bits: bits, diagnosis: $0)
            }
        }
        if let key {
            let keys = "0123456789*#".map { (String($0), String($0)) }
            return checker.choice(key, of: keys).map { .key(bits: bits, $0) }
        }
        return gives.flatMap(card).map { .card(bits: bits, $0) }
    }

    private func bits(_ node: TreeNode) -> String? {
        guard let (text, quoted) = checker.scalar(node) else { return nil }
        let range = 1...Credential.bitCapacity
        guard quoted, range.contains(text.utf8.count), text.allSatisfy({ $0 == "0" || $0 == "1" })
        else {
            checker.report(node.place, .badBits(found: text))
            return nil
        }
        return text
    }

    private func card(_ node: TreeNode) -> WorkedExample.Card? {
        guard var fields = Fields(node, .expectation, checker) else { return nil }
        let range = 0...(1 << 40)
        let facility = fields.take("facility").flatMap { checker.integer($0, in: range) }
        let number = fields.take("number").flatMap { checker.integer($0, in: range) }
        let full = fields.take("full").flatMap { checker.text($0, limit: 32) }
        fields.finish()
        guard facility != nil || number != nil || full != nil else {
            checker.report(node.place, .missingKey("number", in: .expectation))
            return nil
        }
        return WorkedExample.Card(facility: facility, number: number, full: full)
    }

    /// `{drive: released, level: high}`
    private func lock(_ fields: inout Fields) -> WorkedExample? {
        let drive = fields.require("drive")
        let level = fields.require("level")
        guard
            let isReleased = drive.flatMap({
                checker.choice($0, of: [("secured", false), ("released", true)])
            }), let level: WorkedExample.Level = level.flatMap({ checker.choice($0) })
        else { return nil }
        return .lock(released: isReleased, level)
    }

    /// `{level: low, gives: closed}`
    private func level(
        _ fields: inout Fields, _ inactive: String, _ active: String
    ) -> (WorkedExample.Level, Bool)? {
        let level = fields.require("level")
        let gives = fields.require("gives")
        guard let level: WorkedExample.Level = level.flatMap({ checker.choice($0) }),
            let isActive = gives.flatMap({
                checker.choice($0, of: [(inactive, false), (active, true)])
            })
        else { return nil }
        return (level, isActive)
    }
}
