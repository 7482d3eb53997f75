// A socket with its wires, its meter, a battery and bad luck: what properties are tested in.

import EventLoop

@testable import StationCore

/// One socket in a world where orders take their time and get lost, meters fall silent, relays
/// stick, and the station stops and starts. Everything comes from one seed.
struct SocketWorld {
    /// A use as the socket told it.
    struct Use: Equatable {
        var owner: UseOwner
        var end: UseEnd
        var amount: UsageAmount
    }

    struct Order {
        var isOn: Bool
        var number: UInt32
        var due: Instant
    }

    let settings: Socket.Settings
    var socket: Socket
    var random: Xorshift
    var now = Instant(nanoseconds: 5_000_000_000_000)

    // What is really so.
    var isOn = false
    var isStuck = false
    var hasMains = true
    var answers = true
    /// In milliwatts; `nil`: nothing is plugged in.
    var load: Int64?
    /// What the battery still takes, in microwatt-hours; then it floats.
    var wants: Int64 = 0
    /// All that flowed, in microwatt-hours.
    var total: Int64 = 7_000_000_000
    var orders: [Order] = []

    // What was said.
    var saidTotal: Energy?
    var saidAtBegin: Energy?
    var uses: [Use] = []
    var open: UseOwner?
    var complaints: [String] = []
    /// Told things that no session survives.
    var smoke = false
    var guarded = false
    var closed = false

    init(seed: UInt64, _ settings: Socket.Settings) {
        self.settings = settings
        socket = Socket(settings)
        random = Xorshift(seed: seed)
    }

    var flow: Int64 {
        guard isOn || isStuck, hasMains, let load else { return 0 }
        return wants > 0 ? load : min(load, 6_000)
    }

    mutating func complain(_ text: String) {
        if complaints.count < 5 { complaints.append("\(text), \(now.nanoseconds / 1_000_000)") }
    }

    mutating func tell(_ input: Socket.Input) {
        let wasStuck = socket.stands(.relayStuck)
        let outputs = socket.handle(input, at: now)
        for output in outputs { hear(output, wasStuck) }
        check(after: input, outputs)
    }

    private mutating func hear(_ output: Socket.Output, _ wasStuck: Bool) {
        switch output {
        case .switchOn(let number, _, _):
            if open == nil { complain("switched on without a session") }
            if wasStuck { complain("a stuck relay was switched on") }
            if smoke || guarded || closed { complain("switched on against what stands") }
            order(true, number)
        case .switchOff(let number): order(false, number)
        case .began(let owner):
            if open != nil { complain("began twice") }
            open = owner
            saidAtBegin = saidTotal
        case .ended(let owner, let end, let amount, let lasted):
            if open != owner { complain("ended what had not begun") }
            if amount.value < 0 || lasted < .zero { complain("less than nothing") }
            if !amount.isEstimated, amount.unit == .wattHours, let from = saidAtBegin,
                let to = saidTotal, amount.value != (to - from).wattHours
            {
                complain("\(amount.value) is not what the meter said")
            }
            open = nil
            uses.append(Use(owner: owner, end: end, amount: amount))
        case .told, .raised, .cleared, .refused: break
        }
    }

    /// What must hold after every step.
    private mutating func check(after input: Socket.Input, _ outputs: [Socket.Output]) {
        if let due = socket.nextDeadline, due <= now { complain("a deadline in the past") }
        // Until it is told what was kept, it knows of nothing.
        guard socket.isRecalled else { return }
        if (socket.owner == nil) != (open == nil) { complain("a session that nobody told of") }
        guard socket.relay.liveSince != nil else { return }
        if socket.owner == nil { complain("live without a session") }
        if socket.isEnding { complain("ending and not told to be off after \(input)") }
        if smoke || guarded || closed || !hasMains && socket.mains == false {
            complain("live against what stands after \(input)")
        }
        if socket.stands(.relayStuck) || socket.stands(.burning) { complain("live and faulty") }
        if let last = socket.heat.last, settings.hot <= last { complain("live and hot") }
    }

    /// On its way to the device; those to switch off overtake.
    private mutating func order(_ isOn: Bool, _ number: UInt32) {
        let due = now + .milliseconds(Int64(random.below(isOn ? 1_500 : 400)))
        orders.append(Order(isOn: isOn, number: number, due: due))
    }

    private mutating func carryOut() {
        let due = orders.filter { $0.due <= now }
        orders.removeAll { $0.due <= now }
        for order in due {
            guard answers else {
                tell(.orderEnded(order.number, .unknown))
                continue
            }
            if order.isOn || !isStuck { isOn = order.isOn }
            let isLost = random.below(20) == 0
            tell(.orderEnded(order.number, isLost ? .unknown : .confirmed))
        }
    }

    /// A quarter of a second passes; the meter speaks each second.
    mutating func step() {
        now = now + .milliseconds(250)
        let flowing = flow
        let energy = flowing * 250_000 / 3_600_000
        total += energy
        wants = max(0, wants - energy)
        carryOut()
        if let due = socket.nextDeadline, due <= now { tell(.deadline) }
        guard now.nanoseconds % 1_000_000_000 == 0, answers, hasMains else { return }
        tell(.power(reading(flowing, places: 3)))
        let said = reading(total, places: 6)
        saidTotal = Energy(said)
        tell(.energy(said))
    }

    private func reading(_ mantissa: Int64, places: Int) -> PointReading {
        PointReading(
            value: DecimalNumber(mantissa: mantissa, places: places), quality: .good, at: now)
    }

    mutating func run(_ seconds: Int) { for _ in 0..<seconds * 4 { step() } }

    /// The station stops here and now, its relay falls off, and it starts so much later.
    mutating func restart(away: Int64) {
        let kept = socket.kept(at: now)
        socket = Socket(settings)
        orders.removeAll()
        if !isStuck { isOn = false }
        for _ in 0..<away * 4 {
            now = now + .milliseconds(250)
            total += flow * 250_000 / 3_600_000
        }
        tell(.smoke(smoke))
        tell(.guarded(guarded))
        tell(.open(!closed))
        tell(.mains(hasMains))
        tell(.recalled(kept, away: .seconds(away)))
    }
}
