// What is plugged into a socket: a battery that fills, or a machine that runs.
//
//   watts ‾‾‾‾‾‾‾‾‾‾‾‾\_                       full power until a sixth is missing, then ten steps
//                       ‾\_
//                          ‾‾\________ 0.4    full: the charger's own

/// A load in steps, so that what it took is a sum and no integral.
struct VirtualLoad {
    /// Who plugged it in.
    let guest: Int
    let watts: Double
    /// A battery's step: 11 at full power, 10 to 1 towards the end, 0 full; `nil`: a machine.
    private var phase: Int?
    /// Watt-hours to the end of the step. Steps are counted, not worked out from what is missing:
    /// at their edges a rounding would keep one for ever.
    private var left: Double
    private let step: Double
    /// What a charger takes whose battery is full, in watts.
    static let idle = 0.4

    /// - Parameter wattHours: what a battery lacks; `nil`: it draws for as long as it is on.
    init(guest: Int, watts: Double, wattHours: Double?) {
        self.guest = guest
        self.watts = watts
        let need = max(0, wattHours ?? 0)
        step = need / 60
        left = need - need / 6
        phase = wattHours.map { $0 > 0 ? 11 : 0 }
    }

    /// Watt-hours that a battery lacks still.
    var missing: Double? { phase.map { $0 == 0 ? 0 : left + Double($0 - 1) * step } }

    /// What it draws now, where there is power.
    var draw: Double {
        guard let phase else { return watts }
        return phase == 0 ? Self.idle : watts * Double(min(10, phase)) / 10
    }

    /// Lets time go by with the power on. Returns the watt-hours that it took.
    mutating func run(for seconds: Double) -> Double {
        var time = seconds
        var taken = 0.0
        while let phase, phase > 0, time > 0 {
            let needed = left * 3_600 / draw
            guard needed <= time else {
                let part = draw * time / 3_600
                left -= part
                return taken + part
            }
            taken += left
            time -= needed
            self.phase = phase - 1
            left = step
        }
        return taken + draw * max(0, time) / 3_600
    }
}
