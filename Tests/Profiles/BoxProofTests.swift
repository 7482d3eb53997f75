// What a box's profile has to prove, and numbers that cannot be sent.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A box's profile is refused` {
    private func errors(_ id: String, _ changes: (String, String)...) throws -> [String] {
        var text = try profileText(id)
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        return readProfile(text, id: id).errors
    }

    @Test func `when no worked bytes show one of its points`() throws {
        let errors = try errors("pzem-004t-v3", ("power_factor: 1.00, ", ""))
        #expect(errors.count == 1)
        #expect(errors[0].contains("no worked bytes give power_factor"))
        #expect(try self.errors("pzem-004t-v3").isEmpty)
    }

    @Test func `when a child changes a number that its parent proved`() throws {
        let same = try errors("lockboard-8a-16")
        #expect(same.isEmpty)
        let changed = try errors(
            "sdm220", ("tests:", "points: {voltage: {x: 10}}\ntests:"))
        #expect(changed.contains { $0.contains("no worked bytes give voltage") })
        let slower = try errors(
            "sdm220", ("tests:", "points: {current: {every: 9s}}\ntests:"))
        #expect(slower.isEmpty)
    }

    @Test func `when an argument within its range would leave a fraction`() throws {
        let half = try errors("waveshare-relay-8", ("value: tenths}", "value: 0.5 * tenths}"))
        #expect(half.count == 1 && half[0].contains("tenths cannot be 1"))
        let steps = try errors(
            "waveshare-relay-8", ("value: tenths}", "value: 0.5 * tenths}"),
            ("tenths: {range: [1, 600]}", "tenths: {range: [2, 600], step: 2}"),
            ("tenths: 7}", "tenths: 14}"), ("tenths: 8}", "tenths: 16}"))
        #expect(steps.isEmpty)
        let none = try errors(
            "waveshare-relay-8", ("{range: [1, 600]}", "{range: [1, 600], step: 0}"))
        #expect(!none.isEmpty)
    }

    @Test func `when its addresses are none that its frames can carry`() throws {
        let wide = try errors("lockboard-8a", ("addresses: [1, 99]", "addresses: [1, 300]"))
        #expect(wide.count == 1 && wide[0].contains("0 to 255"))
        let codec = try errors("jbd-bms", ("addresses: none", "addresses: [1, 9]"))
        #expect(!codec.isEmpty)
    }

    @Test func `when what says no is no field of the answer`() throws {
        let wrong = try errors(
            "wkly-12", ("refused: {status: [0xFF]}", "refused: {state: [0xFF]}"))
        #expect(!wrong.isEmpty && wrong.allSatisfy { $0.contains("state") })
        let far = try errors(
            "wkly-12", ("refused: {status: [0xFF]}", "refused: {status: [0x1FF]}"))
        #expect(!far.isEmpty)
    }

    @Test func `and an argument may be its lowest and so many steps more`() {
        func number(_ text: String) -> DecimalNumber { DecimalNumber(text) ?? .zero }
        let tenths = ArgumentSettings(
            name: "degrees", lowest: number("-10"), highest: number("10"), step: number("0.1"))
        #expect(tenths.allows(number("0.3")) && tenths.allows(number("-9.9")))
        #expect(!tenths.allows(number("0.15")) && !tenths.allows(number("10.1")))
        let whole = ArgumentSettings(name: "lock", lowest: number("1"), highest: number("12"))
        #expect(whole.allows(number("3")) && whole.allows(number("3.0")))
        #expect(!whole.allows(number("1.5")) && !whole.allows(number("0")))
    }
}
