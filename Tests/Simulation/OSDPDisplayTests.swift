// What an OSDP reader's display shows of a decision: which sentence, in which language, how long.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `An OSDP reader with a display` {
    private func gate(
        _ display: OSDPReaderSettings.Display?, role: KeyRole = .rider
    ) -> OSDPGate {
        let gate = OSDPGate(readers: 2, role: role) { settings in
            settings[0].display = display
            settings[1].display = display
        }
        // The second one has none, and says so.
        gate.line.pds[0].capabilities[.text] = (1, 1)
        gate.line.pds[1].capabilities[.text] = (0, 0)
        gate.run(for: .seconds(2))
        return gate
    }

    private func texts(_ place: Int, _ gate: OSDPGate) -> [OSDPDisplay] {
        gate.line.pds[place].obeyed.compactMap { command in
            if case .text(let display) = command { display } else { nil }
        }
    }

    /// A known card and an unknown one at each reader.
    private func play(_ gate: OSDPGate) {
        for number in [0, 9] {
            for place in 0..<2 {
                gate.line.pds[place].happen(OSDPGate.reply(OSDPGate.card(place + number)))
            }
            gate.run(for: .seconds(4))
        }
    }

    @Test func `shows each decision in English, for its time, where it has one`() {
        let gate = gate(nil)
        play(gate)
        #expect(
            texts(0, gate) == [
                OSDPDisplay("Go. Ride gently ", seconds: 6),
                OSDPDisplay("New card? Ask us", seconds: 6),
            ])
        #expect(texts(1, gate).isEmpty)
        #expect(gate.isOnline(0) && gate.isOnline(1))
    }

    @Test func `shows Chinese where the station file says that it can, and nothing where dark`() {
        let chinese = gate(.chinese)
        play(chinese)
        #expect(
            texts(0, chinese).map { "\($0.text)" } == ["请进，慢点骑    ", "未登记，请求助  "])
        let dark = gate(.dark)
        play(dark)
        #expect(texts(0, dark).isEmpty)
    }

    /// Light and sound come first: nobody waits for a text.
    @Test func `shows it behind light and sound, and does without when it refuses`() {
        let gate = gate(.english)
        gate.line.pds[0].unknownCommands = [.text]
        play(gate)
        #expect(texts(0, gate).isEmpty)
        #expect(gate.grants(at: 0) == 1)
        gate.line.pds[0].unknownCommands = []
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        let kinds = gate.line.pds[0].obeyed.suffix(3).map(\.code)
        #expect(kinds == [.light, .buzz, .text])
    }

    @Test func `leads whoever enrolls a card, from the master to the door`() {
        let gate = gate(.english, role: .master)
        let order = EnrolmentOrder(
            reader: gate.reader(0), key: ShortText("e0")!,
            rights: .own(
                holder: ShortText("h")!, doors: ["door-0"], validFrom: 0, validTo: .max),
            asItIs: false)
        for takes in [false, true] {
            gate.storeTakes = takes
            #expect(gate.station.ordered(order, by: .crew, at: gate.now) == nil)
            // The master, the new card, and where it was kept the new card again.
            for number in takes ? [0, 9, 9] : [0, 9] {
                gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(number)))
                gate.run(for: .seconds(4))
            }
        }
        #expect(
            texts(0, gate).map { "\($0.text)".trimming } == [
                "Now the new card", "Card not stored", "Now the new card", "Card registered",
                "Go. Ride gently",
            ])
    }

    @Test func `is tried together with its rhythms`() {
        let gate = gate(.english)
        for rhythm in Rhythm.allCases {
            let refusal = gate.station.ordered(
                .play(rhythm), reader: gate.reader(0), by: .crew, at: gate.now)
            #expect(refusal == nil)
            gate.run(for: .seconds(1))
        }
        #expect(
            texts(0, gate).map { "\($0.text)" } == [
                "Go. Ride gently ", "Hold, tap again ", "New card? Ask us",
            ])
    }
}

extension String {
    /// Without the blanks behind it.
    fileprivate var trimming: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
