// One service's machine on a table: its devices obey at once, and the test moves time.

import EventLoop
import Testing

@testable import StationCore

/// A machine whose devices obey at once.
struct ServiceBench<Machine: ServiceMachine> {
    var machine: Machine
    var now = Instant(nanoseconds: 1_000_000_000)
    var outputs: [ServiceOutput] = []

    init(_ settings: MachineSettings) { machine = Machine(settings) }

    mutating func take(_ input: ServiceInput) {
        let news = machine.take(input, at: now)
        outputs += news
        for case .perform(let unit, let role, let order, _) in news {
            take(.orderEnded(unit: unit, role, order: order, .confirmed))
        }
    }

    mutating func see(_ sense: Sense, _ holds: Bool?, at unit: Int = 0) {
        take(.sensed(unit: unit, sense, .holds(holds, at: now)))
    }

    mutating func see(_ sense: Sense, _ number: Int64, at unit: Int = 0) {
        let reading = PointReading(value: DecimalNumber(number), quality: .good, at: now)
        take(.sensed(unit: unit, sense, .number(reading)))
    }

    mutating func pass(_ seconds: Int64) {
        let end = now + .seconds(seconds)
        while let due = machine.nextDeadline, due <= end {
            now = max(now, due)
            take(.deadline)
        }
        now = end
    }

    /// What its devices were told last, by part.
    func told(_ unit: Int) -> OrderRole? {
        outputs.reversed().lazy.compactMap { output in
            if case .perform(unit, let role, _, _) = output { role } else { nil }
        }.first
    }
}
