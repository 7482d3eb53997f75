// `two_masters` of a station file: what may wait for two, and what never does.

import Profiles
import StationCore
import Testing

@Suite struct `Two masters in a station file` {
    private static let text = StationText.right.replacing(
        "doors:", with: "two_masters: {at: reader, for: [hours_today, lift_block]}\ndoors:")

    @Test func `are named with their reader and what waits for them`() throws {
        let resolution = try StationText.resolve(Self.text)
        let two = try #require(resolution.station.twoMasters)
        #expect(resolution.station.devices[two.reader].name == "reader")
        #expect(two.operations == ["hours_today", "lift_block"])
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
    }

    @Test(arguments: MasterOperation.never)
    func `never hold up what is needed for safety or is a rider's own`(_ word: String) {
        let errors = StationText.errors(in: Self.text.replacing("hours_today", with: word))
        #expect(
            errors == [
                "23:33 `\(word)` is needed for safety or for a rider's own things and never waits "
                    + "for two masters: take it out."
            ])
    }

    @Test(arguments: [
        ("at: reader", "at: strike", "23:19"), ("at: reader", "at: nobody", "23:19"),
        ("hours_today", "hours_tomorrow", "23:33"), ("hours_today", "lift_block", "23:45"),
        ("[hours_today, lift_block]", "[]", "23:32"),
    ])
    func `are refused with their place when they are not right`(
        _ right: String, _ wrong: String, _ place: String
    ) {
        let errors = StationText.errors(in: Self.text.replacing(right, with: wrong))
        #expect(errors.count == 1 && errors.first?.hasPrefix(place + " ") == true, "\(errors)")
    }
}
