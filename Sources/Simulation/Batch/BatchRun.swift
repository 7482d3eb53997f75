// A whole station in virtual time: first with faults, then without, watched at every tick.

import EventLoop
public import StationCore

/// Runs one batch. The same options give the same report, on every machine.
public enum BatchRun {
    /// - Parameter sink: gets the trace's lines.
    /// - Throws: when the roster cannot be this station's.
    public static func run(
        _ options: BatchOptions, sink: ((String) -> Void)? = nil
    ) throws(RosterFileError) -> BatchReport {
        let machine = try VirtualMachine(options, sink: sink)
        let start = machine.clock.now
        let calm = start + options.safety
        let end = calm + options.liveness + options.lateness
        machine.plant.calm(at: calm)
        // The last riders come early enough for the last door to be shut again.
        machine.plant.close(at: calm + (options.liveness - .seconds(600)))
        while machine.live(calm: calm, until: end) { machine.losePower(calm: calm) }
        return machine.report(since: start)
    }
}
