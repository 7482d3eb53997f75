// What a station file is told of guards whose orders nobody sees obeyed.

import StationCore
import Testing

@testable import Profiles

private enum Heating {
    static let text = """
        schema: station/1
        station:
          id: heating
          name: {zh: 暖房, en: Heating}
        ports:
          header: {gpio: test-chip}
        devices:
          - {name: room, profile: ds18b20}
          - name: heater
            profile: relay-line
            drives: heater
            safety: pull
            gpio: {relay: A4}
            guards: {hot: {when: "room/temperature > 60", do: [{perform: switch_off}]}}
            outer: {perform: main/switch_off}
          - {name: main, profile: contactor-line, drives: other, gpio: {coil: A5, mirror: A6}}
          - {name: strike, profile: strike-12v, gpio: {coil: A9}}
        doors:
          - {name: front, lock: strike}

        """

    static func replacing(_ pairs: [(String, String)]) -> String {
        pairs.reduce(text) { text, pair in
            #expect(text.contains(pair.0), "\(pair.0)")
            return text.replacing(pair.0, with: pair.1)
        }
    }

    static func notes(_ pairs: [(String, String)] = []) throws -> [ConfigurationNote.Kind] {
        try StationText.resolve(replacing(pairs)).notes.map(\.kind)
    }
}

@Suite struct `A guard's order on a line of the board` {
    @Test func `is refused where nobody would see that a heater stays on, and nobody would act`() {
        let errors = StationText.errors(in: Heating.text)
        #expect(
            errors == [
                "15:12 Guard `hot` of `heater` orders `switch_off`, and nothing shows whether that "
                    + "is obeyed, so `outer` would never act: add `outer` to its `do`, or use a "
                    + "profile with a feedback contact, such as contactor-line."
            ])
    }

    @Test func `is taken with somebody who acts at once, or with a contact that tells`() throws {
        let both = try Heating.notes([("[{perform: switch_off}]", "[{perform: switch_off}, outer]")]
        )
        #expect(!both.contains(.orderUnseen(device: "heater", action: "switch_off")))
        let contactor = try Heating.notes([
            ("profile: relay-line", "profile: contactor-line"),
            ("gpio: {relay: A4}", "gpio: {coil: A4, mirror: A7}"),
        ])
        #expect(!contactor.contains(.orderUnseen(device: "heater", action: "switch_off")))
        #expect(!contactor.contains(.outerUnseen(device: "heater", action: "main/switch_off")))
    }

    @Test func `is noted where nobody is hurt, or nobody was named`() throws {
        let unseen = ConfigurationNote.Kind.orderUnseen(device: "heater", action: "switch_off")
        #expect(try Heating.notes([("drives: heater", "drives: light")]).contains(unseen))
        let alone = try Heating.notes([("    outer: {perform: main/switch_off}\n", "")])
        #expect(alone.contains(unseen) && alone.contains(.noOuter(device: "heater")))
    }

    @Test func `is noted of whoever acts for a device as well`() throws {
        let notes = try Heating.notes([
            ("[{perform: switch_off}]", "[{perform: switch_off}, outer]"),
            ("contactor-line", "relay-line"), ("{coil: A5, mirror: A6}", "{relay: A5}"),
        ])
        #expect(notes.contains(.outerUnseen(device: "heater", action: "main/switch_off")))
    }

    /// A wheel that stands says that no water comes, whatever the valve does.
    @Test func `is not seen by the value for whose sake it is given`() throws {
        func text(_ when: String) -> String {
            Heating.text.replacing(
                "  - {name: room, profile: ds18b20}\n",
                with: """
                      - {name: room, profile: ds18b20}
                      - name: tap
                        profile: dispenser-yf-s201
                        gpio: {flow: B0, valve: B1, float: B2, leak: B3}
                        guards: {odd: {when: "\(when)", do: [{perform: close}]}}
                        outer: {perform: main/switch_off}

                    """
            ).replacing("[{perform: switch_off}]", with: "[{perform: switch_off}, outer]")
        }
        let errors = StationText.errors(in: text("valve == open and rate < 0.3"))
        #expect(errors.count == 1 && errors[0].contains("Guard `odd` of `tap` orders `close`"))
        // More than there may be: what comes later is a sign.
        #expect(StationText.errors(in: text("valve == open and rate > 30")) == [])
        #expect(StationText.errors(in: text("valve == open and volume > 3")) == [])
    }

    @Test func `is told in both languages`() {
        let kinds: [ConfigurationNote.Kind] = [
            .orderUnseen(device: "a", action: "b"), .outerUnseen(device: "a", action: "b"),
        ]
        for kind in kinds {
            let (chinese, english) = kind.sentence
            #expect(chinese.hasPrefix("提示：“a”") && english.hasPrefix("note: "))
        }
    }
}
