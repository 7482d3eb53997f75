// A bank of lockers with locks that open, stay closed, or answer nothing.

import EventLoop
import StationCore

/// A bank with twins of its boxes: a lock that opens, stays closed, or answers nothing.
struct LockerTwin {
    enum Lock { case opens, stays, silent, busy }

    var bank: LockerBank
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var locks: [Lock]
    private(set) var told: [(unit: Int, step: CompartmentStep)] = []
    private(set) var ends: [(unit: Int, end: UseEnd, holder: ShortText)] = []
    private(set) var pulls: [Int]

    init(_ count: Int = 3, _ settings: Compartment.Settings = .init()) {
        bank = LockerBank(Array(repeating: settings, count: count))
        locks = Array(repeating: .opens, count: count)
        pulls = Array(repeating: 0, count: count)
        for unit in 0..<count { tell(.leaf(isClosed: true, readAt: nil), unit) }
    }

    mutating func tell(_ input: Compartment.Input, _ unit: Int) {
        let outputs = bank.handle(input, unit: unit, at: now)
        for output in outputs.all {
            switch output {
            case .open: pull(unit)
            case .told(let step): told.append((unit, step))
            case .ended(let end, let owner, _): ends.append((unit, end, owner.holder))
            }
        }
    }

    private mutating func pull(_ unit: Int) {
        pulls[unit] += 1
        switch locks[unit] {
        case .opens:
            tell(.orderEnded(.confirmed), unit)
            tell(.leaf(isClosed: false, readAt: nil), unit)
        case .stays: tell(.orderEnded(.failed), unit)
        case .silent: tell(.orderEnded(.unknown), unit)
        case .busy: tell(.orderRefused(isBusy: true), unit)
        }
    }

    /// Somebody taps; what it means is done.
    @discardableResult
    mutating func tap(
        _ holder: String, key: String = "k", denial: Denial? = nil, mayEmpty: Bool = true
    ) -> LockerBank.Answer {
        let owner = UseOwner(
            key: ShortText(key)!, holder: ShortText(holder)!, source: .key)
        let answer = bank.answer(owner, denial: denial, mayEmpty: mayEmpty, at: now)
        switch answer {
        case .assign(let unit):
            tell(.assign(owner), unit)
        case .reopen(let unit, let isLast): tell(.open(.holder, isLast: isLast), unit)
        case .end(let unit): tell(.end, unit)
        case .refused, .wait: break
        }
        return answer
    }

    /// They have packed, and tap to end it.
    @discardableResult
    mutating func tapToEnd(_ holder: String) -> LockerBank.Answer {
        wait(Compartment.Limit.packing)
        return tap(holder)
    }

    mutating func close(_ unit: Int) { tell(.leaf(isClosed: true, readAt: nil), unit) }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = bank.nextDeadline, due <= end {
            now = max(now, due)
            for unit in bank.boxes.indices {
                if let own = bank.boxes[unit].nextDeadline, own <= now { tell(.deadline, unit) }
            }
        }
        now = end
    }

    func steps(of unit: Int) -> [CompartmentStep] {
        told.filter { $0.unit == unit }.map(\.step)
    }
}
