// The thread that owns the transfers of all USB readers: it waits, hears, tells, and never blocks.

import CLinux
import CUSB
import EventLoop
import Glibc
import StationCore

/// Everything of the USB thread, on the USB thread.
final class USBThread {
    /// How long giving back may take when the station stops.
    static let longestStop = Interval.seconds(2)
    /// Before libusb is started again after it failed.
    static let restart = Interval.seconds(10)
    /// Between two attempts to put down what the loop has no room for.
    static let congestion = Interval.milliseconds(5)

    private let bindings: [USBBinding]
    private let commands: Mailbox<USBCommand>
    private let events: Mailbox<USBEvent>
    private let opener: USBOpener
    private var context: USBContext?
    private var nextStart: Instant
    private var seats: [USBSeat]
    private var devices: [USBDevice?]
    /// What the loop had no room for, oldest first, and the pipes that rest until it has. Bounded:
    /// a pipe rests with its packet, and a session ends once.
    private var backlog: [USBEvent] = []
    private var resting: [USBPipe] = []
    /// libusb's descriptors, asked for anew after every opening and closing.
    private var doors: [pollfd] = []
    private var stopAt: Instant?
    private var now: Instant

    init(
        bindings: [USBBinding], tree: USBTree, commands: Mailbox<USBCommand>,
        events: Mailbox<USBEvent>
    ) {
        (self.bindings, self.commands, self.events) = (bindings, commands, events)
        opener = USBOpener(bindings: bindings, tree: tree)
        let now = Instant(nanoseconds: station_clock_monotonic())
        (self.now, nextStart) = (now, now)
        seats = bindings.indices.map { USBSeat(reader: $0, at: now) }
        devices = bindings.map { _ in nil }
    }

    func run() {
        while true {
            if context == nil, nextStart <= now, stopAt == nil { start() }
            takeCommands()
            takeReplies()
            if context != nil { for reader in seats.indices { act(reader) { $0.expire(at: now) } } }
            flush()
            if let stopAt, isAtRest || now >= stopAt { break }
            wait()
        }
        opener.ask(.stop)
        if isAtRest {
            if let context { libusb_exit(context.pointer) }
        } else {
            // What is under way keeps its memory: better lost than freed under libusb's hands.
            _ = Unmanaged.passRetained(self)
        }
    }

    private var isAtRest: Bool { seats.allSatisfy(\.isAtRest) }

    // MARK: libusb

    private func start() {
        var pointer: OpaquePointer?
        let result = libusb_init(&pointer)
        guard result == 0, let pointer else {
            nextStart = now + Self.restart
            for reader in seats.indices {
                tell(.unavailable(reader: reader, .noUSB(reason: USBDevice.errorName(result))))
            }
            return
        }
        context = USBContext(pointer: pointer)
        let plugged: libusb_hotplug_callback_fn = { _, _, _, owner in
            if let owner {
                Unmanaged<USBThread>.fromOpaque(owner).takeUnretainedValue().busChanged()
            }
            return 0
        }
        if libusb_has_capability(UInt32(LIBUSB_CAP_HAS_HOTPLUG.rawValue)) != 0 {
            // Without udev no call ever comes, and nobody says so: the seats look for themselves.
            _ = libusb_hotplug_register_callback(
                pointer, Int32(LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue), 0,
                LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                plugged, Unmanaged.passUnretained(self).toOpaque(), nil)
        }
        refreshDoors()
    }

    private func busChanged() { for reader in seats.indices { seats[reader].busChanged(at: now) } }

    private func refreshDoors() {
        doors = [commands.descriptor, opener.replies.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard let context, let list = libusb_get_pollfds(context.pointer) else { return }
        var place = 0
        while let entry = list[place] {
            doors.append(pollfd(fd: entry.pointee.fd, events: entry.pointee.events, revents: 0))
            place += 1
        }
        libusb_free_pollfds(list)
    }

    /// Waits for anything, and lets libusb do what is due.
    private func wait() {
        var deadline = stopAt ?? .distantFuture
        for seat in seats { if let due = seat.nextDeadline { deadline = min(deadline, due) } }
        if context == nil { deadline = min(deadline, nextStart) }
        if !backlog.isEmpty { deadline = min(deadline, now + Self.congestion) }
        if let context {
            var due = timeval()
            if libusb_get_next_timeout(context.pointer, &due) == 1 {
                let microseconds = Int64(due.tv_sec) * 1_000_000 + Int64(due.tv_usec)
                deadline = min(deadline, now + .microseconds(microseconds))
            }
        }
        if doors.isEmpty { refreshDoors() }
        var patience: Int32 = -1
        if deadline != .distantFuture {
            let left = max(0, (deadline - now).nanoseconds)
            patience = Int32(min(60_000, (left + 999_999) / 1_000_000))
        }
        poll(&doors, nfds_t(doors.count), patience)
        now = Instant(nanoseconds: station_clock_monotonic())
        guard let context else { return }
        var none = timeval()
        _ = libusb_handle_events_timeout_completed(context.pointer, &none, nil)
    }

    // MARK: In

    private func takeCommands() {
        _ = commands.drain(limit: commands.capacity) { command in
            switch command {
            case .send(let reader, let session, let packet):
                guard isCurrent(reader, session), let device = devices[reader] else { return }
                if !device.send(packet) { act(reader) { $0.ended(.deaf, at: now) } }
            case .reset(let reader, let session):
                guard isCurrent(reader, session) else { return }
                act(reader) { $0.ended(.reset, at: now) }
            case .ping(let number):
                tell(.alive(number))
            case .stop:
                guard stopAt == nil else { return }
                stopAt = now + Self.longestStop
                for reader in seats.indices { act(reader) { $0.stop(at: now) } }
            }
        }
    }

    private func isCurrent(_ reader: Int, _ session: UInt32) -> Bool {
        seats.indices.contains(reader) && seats[reader].isLive && seats[reader].session == session
    }

    private func takeReplies() {
        var hasChanged = false
        _ = opener.replies.drain(limit: opener.replies.capacity) { reply in
            hasChanged = true
            switch reply {
            case .opened(let reader, .success(let device)):
                devices[reader] = device
                act(reader) { $0.opened(device.info, at: now) }
            case .opened(let reader, .failure(let obstacle)):
                act(reader) { $0.failed(obstacle, at: now) }
            case .closed(let reader):
                seats[reader].closed(at: now)
            }
        }
        if hasChanged { refreshDoors() }
    }

    /// A transfer came back; called by libusb from within `wait`.
    func completed(_ pipe: USBPipe) {
        guard let reader = devices.firstIndex(where: { $0 === pipe.device }) else { return }
        if seats[reader].isLive {
            switch pipe.status {
            case LIBUSB_TRANSFER_COMPLETED: heard(pipe, of: reader)
            case LIBUSB_TRANSFER_NO_DEVICE: act(reader) { $0.ended(.unplugged, at: now) }
            case LIBUSB_TRANSFER_TIMED_OUT: act(reader) { $0.ended(.deaf, at: now) }
            default:
                let status = Int32(bitPattern: pipe.status.rawValue)
                act(reader) { $0.ended(.broken(status: status), at: now) }
            }
        }
        settle(reader)
    }

    private func heard(_ pipe: USBPipe, of reader: Int) {
        let session = seats[reader].session
        let device = pipe.device
        switch pipe.kind {
        case .bulkOut:
            if !device.sendNext() { act(reader) { $0.ended(.deaf, at: now) } }
            return
        case .interrupt:
            tell(.notified(reader: reader, session: session, USBBlock(pipe.bytes)))
        case .bulkIn:
            var rest = pipe.bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(USBBlock.capacity))
                tell(.received(reader: reader, session: session, USBBlock(part)))
                rest = rest.dropFirst(USBBlock.capacity)
            }
        }
        guard device.bears(packetAt: now) else {
            act(reader) { $0.ended(.flooding, at: now) }
            return
        }
        if !backlog.isEmpty {
            resting.append(pipe)
        } else if !device.submit(pipe) {
            act(reader) { $0.ended(.unplugged, at: now) }
        }
    }

    /// When the last transfer of a session that ended is back, the device can be closed.
    private func settle(_ reader: Int) {
        if devices[reader]?.inFlight == 0 { act(reader) { $0.drained() } }
    }

    // MARK: Out

    private func act(_ reader: Int, _ change: (inout USBSeat) -> Outputs<USBSeat.Action>) {
        let actions = change(&seats[reader])
        for place in 0..<actions.count {
            guard let action = actions[place] else { continue }
            switch action {
            case .open:
                if let context { opener.ask(.open(reader: reader, context)) }
            case .listen:
                if devices[reader]?.listen(self) != true {
                    act(reader) { $0.ended(.unplugged, at: now) }
                }
            case .cancel:
                let device = devices[reader]
                resting.removeAll { $0.device === device }
                device?.cancel()
                settle(reader)
            case .close(let reset):
                guard let device = devices[reader] else { continue }
                devices[reader] = nil
                opener.ask(.close(reader: reader, device, reset: reset))
            case .tell(let event):
                tell(event)
            }
        }
    }

    /// Tells the loop, after everything that it had no room for.
    private func tell(_ event: USBEvent) {
        if !backlog.isEmpty || events.post(event) != nil { backlog.append(event) }
    }

    private func flush() {
        guard !backlog.isEmpty else { return }
        var told = 0
        while told < backlog.count, events.post(backlog[told]) == nil { told += 1 }
        backlog.removeFirst(told)
        guard backlog.isEmpty else { return }
        let pipes = resting
        resting = []
        for pipe in pipes {
            guard let reader = devices.firstIndex(where: { $0 === pipe.device }),
                seats[reader].isLive
            else { continue }
            if !pipe.device.submit(pipe) { act(reader) { $0.ended(.unplugged, at: now) } }
        }
    }
}
