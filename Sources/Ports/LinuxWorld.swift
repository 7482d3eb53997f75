// The real world: GPIO lines, signals, the wall clock, and the threads behind the stage.

import CLinux
import Control
public import EventLoop
import Glibc
public import StationCore

/// A station's hardware on Linux.
public struct LinuxWorld: World, ~Copyable {
    enum Token {
        static let posts: UInt32 = 0
        static let signals: UInt32 = 1
        static let clockStep: UInt32 = 2
        static let usb: UInt32 = 3
    }

    /// The loop's tokens from here on are the bank's.
    public static let firstPort: UInt32 = 16
    /// The USB readers'; there is one for all of them.
    public static let usbToken = Token.usb
    /// And from here on the channels': behind a GPIO port for every line that there may be.
    public static let firstChannel: UInt32 = 0x1_0000

    private let backstage: Backstage
    private let bank: GPIOBank
    private let channels: ChannelBank
    private let usb: USBBank
    private let workers: [GPIOWorker]
    private let signals: Int32
    private let clockStep: Int32

    /// - Parameter signals: a signalfd of the signals that end the station.
    public init(
        backstage: Backstage, bank: GPIOBank, channels: ChannelBank, usb: USBBank,
        selector: EpollSelector, signals: Int32
    ) throws(EpollSelector.Failure) {
        self.backstage = backstage
        self.signals = signals
        self.bank = bank
        self.channels = channels
        self.usb = usb
        workers = (0..<bank.chipCount).map { _ in
            GPIOWorker(kernel: bank.kernel, posts: backstage.desk.posts)
        }
        clockStep = station_clock_step_watch()
        _ = try selector.add(backstage.desk.posts.descriptor, token: Token.posts)
        _ = try selector.add(signals, token: Token.signals)
        if clockStep >= 0 { _ = try selector.add(clockStep, token: Token.clockStep) }
    }

    public mutating func takePosts(
        limit: Int, into station: inout Station, at now: Instant
    ) -> Bool {
        let bank = bank
        let backstage = backstage
        defer { askOn() }
        return backstage.takePosts(limit: limit, into: &station, at: now) { post, station in
            switch post {
            case .gpio(let post):
                bank.take(post.answer, into: &station, at: now)
            case .file(let post):
                station.found(post.finding, of: post.point, post.device, at: now)
            case .asked(_, let id):
                backstage.server?.answer(id, CoreAnswer.refused(.notSimulated))
            case .journal, .journalStands, .journalFound, .roster, .enrolled, .withdrawn, .cards,
                .toldKey, .confirmedKeys, .key, .readerKeyKept, .passIssuers, .socket,
                .snapshotWritten, .totalsKept, .recalled, .clerk, .left, .commanded, .stop:
                break
            }
        }
    }

    public mutating func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        switch ready.token {
        case Token.posts:
            break  // Taken at the start of the next tick, which comes at once.
        case Token.signals:
            while station_signal_next(signals) > 0 {
                backstage.finish(.stopped, &station, at: now)
            }
        case Token.clockStep:
            if station_clock_step_drain(clockStep) == 1 { backstage.clockStepped() }
        case Token.usb:
            return usb.read(into: &station, at: now)
        default:
            if channels.owns(ready.token) {
                return channels.read(ready, into: &station, at: now)
            }
            let drained = bank.read(ready, into: &station, at: now)
            askOn()
            return drained
        }
        return .drained
    }

    /// Hands on what the bank wants to know of its chips.
    private func askOn() {
        while let (chip, question) = bank.nextQuestion() { workers[chip].take(question) }
    }

    /// Gives every output its safe value: the last thing before the end, when nothing else is
    /// taken any more.
    ///
    /// - Parameter patience: how long chips that take their time are waited for.
    public mutating func makeSafe(within patience: Interval) {
        var now = Instant(nanoseconds: station_clock_monotonic())
        let end = now + patience
        bank.makeSafe(at: now)
        askOn()
        let posts = backstage.desk.posts
        while !bank.isSettled, now < end {
            var door = pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&door, 1, Int32(clamping: (end - now).milliseconds + 1))
            _ = posts.drain(limit: posts.capacity) { post in
                if case .gpio(let post) = post { bank.wasSet(post.answer, at: now) }
            }
            askOn()
            now = Instant(nanoseconds: station_clock_monotonic())
        }
    }

    public mutating func set(
        _ setting: LineSetting, into station: inout Station, at now: Instant
    ) {
        bank.set(setting, into: &station, at: now)
        askOn()
    }

    public mutating func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {
        if channels.owns(channel) {
            channels.carryOut(order, on: channel, into: &station, at: now)
        } else {
            precondition(usb.owns(channel), "an order for a channel that no port serves")
            usb.carryOut(order, on: channel, into: &station, at: now)
        }
    }

    public mutating func entropy() -> RandomBytes { KernelRandom.bytes() }

    public mutating func keep(
        _ request: KeyRequest, into station: inout Station, at now: Instant
    ) {
        backstage.keep(request, into: &station, at: now)
    }

    public mutating func enrol(
        _ task: EnrolmentTask, into station: inout Station, at now: Instant
    ) {
        backstage.enrol(task, into: &station, at: now)
    }

    public mutating func keepTotals(by due: Instant) { backstage.keepTotals(by: due) }

    public mutating func handOver(from station: inout Station, at now: Instant) {
        backstage.handOver(from: &station)
    }

    public var nextDeadline: Instant? {
        var next = min(bank.nextDeadline, backstage.nextDeadline)
        if let due = channels.nextDeadline { next = min(next, due) }
        if let due = usb.nextDeadline { next = min(next, due) }
        return next
    }

    public mutating func expire(into station: inout Station, at now: Instant) {
        backstage.expire(into: &station, at: now)
        channels.expire(into: &station, at: now)
        usb.expire(into: &station, at: now)
        guard bank.nextDeadline <= now else { return }
        bank.expire(into: &station, at: now)
        askOn()
    }

    public var isFinished: Bool { backstage.isFinished }
}
