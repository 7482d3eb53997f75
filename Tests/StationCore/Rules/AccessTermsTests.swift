// The decision's order with services, hours and quotas in it, as a table.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The decision with terms` {
    private let now = Instant(nanoseconds: 1_000_000_000)
    private let today = WallTime(seconds: 1_795_248_000)

    /// Everything that may stand against somebody, in the order in which it is looked for.
    private enum Obstacle: Int, CaseIterable {
        case lost, expired, place, assurance, hours, quota, mode

        var isDoorOnly: Bool { self == .mode }
    }

    private func key(_ obstacles: Set<Obstacle>) -> KeyRecord {
        KeyRecord(
            id: ShortText("k")!, holder: ShortText("h")!,
            state: obstacles.contains(.lost) ? .lost : .active,
            validTo: obstacles.contains(.expired)
                ? WallTime(seconds: today.seconds - 30 * 86_400) : nil,
            doors: obstacles.contains(.place) ? [] : DoorSet(DoorID(1)),
            assurance: obstacles.contains(.assurance) ? .authenticated : .uid)
    }

    private func stand(_ obstacles: Set<Obstacle>) -> TermsNow {
        TermsNow(
            isAllowed: !obstacles.contains(.place),
            hours: obstacles.contains(.hours) ? .shut : .open,
            usedUp: obstacles.contains(.quota) ? .quota : nil)
    }

    private func calendar(_ quality: ClockQuality = .synced) -> Calendar {
        Calendar(
            wallOffset: today.milliseconds * 1_000_000 - now.nanoseconds, bootOffset: 0,
            quality: quality, utcOffset: 28_800, floor: today)
    }

    private func atDoor(_ obstacles: Set<Obstacle>) -> Verdict {
        AccessDecision.decide(
            key(obstacles), stand(obstacles), at: DoorID(1),
            in: obstacles.contains(.mode) ? .lockedDown : .locked, calendar: calendar(),
            policy: StationPolicy(), now: now)
    }

    private func atService(_ obstacles: Set<Obstacle>) -> Verdict {
        AccessDecision.use(
            key(obstacles), stand(obstacles), isOpen: true, calendar: calendar(),
            policy: StationPolicy(), now: now)
    }

    private func reason(_ obstacle: Obstacle, atDoor: Bool) -> Denial {
        switch obstacle {
        case .lost: .lost
        case .expired: .expired
        case .place: atDoor ? .door : .service
        case .assurance: .assurance
        case .hours: .hours
        case .quota: .quota
        case .mode: .lockdown
        }
    }

    @Test func `gives the first of all reasons, whatever else stands against somebody`() {
        let all = Obstacle.allCases
        for bits in 0..<(1 << all.count) {
            let obstacles = Set(all.filter { bits & (1 << $0.rawValue) != 0 })
            let first = all.first { obstacles.contains($0) }
            #expect(
                atDoor(obstacles)
                    == (first.map { .denied(reason($0, atDoor: true)) } ?? .granted(.none)))
            let own = all.first { obstacles.contains($0) && !$0.isDoorOnly }
            #expect(
                atService(obstacles)
                    == (own.map { .denied(reason($0, atDoor: false)) } ?? .granted(.none)))
        }
    }

    @Test func `says that a service is closed before that nothing is left of it`() {
        let used = TermsNow(usedUp: .quotaPeriod)
        func use(isOpen: Bool) -> Verdict {
            AccessDecision.use(
                key([]), used, isOpen: isOpen, calendar: calendar(), policy: StationPolicy(),
                now: now)
        }
        #expect(use(isOpen: false) == .denied(.hours))
        #expect(use(isOpen: true) == .denied(.quotaPeriod))
    }

    @Test func `without a clock lets in by the station's policy, and says so`() {
        let unknown = TermsNow(hours: .unknown)
        func decide(_ policy: StationPolicy) -> (Verdict, Verdict) {
            (
                AccessDecision.decide(
                    key([]), unknown, at: DoorID(1), in: .locked, calendar: calendar(.none),
                    policy: policy, now: now),
                AccessDecision.use(
                    key([]), unknown, isOpen: true, calendar: calendar(.none), policy: policy,
                    now: now)
            )
        }
        let open = decide(StationPolicy())
        #expect(open.0 == .granted(.clockUntrusted) && open.1 == .granted(.clockUntrusted))
        let strict = decide(StationPolicy(untrustedClock: .deny))
        #expect(strict.0 == .denied(.clockUntrusted) && strict.1 == .denied(.clockUntrusted))
    }

    @Test func `keeps the days of grace`() {
        var late = key([])
        late.validTo = today
        let verdict = AccessDecision.decide(
            late, TermsNow(), at: DoorID(1), in: .locked, calendar: calendar(),
            policy: StationPolicy(), now: now)
        #expect(verdict == .granted(.grace))
    }
}
