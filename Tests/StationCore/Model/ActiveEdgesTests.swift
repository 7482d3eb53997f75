// Edges as a profile says them and as the kernel wants them.

import StationCore
import Testing

@Suite struct `A line's edges` {
    func line(_ edges: ResolvedLine.Edges, activeLow: Bool) -> ResolvedLine {
        ResolvedLine(
            chip: "chip", line: "0", direction: .input, activeLow: activeLow, bias: .asIs,
            edges: edges, debounceMicroseconds: 0, safe: false, request: 0, device: 0,
            terminal: 0)
    }

    @Test func `turn round on a line that is active low`() {
        // A Wiegand pulse begins with the voltage's falling edge, and the line becomes active.
        #expect(line(.falling, activeLow: true).activeEdges == .rising)
        #expect(line(.rising, activeLow: true).activeEdges == .falling)
    }

    @Test func `stay as they are on a line that is active high, and both stay both`() {
        #expect(line(.falling, activeLow: false).activeEdges == .falling)
        #expect(line(.rising, activeLow: false).activeEdges == .rising)
        #expect(line(.both, activeLow: true).activeEdges == .both)
        #expect(line(.none, activeLow: true).activeEdges == .none)
    }
}
