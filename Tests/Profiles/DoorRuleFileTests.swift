// What a station file says of doors that do more, and what is refused with its place.

import Profiles
import StationCore
import Testing

@Suite struct `A door's rules in a station file` {
    private static let text = StationText.right
        .replacing(
            "    gpio: {button: A5}",
            with: """
                    gpio: {button: A5}
                  - {name: inside, profile: wiegand-34, gpio: {d0: B0, d1: B1}}
                  - {name: smoke, profile: smoke-contact, gpio: {head: B2}}
                  - {name: loop, profile: dry-contact, gpio: {contact: B3}}
                """
        )
        .replacing("readers: {in: [reader]}", with: "readers: {in: [reader], out: [inside]}")

    private static func with(_ rules: String, in text: String = text) -> String {
        text.replacing("    pre_alarm: 10s\n", with: "    pre_alarm: 10s\n    \(rules)\n")
    }

    private func rules(_ lines: String) throws -> DoorRules? {
        try StationText.resolve(Self.with(lines)).station.doors[0].rules
    }

    @Test func `are none without its keys, and the file says nothing of them`() throws {
        let resolution = try StationText.resolve(Self.text)
        #expect(resolution.station.doors[0].rules == nil)
        #expect(!String(decoding: resolution.json, as: UTF8.self).contains("\"rules\""))
    }

    @Test func `come out as they were written, and are believed`() throws {
        let rules = try #require(
            try rules(
                """
                fire: "smoke/smoke == alarm"
                    obstacles: ["loop/door == open", "smoke/smoke == alarm"]
                    frost: "loop/door == closed"
                    extended: {release: 10s, open: 1min}
                    passback: {area: yard, rule: hard}
                    second_person: 20s
                """))
        #expect(rules.fire.map(\.point) == ["smoke"])
        #expect(rules.obstacles.map(\.point) == ["door", "smoke"])
        #expect(rules.frost?.relation == .equal)
        #expect(
            rules.extended
                == DoorRules.Extended(releaseMilliseconds: 10_000, openMilliseconds: 60_000))
        #expect(
            rules.passback == DoorRules.Passback(kind: .hard, area: "yard", forgetSeconds: 43_200))
        #expect(rules.secondPersonMilliseconds == 20_000)
    }

    @Test func `have times of their own where the file says none`() throws {
        let timed = try rules("passback: {area: yard, rule: timed}")
        #expect(timed?.passback?.forgetSeconds == 300)
        let more = try rules("extended: {release: 7s}")
        #expect(more?.extended?.openMilliseconds == 7_000)
    }

    @Test(arguments: [
        ("passback: {area: yard, rule: hard, forget: 10s}", "`10s` is out of range: 1min to"),
        ("passback: {area: yard, rule: never}", "`never` is not allowed here"),
        ("passback: {rule: hard}", "`area` is missing in `passback`"),
        ("extended: {open: 5s}", "`release` is missing in `extended`"),
        ("second_person: 1s", "`1s` is out of range: 2s to 1min"),
        ("interlock: hall", "Only one door has the interlock `hall`: it takes two."),
        ("first_person: crew", "write `unlock` as well"),
        ("fire: \"smoke/flame == alarm\"", "flame"),
        ("fire: \"smok/smoke == alarm\"", "Did you mean `smoke`?"),
        ("obstacles: \"door == open\"", ""),
        ("frost: \"loop/door == open and smoke/smoke == alarm\"", ""),
    ])
    func `are refused with the reason`(rule: String, why: String) {
        let errors = StationText.errors(in: Self.with(rule))
        #expect(errors.count == 1)
        #expect(errors.first?.contains(why) == true)
        #expect(errors.first?.hasPrefix("3") == true)
    }

    @Test(arguments: [
        (
            "readers: {in: [reader], out: [inside]}", "readers: {in: [reader, inside]}",
            "passback: {area: yard, rule: hard}", "needs a reader outward"
        ),
        ("    contact: contact\n", "", "frost: \"loop/door == open\"", "needs a contact"),
        ("release: 5s", "release: 3s", "frost: \"loop/door == open\"", "at least 5s"),
    ])
    func `are refused without what they need`(
        old: String, new: String, rule: String, why: String
    ) {
        let errors = StationText.errors(
            in: Self.with(rule, in: Self.text.replacing(old, with: new)))
        #expect(errors.count == 1)
        #expect(errors.first?.contains(why) == true)
    }

    @Test func `that somebody else resolved are checked once more`() throws {
        let right = try StationText.resolve(
            Self.with("passback: {area: yard, rule: hard}")
        ).station
        _ = try right.validated()
        let wrong: [(inout DoorRules) -> Void] = [
            { $0.passback?.forgetSeconds = 0 }, { $0.passback?.area = "No Name" },
            { $0.secondPersonMilliseconds = 1 }, { $0.interlock = "alone" },
            { $0.firstPerson = .rider },
            { $0.extended = .init(releaseMilliseconds: -1, openMilliseconds: 0) },
            {
                $0.fire = [
                    Comparison(
                        point: "nothing", relation: .equal,
                        value: Expression(plus: DecimalNumber(1)), device: 0)
                ]
            },
        ]
        for change in wrong {
            var station = right
            var rules = try #require(station.doors[0].rules)
            change(&rules)
            station.doors[0].rules = rules
            #expect(throws: ResolvedStation.Flaw.value(.rules, index: 0)) {
                _ = try station.validated()
            }
        }
    }
}
