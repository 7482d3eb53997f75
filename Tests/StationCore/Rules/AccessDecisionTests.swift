// The decision's steps in their order, each with its own reason.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The decision at a door` {
    private let now = Instant(nanoseconds: 1_000_000_000)
    private let door = DoorID(1)
    private let day: Int64 = 86_400

    /// 2026-11-21 08:00 UTC on a trusted clock.
    private let today = WallTime(seconds: 1_795_248_000)

    private func calendar(
        _ quality: ClockQuality = .synced, floor: WallTime? = nil
    ) -> Calendar {
        Calendar(
            wallOffset: today.milliseconds * 1_000_000 - now.nanoseconds, bootOffset: 0,
            quality: quality, utcOffset: 28_800, floor: floor ?? today)
    }

    private func key(
        state: KeyState = .active, from: Int64? = nil, to: Int64? = nil, doors: [Int] = [1],
        assurance: Assurance = .uid
    ) -> KeyRecord {
        KeyRecord(
            id: ShortText("k1")!, holder: ShortText("h1")!, state: state, role: .rider,
            validFrom: from.map { WallTime(seconds: today.seconds + $0 * day) },
            validTo: to.map { WallTime(seconds: today.seconds + $0 * day) },
            doors: doors.reduce(into: DoorSet()) { $0.insert(DoorSet(DoorID($1))) },
            assurance: assurance)
    }

    private func decide(
        _ key: KeyRecord?, mode: DoorMode = .locked, calendar: Calendar? = nil,
        policy: StationPolicy = StationPolicy()
    ) -> Verdict {
        AccessDecision.decide(
            key, at: door, in: mode, calendar: calendar ?? self.calendar(), policy: policy,
            now: now)
    }

    @Test func `lets an active key of this door through`() {
        #expect(decide(key()) == .granted(.none))
    }

    @Test func `denies what is not on the roster`() {
        #expect(decide(nil) == .denied(.unknown))
    }

    @Test func `looks at lost and blocked before anything else`() {
        #expect(decide(key(state: .lost, to: -30, doors: [])) == .denied(.lost))
        #expect(decide(key(state: .blocked, to: -30, doors: [])) == .denied(.blocked))
    }

    @Test func `judges the dates before the door`() {
        #expect(decide(key(from: 1, doors: [])) == .denied(.notYetValid))
        #expect(decide(key(to: -8, doors: [])) == .denied(.expired))
        #expect(decide(key(from: -1, to: 1, doors: [])) == .denied(.door))
    }

    @Test func `gives seven days of grace and says so`() {
        #expect(decide(key(to: 0)) == .granted(.grace))
        #expect(decide(key(to: -6)) == .granted(.grace))
        #expect(decide(key(to: -7)) == .denied(.expired))
        #expect(decide(key(to: 0), policy: StationPolicy(graceDays: 0)) == .denied(.expired))
    }

    @Test func `knows the first and the last moment of a key`() {
        #expect(decide(key(from: 0)) == .granted(.none))
        #expect(decide(key(to: 1)) == .granted(.none))
    }

    @Test func `with an untrusted clock admits what the floor does not rule out, and says so`() {
        let clock = calendar(.restored)
        #expect(decide(key(), calendar: clock) == .granted(.none))
        #expect(decide(key(to: 30), calendar: clock) == .granted(.clockUntrusted))
        #expect(decide(key(from: 30), calendar: clock) == .granted(.clockUntrusted))
        #expect(decide(key(to: -8), calendar: clock) == .denied(.expired))
    }

    @Test func `with an untrusted clock and a strict policy waits for the clock`() {
        let policy = StationPolicy(untrustedClock: .deny)
        let clock = calendar(.none)
        #expect(decide(key(to: 30), calendar: clock, policy: policy) == .denied(.clockUntrusted))
        #expect(decide(key(), calendar: clock, policy: policy) == .granted(.none))
    }

    @Test func `asks for a better card where the right needs one`() {
        #expect(decide(key(assurance: .authenticated)) == .denied(.assurance))
    }

    @Test func `says that a door is closed to everybody only to those whose door it is`() {
        #expect(decide(key(), mode: .lockedDown) == .denied(.lockdown))
        #expect(decide(key(), mode: .blocked) == .denied(.doorBlocked))
        #expect(decide(key(doors: [2]), mode: .lockedDown) == .denied(.door))
    }

    @Test(arguments: Denial.allCases) func `has words and a rhythm for every reason`(reason: Denial)
    {
        let text = Wording.template(reason.wording)
        #expect(!text.chinese.isEmpty)
        #expect(!text.english.isEmpty)
        #expect(reason.rhythm != .comeIn)
    }

    @Test func `shows a lost and a blocked card the same sentence`() {
        let lost = Wording.template(Denial.lost.wording)
        let blocked = Wording.template(Denial.blocked.wording)
        #expect(lost.chinese == blocked.chinese)
        #expect(lost.english == blocked.english)
    }
}
