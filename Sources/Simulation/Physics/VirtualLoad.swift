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
    /// Watt-hours that a battery lacks; `nil`: it draws its power for as long as it is on.
    private(set) var missing: Double?
    private let taper: Double
    /// What a charger takes whose battery is full, in watts.
    static let idle = 0.4

    init(guest: Int, watts: Double, wattHours: Double?) {
        self.guest = guest
        self.watts = watts
        missing = wattHours
        taper = (wattHours ?? 0) / 6
    }

    /// What it draws now, where there is power.
    var draw: Double {
        guard let missing else { return watts }
        guard missing > 0 else { return Self.idle }
        return missing >= taper ? watts : watts * step / 10
    }

    private var step: Double {
        guard let missing, taper > 0 else { return 10 }
        return (missing / taper * 10).rounded(.up)
    }

    /// Lets time go by with the power on. Returns the watt-hours that it took.
    mutating func run(for seconds: Double) -> Double {
        var left = seconds
        var taken = 0.0
        while left > 0 {
            guard let missing, missing > 0 else { return taken + draw * left / 3_600 }
            // To where the next step begins.
            let edge = missing > taper ? taper : max(0, (step - 1) * taper / 10)
            let until = (missing - edge) * 3_600 / draw
            guard until < left else {
                taken += draw * left / 3_600
                self.missing = missing - draw * left / 3_600
                return taken
            }
            taken += missing - edge
            self.missing = edge
            left -= until
        }
        return taken
    }
}
