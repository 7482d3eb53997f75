// Serial lines on pseudo-terminals: opened, shared by nobody, lost, found again.

import CLinux
import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

/// The far end of a line, under a name that stays while the line is plugged in and out.
private final class Plug {
    let path: String
    private(set) var far: Int32 = -1

    init() {
        var template = Array("/tmp/stationd-line-XXXXXX".utf8CString)
        path = (mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere") + "/tty"
    }

    deinit {
        plugOut()
        rmdir(String(path.dropLast("/tty".count)))
    }

    func plugIn() {
        var name = [CChar](repeating: 0, count: 64)
        far = station_pty_open(&name, name.count)
        precondition(far >= 0, "no pseudo-terminal left")
        symlink(name, path)
    }

    func plugOut() {
        unlink(path)
        if far >= 0 { close(far) }
        far = -1
    }

    func say(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { write(far, $0.baseAddress, $0.count) }
    }

    /// What the station wrote, which may take a moment to come through.
    func hear(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var door = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
        while bytes.count < count, poll(&door, 1, 5_000) > 0 {
            var buffer = [UInt8](repeating: 0, count: 256)
            let got = read(far, &buffer, buffer.count)
            guard got > 0 else { break }
            bytes += buffer[..<got]
        }
        return bytes
    }
}

private struct Ear: ChannelSink {
    enum Fact: Equatable {
        case opened(Int)
        case closed(Int, Fault)
        case received(Int, [UInt8])
    }

    var facts: [Fact] = []

    mutating func opened(_ channel: ChannelID, at now: Instant) {
        facts.append(.opened(Int(channel.index)))
    }
    mutating func closed(_ channel: ChannelID, _ fault: Fault, at now: Instant) {
        facts.append(.closed(Int(channel.index), fault))
    }
    mutating func received(
        _ bytes: RawSpan, on pipe: Pipe, of channel: ChannelID, at now: Instant
    ) {
        let place = Int(channel.index)
        let bytes = bytes.withUnsafeBytes { Array($0) }
        if case .received(place, let before) = facts.last {
            facts[facts.count - 1] = .received(place, before + bytes)
        } else {
            facts.append(.received(place, bytes))
        }
    }
}

/// A bank with a loop around it. Time goes on as the test says; readiness is the kernel's.
private final class Bench {
    let selector: EpollSelector
    let bank: ChannelBank
    var ear = Ear()
    var now = Instant(nanoseconds: 1_000_000_000)

    /// What was said about trouble, for the log.
    var said: [ChannelError] { log.said }
    private final class Log { var said: [ChannelError] = [] }
    private let log = Log()

    init(
        _ links: [ResolvedChannel.Link],
        open: @escaping @Sendable (ChannelPlan) -> Result<Int32, ChannelError> = { $0.opened() }
    ) throws {
        selector = try EpollSelector()
        let channels = links.enumerated().map {
            ResolvedChannel(port: "port-\($0)", link: $1, device: $0)
        }
        bank = try ChannelBank(
            channels, selector: selector, firstToken: 7, opener: ChannelOpener(open: open)
        ) { [log] _, error in log.said.append(error) }
    }

    deinit { bank.stop() }

    /// Turns the loop until something new was told, at most five seconds.
    @discardableResult
    func turn(until enough: (Ear) -> Bool) -> [Ear.Fact] {
        let patience = selector.now() + .seconds(5)
        while !enough(ear), selector.now() < patience {
            bank.expire(into: &ear, at: now)
            var ready: [Readiness] = []
            selector.wait(from: selector.now(), until: patience, into: &ready)
            for one in ready where selector.isCurrent(one.registration) {
                #expect(bank.owns(one.token))
                _ = bank.read(one, into: &ear, at: now)
            }
        }
        defer { ear.facts = [] }
        return ear.facts
    }

    func turn() -> [Ear.Fact] { turn { !$0.facts.isEmpty } }

    func write(_ bytes: [UInt8], _ channel: Int = 0) {
        bytes.withUnsafeBytes { order(.write(OrderBytes($0)), channel) }
    }

    func order(_ order: ChannelOrder, _ channel: Int = 0) {
        bank.carryOut(order, on: ChannelID(channel), into: &ear, at: now)
    }
}

/// Nobody comes through before it is open.
private final class Gate: Sendable {
    private let pipes: (read: Int32, write: Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe left")
        pipes = (ends[0], ends[1])
    }

    deinit {
        close(pipes.read)
        close(pipes.write)
    }

    func pass() {
        var byte: UInt8 = 0
        _ = read(pipes.read, &byte, 1)
    }

    /// For everybody, from now on.
    func open() {
        // Bytes, not the pipe's end: a process that another test starts may hold that open.
        let bytes = [UInt8](repeating: 1, count: 1_024)
        _ = bytes.withUnsafeBytes { write(pipes.write, $0.baseAddress, $0.count) }
    }
}

private func line(_ plug: Plug, baud: Int = 115_200) -> ResolvedChannel.Link {
    .serial(SerialLink(path: plug.path, baud: baud))
}

@Suite struct `A bank of channels` {
    @Test func `opens lines, carries every byte both ways, and keeps them apart`() throws {
        let (first, second) = (Plug(), Plug())
        first.plugIn()
        second.plugIn()
        let bench = try Bench([line(first), line(second, baud: 9_600)])
        let opened = bench.turn { $0.facts.count == 2 }
        #expect(opened == [.opened(0), .opened(1)])
        let all = (0...255).map { UInt8($0) }
        first.say(all)
        #expect(
            bench.turn { $0.facts == [.received(0, all)] } == [.received(0, all)])
        second.say([0x0d, 0x0a, 0x03, 0x11, 0x13, 0x1a])
        #expect(bench.turn() == [.received(1, [0x0d, 0x0a, 0x03, 0x11, 0x13, 0x1a])])
        bench.write(all)
        #expect(first.hear(256) == all)
        bench.write([0x0a], 1)
        #expect(second.hear(1) == [0x0a])
        #expect(bench.bank.dropped(of: ChannelID(0)) == 0)
    }

    @Test func `says once that a line is missing, and finds it within a second of its coming`()
        throws
    {
        let plug = Plug()
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.closed(0, .missing)])
        #expect(bench.bank.error(of: ChannelID(0)) == .missing(plug.path))
        for _ in 0..<5 {
            let due = try #require(bench.bank.nextDeadline)
            #expect(due - bench.now <= .seconds(1))
            bench.now = due
            // Missing still: nothing is told, the next look is set.
            bench.turn { _ in bench.bank.nextDeadline != nil && bench.bank.nextDeadline != due }
        }
        #expect(bench.said == [.missing(plug.path)])
        plug.plugIn()
        bench.now = try #require(bench.bank.nextDeadline)
        #expect(bench.turn() == [.opened(0)])
        #expect(bench.bank.error(of: ChannelID(0)) == nil)
        #expect(bench.bank.nextDeadline == nil)
    }

    @Test func `tells a line that left, and takes it again, fifty times`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.opened(0)])
        for round in 0..<50 {
            plug.say([UInt8(round)])
            #expect(bench.turn() == [.received(0, [UInt8(round)])])
            plug.plugOut()
            #expect(bench.turn() == [.closed(0, .lost)])
            if round % 2 == 0 {
                // A look while it is away tells nothing new.
                bench.now = try #require(bench.bank.nextDeadline)
                bench.turn { _ in (bench.bank.nextDeadline ?? bench.now) > bench.now }
            }
            plug.plugIn()
            bench.now = try #require(bench.bank.nextDeadline)
            #expect(bench.turn() == [.opened(0)])
        }
    }

    @Test func `is refused a line that another program has, and waits ever longer for it`() throws {
        let plug = Plug()
        plug.plugIn()
        let other = station_serial_open(plug.path, 9_600, 0, 1)
        #expect(other >= 0)
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.closed(0, .busy)])
        var pauses: [Int64] = []
        for _ in 0..<7 {
            let due = try #require(bench.bank.nextDeadline)
            pauses.append((due - bench.now).milliseconds)
            bench.now = due
            bench.turn { _ in (bench.bank.nextDeadline ?? bench.now) > bench.now }
        }
        #expect(pauses == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
        station_serial_close(other)
        bench.now = try #require(bench.bank.nextDeadline)
        #expect(bench.turn() == [.opened(0)])
        // And keeps everybody else out.
        #expect(station_serial_open(plug.path, 9_600, 0, 1) == -EBUSY)
    }

    @Test func `knows what is no serial line, and a speed that is none`() throws {
        let plans = [
            SerialLink(path: "/dev/null", baud: 9_600), SerialLink(path: "/etc", baud: 9_600),
            SerialLink(path: "/dev/null", baud: 0), SerialLink(path: "/dev/null", baud: -1),
        ]
        #expect(plans[0].opened() == .failure(.notOne("/dev/null")))
        #expect(plans[1].opened() == .failure(.failed("/etc", errno: EISDIR)))
        #expect(plans[2].opened() == .failure(.speed("/dev/null", baud: 0)))
        #expect(plans[3].opened() == .failure(.speed("/dev/null", baud: -1)))
    }

    @Test func `changes a line's speed behind what was written, and writes on after it`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([line(plug, baud: 9_600)])
        #expect(bench.turn() == [.opened(0)])
        bench.write([1, 2, 3])
        bench.order(.speed(115_200))
        bench.write([4, 5])
        bench.write([6])
        // The far end echoes nothing: its silence is broken once the worker has answered.
        #expect(plug.hear(3) == [1, 2, 3])
        var isWritten = false
        bench.turn { _ in
            var door = pollfd(fd: plug.far, events: Int16(POLLIN), revents: 0)
            isWritten = poll(&door, 1, 0) > 0
            return isWritten
        }
        #expect(isWritten)
        #expect(plug.hear(3) == [4, 5, 6])
        // More than fits while the worker is at it is dropped and counted.
        bench.order(.speed(9_600))
        for _ in 0..<ChannelPort.waitingCapacity / 256 {
            bench.write([UInt8](repeating: 7, count: 256))
        }
        bench.write([UInt8](repeating: 7, count: 10))
        #expect(bench.bank.dropped(of: ChannelID(0)) == 10)
    }

    @Test func `opens a line anew on a reset, with a closed one in between for nobody`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.opened(0)])
        bench.order(.speed(9_600))
        bench.order(.reset)
        bench.write([1])
        #expect(bench.bank.dropped(of: ChannelID(0)) == 1)
        // The worker's answer about the old opening is nobody's.
        #expect(bench.turn() == [.opened(0)])
        plug.say([9])
        #expect(bench.turn() == [.received(0, [9])])
    }

    @Test func `drops what a line cannot take, and does not wait for it`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.opened(0)])
        // Nobody reads at the far end: the kernel's buffer fills.
        for _ in 0..<1_024 { bench.write([UInt8](repeating: 1, count: 256)) }
        #expect(bench.bank.dropped(of: ChannelID(0)) > 0)
        #expect(bench.ear.facts.isEmpty)
    }

    @Test func `reads a flood in turns`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([line(plug)])
        #expect(bench.turn() == [.opened(0)])
        let flood = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var sent = 0
        var got: [UInt8] = []
        while got.count < flood.count {
            let end = min(flood.count, sent + 2_000)
            plug.say(Array(flood[sent..<end]))
            let wanted = end - sent
            sent = end
            var part: [UInt8] = []
            bench.turn { ear in
                guard case .received(0, let bytes) = ear.facts.last else { return false }
                part = bytes
                return bytes.count == wanted
            }
            got += part
            guard part.count == wanted else { break }
        }
        #expect(got == flood)
    }

    @Test func `leaves USB card readers to others`() throws {
        let plug = Plug()
        plug.plugIn()
        let bench = try Bench([.usb(USBLink(socket: "1-1")), line(plug)])
        #expect(bench.turn() == [.opened(1)])
        #expect(!bench.bank.owns(ChannelID(0)) && bench.bank.owns(ChannelID(1)))
        #expect(!bench.bank.owns(ChannelID(2)))
        bench.order(.reset, 0)
        bench.write([5], 1)
        #expect(plug.hear(1) == [5])
        let idle = try Bench([.usb(USBLink(socket: ""))])
        #expect(idle.bank.nextDeadline == nil)
    }

    /// One driver that never answers holds the worker, and with it every line behind it.
    @Test func `says of each line that nobody answers for it, and takes them when somebody does`()
        throws
    {
        let plug = Plug()
        plug.plugIn()
        let gate = Gate()
        let bench = try Bench([line(plug), .keyboard(KeyboardLink(socket: "1-1"))]) { plan in
            gate.pass()
            return plan.opened()
        }
        bench.bank.expire(into: &bench.ear, at: bench.now)
        let limit = try #require(bench.bank.nextDeadline)
        #expect(limit - bench.now == .seconds(10))
        bench.now = limit + Interval.milliseconds(-1)
        bench.bank.expire(into: &bench.ear, at: bench.now)
        #expect(bench.ear.facts.isEmpty)
        bench.now = limit
        #expect(
            bench.turn { $0.facts.count == 2 } == [.closed(0, .stuck), .closed(1, .stuck)])
        // Told once, and nobody is asked a second time.
        #expect(bench.bank.nextDeadline == nil)
        gate.open()
        #expect(bench.turn { $0.facts.count == 2 } == [.opened(0), .closed(1, .missing)])
        #expect(bench.said.first == .stuck(plug.path))
        #expect(bench.bank.error(of: ChannelID(0)) == nil)
    }

    @Test func `loses a line whose change of speed nobody answers for`() throws {
        let (first, second) = (Plug(), Plug())
        first.plugIn()
        let gate = Gate()
        let hangs = second.path
        let bench = try Bench([line(first), line(second)]) { plan in
            if plan.name == hangs, access(hangs, F_OK) == 0 { gate.pass() }
            return plan.opened()
        }
        #expect(
            Set(bench.turn { $0.facts.count == 2 }.map { "\($0)" })
                == ["opened(0)", "closed(1, StationCore.Fault.missing)"])
        second.plugIn()
        bench.now = try #require(bench.bank.nextDeadline)
        bench.bank.expire(into: &bench.ear, at: bench.now)
        // Behind the one that hangs.
        bench.order(.speed(9_600))
        bench.now = bench.now + .seconds(10)
        #expect(
            bench.turn { $0.facts.count == 2 } == [.closed(0, .stuck), .closed(1, .stuck)])
        gate.open()
        bench.now = bench.now + .seconds(1)
        #expect(
            Set(bench.turn { $0.facts.count == 2 }.map { "\($0)" }) == ["opened(0)", "opened(1)"])
    }

    @Test func `stops with every line given back`() throws {
        let plug = Plug()
        plug.plugIn()
        do {
            let bench = try Bench([line(plug)])
            #expect(bench.turn() == [.opened(0)])
        }
        let again = station_serial_open(plug.path, 9_600, 0, 1)
        #expect(again >= 0)
        station_serial_close(again)
    }

    @Test func `has words in both languages for every error`() {
        let errors: [ChannelError] = [
            .missing("/dev/ttyUSB0"), .several(["1-1", "1-2"]), .busy("/dev/ttyUSB0"),
            .notOne("/dev/null"), .speed("/dev/ttyS0", baud: 1), .failed("/dev/ttyS0", errno: 5),
            .left("/dev/ttyUSB0"), .stuck("/dev/ttyUSB0"),
        ]
        for error in errors {
            let text = error.description
            #expect(text.contains { $0.unicodeScalars.contains { $0.value > 0x4dff } })
            #expect(text.contains(" "))
        }
        #expect(ChannelError.busy("x").fault == .busy)
        #expect(ChannelError.left("x").fault == .lost)
        #expect(ChannelError.missing("x").fault == .missing)
        #expect(ChannelError.stuck("x").fault == .stuck)
    }
}
