// The tick's order and bounds, with a scripted selector and a room that writes down what it hears.

import EventLoop
import Testing

@Suite struct `The event loop` {
    @Test func `takes its six steps in the same order every time`() {
        let script = Script()
        let loop = EventLoop(gate: script, room: Recorder(script))
        var running = loop
        script.ready = [script.table.add(token: 7)]
        _ = running.tick()
        #expect(script.log == ["posts", "handOver", "wait", "read 7", "expire", "pump"])
    }

    @Test func `never gives an event to a registration that took over its number`() {
        let script = Script()
        let old = script.table.add(token: 1)
        script.table.remove(old)
        let new = script.table.add(token: 2)
        #expect(new.slot == old.slot)
        script.ready = [old]
        var loop = EventLoop(gate: script, room: Recorder(script))
        let tick = loop.tick()
        #expect(tick.stale == 1)
        #expect(tick.portsRead == 0)
        #expect(!script.log.contains("read 2"))
    }

    @Test func `drops an event when the port was let go earlier in the same tick`() {
        let script = Script()
        let first = script.table.add(token: 1)
        let second = script.table.add(token: 2)
        script.ready = [first, second]
        script.onRead = { token in if token == 1 { script.table.remove(second) } }
        var loop = EventLoop(gate: script, room: Recorder(script))
        #expect(loop.tick().stale == 1)
    }

    @Test func `waits for the nearest deadline, and not at all while work is left`() {
        let script = Script()
        let room = Recorder(script)
        var loop = EventLoop(gate: script, room: room)
        script.deadline = Instant(nanoseconds: 500_000)
        _ = loop.tick()  // The first tick never sleeps: the start may have left work.
        _ = loop.tick()
        #expect(script.waits == [Instant(nanoseconds: 0), Instant(nanoseconds: 500_000)])
        script.isQuiet = false
        _ = loop.tick()
        _ = loop.tick()
        #expect(script.waits.last == Instant(nanoseconds: 0))
    }

    @Test func `expires nothing that a port not read yet could still put off`() {
        let script = Script()
        let port = script.table.add(token: 1)
        var loop = EventLoop(gate: script, room: Recorder(script))
        _ = loop.tick()
        // The loop sleeps at 1,000 and wakes by a port at 5,000; a deadline stood at 3,000. Another
        // port's edge of 2,900 may have come since the gate looked.
        script.deadline = Instant(nanoseconds: 3_000)
        script.ready = [port]
        script.clock = [1_000, 5_000]
        _ = loop.tick()
        #expect(script.expired.last == Instant(nanoseconds: 1_000))
        // The next look finds nothing: what was due is due now.
        script.ready = []
        script.clock = [5_100, 5_200]
        _ = loop.tick()
        #expect(script.expired.last == Instant(nanoseconds: 5_100))
    }

    @Test func `expires what it slept for`() {
        let script = Script()
        var loop = EventLoop(gate: script, room: Recorder(script))
        _ = loop.tick()
        script.deadline = Instant(nanoseconds: 3_000)
        script.clock = [1_000, 3_400]
        _ = loop.tick()
        #expect(script.expired.last == Instant(nanoseconds: 3_000))
        // Woken early for no reason: not yet.
        script.clock = [3_500, 3_600]
        script.deadline = Instant(nanoseconds: 9_000)
        _ = loop.tick()
        #expect(script.expired.last == Instant(nanoseconds: 3_500))
    }

    @Test func `comes back at once for a port that has more, and serves the others between`() {
        let script = Script()
        let busy = script.table.add(token: 1)
        let calm = script.table.add(token: 2)
        script.ready = [busy, calm]
        script.drained = { $0 == 1 ? .more : .drained }
        script.deadline = Instant(nanoseconds: 9_000_000)
        var loop = EventLoop(gate: script, room: Recorder(script))
        for _ in 0..<3 { _ = loop.tick() }
        #expect(script.log.filter { $0 == "read 2" }.count == 3)
        #expect(script.waits.allSatisfy { $0 == Instant(nanoseconds: 0) })
    }

    @Test func `takes a bounded number of posts and does not sleep on the rest`() {
        let script = Script()
        script.postsLeft = true
        script.deadline = Instant(nanoseconds: 9_000_000)
        var loop = EventLoop(gate: script, room: Recorder(script))
        for _ in 0..<2 { _ = loop.tick() }
        #expect(script.limits.allSatisfy { $0 == EventLoopLimits.postsPerTick })
        #expect(script.waits.last == Instant(nanoseconds: 0))
    }

    @Test func `ends after the tick in which the room is finished`() {
        let script = Script()
        script.ticksToRun = 3
        var loop = EventLoop(gate: script, room: Recorder(script))
        loop.run()
        #expect(script.log.filter { $0 == "pump" }.count == 3)
    }
}

/// A selector and what the room shall answer, in one place.
private final class Script: Selector {
    var table = RegistrationTable()
    var ready: [Registration] = []
    var log: [String] = []
    var waits: [Instant?] = []
    var limits: [Int] = []
    var deadline: Instant?
    var isQuiet = true
    var postsLeft = false
    var ticksToRun = Int.max
    var drained: (UInt32) -> Drained = { _ in .drained }
    var onRead: (UInt32) -> Void = { _ in }

    /// The clock's next readings; then 0.
    var clock: [Int64] = []
    var expired: [Instant] = []

    func now() -> Instant {
        Instant(nanoseconds: clock.isEmpty ? 0 : clock.removeFirst())
    }

    func wait(from start: Instant, until deadline: Instant?, into results: inout [Readiness]) {
        log.append("wait")
        waits.append(deadline)
        for registration in ready {
            results.append(
                Readiness(
                    registration: registration, token: table.token(of: registration) ?? 0,
                    isHangup: false))
        }
    }

    func isCurrent(_ registration: Registration) -> Bool { table.isCurrent(registration) }
}

private struct Recorder: Room {
    let script: Script
    init(_ script: Script) { self.script = script }

    mutating func takePosts(limit: Int, at now: Instant) -> Bool {
        script.log.append("posts")
        script.limits.append(limit)
        return script.postsLeft
    }
    mutating func handOver(at now: Instant) { script.log.append("handOver") }
    mutating func read(_ ready: Readiness, at now: Instant) -> Drained {
        script.log.append("read \(ready.token)")
        script.onRead(ready.token)
        return script.drained(ready.token)
    }
    mutating func expire(at now: Instant) {
        script.log.append("expire")
        script.expired.append(now)
    }
    mutating func pump(steps: Int, at now: Instant) -> Bool {
        script.log.append("pump")
        script.ticksToRun -= 1
        return script.isQuiet
    }
    var nextDeadline: Instant? { script.deadline }
    var isFinished: Bool { script.ticksToRun <= 0 }
}
