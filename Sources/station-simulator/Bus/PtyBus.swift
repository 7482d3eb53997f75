// A simulated line at wall pace behind a pseudo-terminal: other masters can be tried against it.

import CLinux
import EventLoop
import Glibc
import Simulation
import StationCore

/// Plays a `VirtualFieldBus` at the master's end of a pty, until somebody says stop.
///
/// A pty has no speed: what the other side writes arrives at once, and is heard when its bytes
/// would be over at the line's speed. Whoever sets another speed than the boxes have is not
/// understood, as on a real line.
final class PtyBus {
    /// A silence so long ends a talk: far shorter than a frame, longer than a write in pieces.
    private static let silence = Interval.milliseconds(2)

    let path: String
    private let line: VirtualFieldBus
    private let baud: UInt32
    private let master: Int32
    private let held: Int32
    private var talk: [UInt8] = []
    private var talkBegan = Instant(nanoseconds: 0)
    private var lastByte = Instant(nanoseconds: 0)
    /// Hears of a speed that nobody on the line has.
    var onWrongSpeed: (UInt32) -> Void = { _ in }
    private var toldSpeed: UInt32?

    struct Refused: Error { let error: SystemError }

    init(_ line: VirtualFieldBus, baud: UInt32) throws(Refused) {
        self.line = line
        self.baud = baud
        var name = [CChar](repeating: 0, count: 128)
        master = station_pty_open(&name, name.count)
        guard master >= 0 else { throw Refused(error: SystemError(-master)) }
        path = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        held = station_pty_hold(path, baud)
        guard held >= 0 else {
            close(master)
            throw Refused(error: SystemError(-held))
        }
    }

    deinit {
        close(held)
        close(master)
    }

    static var now: Instant { Instant(nanoseconds: station_clock_monotonic()) }

    /// Returns when a signal came.
    /// - Parameter signals: a descriptor of `station_signal_watch`.
    func play(until signals: Int32) {
        let epoll = station_epoll_create()
        defer { close(epoll) }
        _ = station_epoll_add(epoll, master, 0)
        _ = station_epoll_add(epoll, signals, 1)
        var ready = [station_readiness](repeating: station_readiness(), count: 2)
        _ = line.opened(at: Self.now)
        while station_signal_next(signals) <= 0 {
            step(at: Self.now)
            let patience = nextDeadline.map { max(0, ($0 - Self.now).nanoseconds) } ?? -1
            _ = station_epoll_wait(epoll, &ready, 2, patience)
        }
    }

    private var nextDeadline: Instant? {
        Instant.earlier(line.nextDeadline, talk.isEmpty ? nil : lastByte + Self.silence)
    }

    private func step(at now: Instant) {
        read(at: now)
        if !talk.isEmpty, lastByte + Self.silence <= now { hand(at: now) }
        while let said = line.says(by: now) { write(said.bytes) }
    }

    private func read(at now: Instant) {
        var buffer = [UInt8](repeating: 0, count: Packet.capacity)
        while true {
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return }
            if talk.isEmpty { talkBegan = now }
            talk += buffer[..<count]
            lastByte = now
            if talk.count >= Packet.capacity { hand(at: now) }
        }
    }

    /// The boxes hear what was written, from when it began.
    private func hand(at now: Instant) {
        let bytes = Array(talk.prefix(Packet.capacity))
        talk.removeAll(keepingCapacity: true)
        guard isSpeedRight else { return }
        line.written(Packet(bytes), at: talkBegan)
    }

    private var isSpeedRight: Bool {
        let speed = station_pty_speed(master)
        guard speed > 0, UInt32(speed) != baud else {
            toldSpeed = nil
            return true
        }
        if toldSpeed != UInt32(speed) { onWrongSpeed(UInt32(speed)) }
        toldSpeed = UInt32(speed)
        return false
    }

    private func write(_ bytes: [UInt8]) {
        // Whoever listens at another speed hears something, and nothing that makes sense.
        let bytes = isSpeedRight ? bytes : bytes.map { $0 ^ 0x5A }
        // What nobody reads is lost, as on a line.
        _ = bytes.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
    }
}
