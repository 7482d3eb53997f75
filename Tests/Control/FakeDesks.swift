// Desks that write down what they are asked, and a driver that plays one peer after another.

import EventLoop
import StationCore

@testable import Control

/// Single-threaded, for tests of the service alone.
final class FakeCore: CoreDesk, @unchecked Sendable {
    var asked: [(id: RequestID, query: CoreQuery)] = []
    var withdrawn: [RequestID] = []
    var isFull = false

    func ask(_ query: CoreQuery, id: RequestID) -> Bool {
        guard !isFull else { return false }
        asked.append((id, query))
        return true
    }

    func withdraw(_ id: RequestID) { withdrawn.append(id) }
}

final class FakeJournal: JournalDesk, @unchecked Sendable {
    var asked: [(id: RequestID, query: JournalQuery)] = []
    var isFull = false

    func ask(_ query: JournalQuery, id: RequestID) -> Bool {
        guard !isFull else { return false }
        asked.append((id, query))
        return true
    }
}

/// A service with its desks and a clock that only tests move.
final class Scene {
    let core = FakeCore()
    let journal = FakeJournal()
    var service: ControlService
    var now = Instant(nanoseconds: 1_000_000_000)

    init(info: ServiceInfo = Sample.info) {
        service = ControlService(
            info: info, table: PeerTable(ownUser: 990, crewGroups: [27], readerGroups: [991]),
            core: core, journal: journal)
    }

    static let owner = Peer(user: 990, groups: [])
    static let reader = Peer(user: 1_000, groups: [991])

    func join(_ peer: Peer = owner) -> Int {
        guard let place = service.connect(peer, at: now) else { return -1 }
        return place.slot
    }

    func send(_ slot: Int, _ text: String, passed: PassedFile? = nil) {
        send(slot, Array(text.utf8) + [0], passed: passed)
    }

    func send(_ slot: Int, _ bytes: [UInt8], passed: PassedFile? = nil) {
        bytes.withUnsafeBytes { service.receive(slot, $0, passed: passed, at: now) }
    }

    /// Takes at most one message of the peer's output, as the peer would.
    func take(_ slot: Int) -> String? {
        let bytes = service.withOutput(slot) { Array($0) }
        guard let end = bytes.firstIndex(of: 0) else { return nil }
        service.took(slot, end + 1, at: now)
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    func takeAll(_ slot: Int) -> [String] {
        var taken: [String] = []
        while let message = take(slot) { taken.append(message) }
        return taken
    }

    /// Answers the oldest open question of the core.
    func answerCore(_ answer: CoreAnswer) {
        guard !core.asked.isEmpty else { return }
        service.answer(core.asked.removeFirst().id, answer, at: now)
    }

    func answerJournal(_ reply: JournalReply) {
        guard !journal.asked.isEmpty else { return }
        service.answer(journal.asked.removeFirst().id, reply, at: now)
    }

    func pass(_ interval: Interval) {
        now = now + interval
        service.expire(at: now)
    }
}
