// Edges that are read late, several at once: what happened between them happened all the same.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A contact whose edges are read late` {
    /// A gate whose loop was held up for half a second, with all edges read at its end.
    private func late(_ line: LineID, _ edges: [(afterMilliseconds: Int64, isActive: Bool)]) -> Gate
    {
        var gate = Gate()
        play(line, edges, into: &gate)
        return gate
    }

    private func play(
        _ line: LineID, _ edges: [(afterMilliseconds: Int64, isActive: Bool)],
        into gate: inout Gate
    ) {
        let start = gate.now
        gate.now = start + .milliseconds(500)
        for edge in edges {
            gate.station.edge(
                line, isActive: edge.isActive, at: start + .milliseconds(edge.afterMilliseconds))
        }
        gate.settle()
        gate.run(for: .milliseconds(100))
    }

    @Test func `lets out who pressed and let go meanwhile, as its first sign of life`() {
        let gate = late(Gate.buttonLine, [(100, true), (220, false)])
        #expect(gate.names == ["door.exitRequested", "door.released"])
        #expect(gate.strikeValues == [true])
    }

    @Test func `lets out who pressed before the button's first level had settled`() {
        var gate = Gate()
        gate.station.level(Gate.buttonLine, isActive: false, at: gate.now)
        play(Gate.buttonLine, [(10, true), (90, false)], into: &gate)
        #expect(gate.names == ["door.exitRequested", "door.released"])
    }

    @Test func `lets out who pressed and let go later on, each time`() {
        var gate = late(Gate.buttonLine, [(100, true), (220, false)])
        gate.run(for: .seconds(10))
        gate.entries = []
        play(
            Gate.buttonLine, [(50, true), (120, false), (200, true), (280, false)], into: &gate)
        #expect(
            gate.names
                == ["door.exitRequested", "door.exitRequested", "door.released", "door.released"])
        // Released and not held: the next press is a new one.
        gate.run(for: .seconds(10))
        gate.entries = []
        gate.press()
        #expect(gate.names == ["door.exitRequested", "door.released"])
    }

    @Test func `still takes a glitch for a glitch`() {
        var gate = late(Gate.buttonLine, [(100, true), (110, false)])
        #expect(gate.names.isEmpty)
        play(Gate.buttonLine, [(100, true), (115, false), (120, true), (130, false)], into: &gate)
        #expect(gate.names.isEmpty)
    }

    @Test func `tells a door that was opened and closed meanwhile`() {
        let gate = late(Gate.contactLine, [(100, false), (300, true)])
        #expect(
            gate.names == ["door.opened", "door.forced", "door.closed", "door.alarmEnded"])
        #expect(gate.station.doorStates[0].isClosed == true)
    }

    @Test func `calls nothing forced when the door's first sign of life is its opening`() {
        var gate = Gate()
        gate.station.detached(Gate.contact, .lost, at: gate.now)
        gate.settle()
        gate.station.attached(Gate.contact, at: gate.now)
        gate.settle()
        gate.entries = []
        play(Gate.contactLine, [(100, false), (300, true)], into: &gate)
        #expect(gate.names == ["door.opened", "door.closed"])
        #expect(gate.station.doorStates[0].isClosed == true)
    }

    @Test func `dates an opening to when it happened, not to when it was read`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.commit()
        // The lock holds again after five seconds; the door was pulled just before that.
        gate.run(for: .seconds(5))
        #expect(gate.names.contains("door.secured"))
        gate.entries = []
        let pulled = gate.now + .milliseconds(-100)
        gate.now = gate.now + .seconds(2)
        gate.station.edge(Gate.contactLine, isActive: false, at: pulled)
        gate.station.edge(Gate.contactLine, isActive: true, at: pulled + .milliseconds(900))
        gate.settle()
        gate.run(for: .milliseconds(100))
        #expect(gate.names == ["door.opened", "door.closed"])
    }
}
