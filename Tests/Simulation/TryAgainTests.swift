// Two short sounds, "try again", at each kind of reader: by its own light and sound, or a board's.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `Two short sounds` {
    private func ready(_ kind: ReaderKind, _ driver: DriverSettings? = nil) throws -> ReaderGate {
        let gate = ReaderGate(kind, driver: driver)
        _ = try #require(gate.wait(atMost: .seconds(2)) { gate.isReady })
        gate.run(for: .seconds(1))
        gate.forget()
        return gate
    }

    private func order(_ rhythm: Rhythm, _ gate: ReaderGate) {
        let refusal = gate.station.ordered(
            .play(rhythm), reader: ReaderGate.reader, by: .crew, at: gate.now)
        #expect(refusal == nil)
        gate.run(for: .seconds(2))
    }

    @Test(arguments: ReaderKind.allCases.filter(\.hasLines))
    func `are played on the board's lines`(kind: ReaderKind) throws {
        let gate = try ready(kind)
        order(.tryAgain, gate)
        #expect(gate.rhythm == [150, 150, 150])
    }

    @Test func `are played by an ACR122U itself`() throws {
        let gate = try ready(.acr122u)
        order(.tryAgain, gate)
        let twin = try #require(gate.twin as? VirtualCCID)
        // Red, 2 x 100 ms and as long a pause, twice, with sound.
        #expect(twin.shown.map(\.command) == [[0xff, 0, 0x40, 0x5c, 4, 2, 2, 2, 1]])
    }

    /// A parity bit that does not fit: somebody stands there, and may try again.
    @Test func `are played by an OSDP reader itself, for a card that came damaged`() {
        let gate = OSDPGate(readers: 1)
        gate.run(for: .seconds(2))
        let bits = OSDPGate.card(0).bits ^ 1
        let card = Credential(technology: .wiegand, bitCount: 26, bits: bits)
        gate.line.pds[0].happen(OSDPGate.reply(card))
        gate.run(for: .seconds(1))
        #expect(
            gate.line.pds[0].obeyed == [
                .light(
                    OSDPLight(
                        passing: .show(
                            OSDPBlink(onTenths: 2, offTenths: 2, on: .red, off: .off), tenths: 8)
                    )), .buzz(OSDPBuzz(onTenths: 2, offTenths: 2, repetitions: 2)),
            ])
    }

    /// A code scanner answers on the board's beeper: a pass that is cut off may be shown again,
    /// some other code is nobody's pass.
    @Test func `answer half a pass at a scanner, and three any other code`() throws {
        let scanner = DriverSettings.keyboard(
            KeyedReaderSettings(
                formats: [], technology: "em4100", views: ["full"], takesPasses: true))
        let gate = try ready(.wedge, scanner)
        let twin = try #require(gate.twin as? VirtualKeyboard)
        twin.show("DP1ABCDEF", at: gate.now, until: gate.now + .milliseconds(300))
        gate.run(for: .seconds(4))
        #expect(gate.rhythm == [150, 150, 150])
        gate.forget()
        twin.show("HTTPS://EXAMPLE.COM/1", at: gate.now, until: gate.now + .milliseconds(300))
        gate.run(for: .seconds(4))
        #expect(gate.rhythm == [150, 150, 150, 150, 150])
    }
}
