// Which inputs of devices on the board are active while nothing is wrong.

import StationCore

extension ResolvedStation {
    /// A smoke head's contact, a light beam's: a guard trips at the other level.
    package var linesAtRest: [LineID] {
        lines.indices.filter { place in
            guard lines[place].direction == .input,
                case .boardDevice(let settings) = devices[lines[place].device].driver
            else { return false }
            return settings.points.contains { point in
                guard case .line(lines[place].terminal) = point.source,
                    let active = point.state(of: 1), let inactive = point.state(of: 0)
                else { return false }
                return trips(lines[place].device, point.name, at: inactive)
                    && !trips(lines[place].device, point.name, at: active)
            }
        }.map { LineID($0) }
    }

    private func trips(_ device: Int, _ point: String, at state: Int) -> Bool {
        devices.enumerated().contains { owner, other in
            other.driver.guards.contains { rule in
                rule.when.all.contains { comparison in
                    comparison.point == point && (comparison.device ?? owner) == device
                        && comparison.relation == .equal
                        && comparison.value.plus == DecimalNumber(Int64(state))
                }
            }
        }
    }
}

extension PointSettings {
    /// The state that a level of its line means, as a place in `states`.
    fileprivate func state(of raw: Int64) -> Int? {
        meanings.first { $0.raw == raw }?.state ?? otherwise
    }
}
