// A tap on a stand: the machine, its valve and its meter, with time that the test moves.

import EventLoop

@testable import StationCore

extension UseOwner {
    static let rider = UseOwner(key: ShortText("k-1")!, holder: ShortText("h-1")!, source: .key)
    static let other = UseOwner(key: ShortText("k-2")!, holder: ShortText("h-2")!, source: .key)
    static let passer = UseOwner(source: .button)
}

/// What a dispenser wants is done at once, as long as the valve obeys; water runs when it is open.
struct TapStand {
    var tap: Dispenser
    var now = Instant(nanoseconds: 1_000_000_000_000)
    /// What the meter shows, in mL.
    var total: Int64 = 10_000
    var isOpen = false
    /// Whether orders reach the valve, and whether water is in the pipe.
    var obeys = true
    var isDry = false
    var isMeterSilent = false

    private(set) var ended: [FinishedUse] = []
    private(set) var began: [UseOwner] = []
    private(set) var steps: [Dispenser.Step] = []
    private(set) var refusals: [Dispenser.Refusal] = []
    private(set) var faults: [Dispenser.Fault] = []
    private(set) var orders: [Dispenser.Order] = []
    /// The amount that the valve was opened for, as the meter showed it then.
    private(set) var openedAt: Int64 = 0
    private(set) var granted: Int64 = 0

    init(
        _ settings: Dispenser.Settings = Dispenser.Settings(hasValvePoint: true),
        kept: Dispenser.Kept? = nil
    ) {
        tap = Dispenser(settings)
        boot(kept)
    }

    /// The end of a run and the start of the next one, with what the snapshot kept.
    mutating func restart() {
        let kept = tap.kept
        tap = Dispenser(tap.settings)
        faults = []
        boot(kept)
    }

    private mutating func boot(_ kept: Dispenser.Kept?) {
        tell(.began(kept))
        tell(.device(isThere: true))
        tell(.service(isOpen: true))
        tell(.supply(.present))
        read()
    }

    mutating func tell(_ input: Dispenser.Input) {
        var waiting = tap.handle(input, at: now)
        while !waiting.isEmpty {
            switch waiting.removeFirst() {
            case .perform(let order, let millilitres):
                orders.append(order)
                if order != .close { (granted, openedAt) = (millilitres ?? 0, total) }
                guard obeys else {
                    waiting += tap.handle(.ended(order, .unknown), at: now)
                    continue
                }
                isOpen = order != .close
                waiting += tap.handle(.ended(order, .confirmed), at: now)
            case .began(let owner): began.append(owner)
            case .ended(let use): ended.append(use)
            case .told(let step): steps.append(step)
            case .raised(let fault): faults.append(fault)
            case .cleared(let fault): faults.removeAll { $0 == fault }
            case .refused(let refusal): refusals.append(refusal)
            }
        }
    }

    mutating func ask(
        _ owner: UseOwner = .rider, _ millilitres: Int64? = nil, quota: Int64? = nil,
        isHot: Bool = false
    ) {
        tell(
            .asked(
                owner, Dispenser.Portion(millilitres: millilitres, quota: quota, isHot: isHot)))
    }

    /// The meter and the valve as they are polled.
    mutating func read() {
        tell(.total(isMeterSilent ? .missing : .total(total)))
        tell(.valve(isOpen: isOpen))
    }

    /// Time passes in steps of 100 ms; each brings a pulse while water runs, and a reading.
    mutating func wait(_ interval: Interval, pulse: Int64 = 3) {
        let end = now + interval
        while now < end {
            let step = min(now + .milliseconds(100), end)
            while let due = tap.nextDeadline, due <= step {
                now = max(now, due)
                tell(.deadline)
            }
            now = step
            if isOpen, !isDry { total += pulse }
            read()
        }
    }
}
