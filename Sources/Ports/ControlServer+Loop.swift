// What the control thread does: poll, accept, read, write, expire.

import CLinux
import Control
import EventLoop
import Glibc

/// The thread's own: sockets beside the service's slots.
final class ControlLoop {
    private var service: ControlService
    private var listener: ControlListener
    private let told: @Sendable (ControlServer.CannotListen?) -> Void
    private let answers: Mailbox<ControlAnswer>
    private let growth: Mailbox<Bool>
    /// The peers' sockets by slot; -1 where there is none.
    private var sockets = [Int32](repeating: -1, count: ControlLimits.connections)
    private var portion = [UInt8](repeating: 0, count: 16_384)
    private var stopped = false
    /// After accept failed for want of descriptors: until then the listener is left alone.
    private var deaf = Instant(nanoseconds: .min)

    init(
        service: ControlService, listener: consuming ControlListener,
        told: @escaping @Sendable (ControlServer.CannotListen?) -> Void,
        answers: Mailbox<ControlAnswer>, growth: Mailbox<Bool>
    ) {
        self.service = service
        self.listener = listener
        self.told = told
        self.answers = answers
        self.growth = growth
    }

    private var now: Instant { Instant(nanoseconds: station_clock_monotonic()) }

    func run() {
        while !stopped { turn() }
        for slot in sockets.indices where sockets[slot] >= 0 { hangUp(slot) }
    }

    /// One wait and everything it brought.
    private func turn() {
        var waits = [
            pollfd(fd: now < deaf ? -1 : listener.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: answers.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: growth.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let fixed = waits.count
        for slot in sockets.indices {
            let events =
                (service.wantsInput(slot) ? POLLIN : 0) | (service.hasOutput(slot) ? POLLOUT : 0)
            // A negative descriptor is passed over by poll, so places stay slots.
            waits.append(pollfd(fd: sockets[slot], events: Int16(events), revents: 0))
        }
        guard poll(&waits, nfds_t(waits.count), timeout()) >= 0 else { return }
        takeAnswers()
        for slot in sockets.indices where sockets[slot] >= 0 {
            serve(slot, Int32(waits[fixed + slot].revents))
        }
        service.expire(at: now)
        for slot in sockets.indices where sockets[slot] >= 0 { settle(slot) }
        if waits[0].revents != 0 { accept() }
        switch listener.tend(at: now) {
        case .failed(let failure): told(failure)
        case .opened: told(nil)
        case nil: break
        }
    }

    /// Milliseconds to the next deadline, rounded up so that it has passed on waking.
    private func timeout() -> Int32 {
        let now = self.now
        var due = min(service.nextDeadline ?? listener.nextDeadline, listener.nextDeadline)
        if now < deaf { due = min(due, deaf) }
        return Int32(clamping: max(0, (due - now).nanoseconds + 999_999) / 1_000_000)
    }

    private func takeAnswers() {
        // All there is: at most the mailbox's capacity.
        _ = answers.drain(limit: answers.capacity) { answer in
            switch answer {
            case .core(let id, let answer): service.answer(id, answer, at: now)
            case .journal(let id, let reply): service.answer(id, reply, at: now)
            case .stop: stopped = true
            }
        }
        var grew = false
        _ = growth.drain(limit: 1) { _ in grew = true }
        if grew { service.journalGrew(at: now) }
    }

    private func serve(_ slot: Int, _ events: Int32) {
        if events & (POLLERR | POLLNVAL) != 0 { return hangUp(slot) }
        if events & POLLIN != 0 { read(slot) }
        // Gone both ways: nobody is left to take an answer.
        if sockets[slot] >= 0, events & POLLHUP != 0, events & POLLIN == 0 { hangUp(slot) }
    }

    private func read(_ slot: Int) {
        var passed: Int32 = -1
        let count = station_receive(sockets[slot], &portion, portion.count, &passed)
        let file = passed >= 0 ? PassedFile(owning: passed) : nil
        switch count {
        case 1...:
            portion.withUnsafeBytes {
                service.receive(
                    slot, UnsafeRawBufferPointer(rebasing: $0[..<count]), passed: file, at: now)
            }
        case 0: service.endOfInput(slot)
        case -Int(EAGAIN), -Int(EINTR): break
        default: hangUp(slot)
        }
    }

    /// Sends what there is and closes who is finished.
    private func settle(_ slot: Int) {
        while service.hasOutput(slot) {
            let sent = service.withOutput(slot) {
                station_send(sockets[slot], $0.baseAddress, $0.count, -1)
            }
            if sent == -Int(EINTR) { continue }
            if sent == -Int(EAGAIN) { break }
            guard sent > 0 else { return hangUp(slot) }
            service.took(slot, sent, at: now)
        }
        if service.isFinished(slot) { hangUp(slot) }
    }

    private func hangUp(_ slot: Int) {
        _ = close(sockets[slot])
        sockets[slot] = -1
        service.disconnect(slot)
    }

    // MARK: New peers

    private func accept() {
        // At most a listener's worth in one turn.
        for _ in 0..<ControlLimits.connections {
            let socket = Glibc.accept(listener.descriptor, nil, nil)
            if socket < 0 {
                if errno == EMFILE || errno == ENFILE || errno == ENOMEM {
                    deaf = now + .milliseconds(100)
                }
                return
            }
            admit(socket)
        }
    }

    private func admit(_ socket: Int32) {
        let flags = fcntl(socket, F_GETFL)
        guard fcntl(socket, F_SETFD, FD_CLOEXEC) >= 0,
            fcntl(socket, F_SETFL, flags | O_NONBLOCK) >= 0, let peer = Self.peer(of: socket),
            let place = service.connect(peer, at: now)
        else {
            _ = close(socket)
            return
        }
        if place.evicted { _ = close(sockets[place.slot]) }
        sockets[place.slot] = socket
    }

    /// Who is at the other end, as the kernel vouches for it; `nil` when it does not.
    static func peer(of socket: Int32) -> Peer? {
        var credentials = station_peer()
        guard station_peer_credentials(socket, &credentials) == 0 else { return nil }
        var groups = [gid_t](repeating: 0, count: 64)
        let count = station_peer_groups(socket, &groups, Int32(groups.count))
        return Peer(
            user: credentials.uid, groups: [credentials.gid] + groups.prefix(Int(max(0, count))),
            name: name(of: credentials.uid))
    }

    /// The user's name in the machine's own accounts; empty for a user that they do not have. The
    /// file alone is asked: a directory service may keep whoever asks waiting, and has a network.
    static func name(of user: uid_t) -> String {
        guard let accounts = fopen("/etc/passwd", "re") else { return "" }
        defer { fclose(accounts) }
        // As long as a line of the accounts may be.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { room in
            guard let line = room.baseAddress else { return "" }
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            while fgetpwent_r(accounts, &record, line, room.count, &found) == 0 {
                if record.pw_uid == user, let name = record.pw_name { return String(cString: name) }
            }
            return ""
        }
    }
}
