// The journal's totals beside the ledger: what a report says, and what people really did.

import EventLoop
import StationCore

/// What was counted at one service, by both.
public struct ServiceUsage: Sendable {
    /// By how they came.
    public struct Row: Sendable {
        public var source: UseSource
        /// The journal's.
        public var uses: Int64 = 0
        public var failed: Int64 = 0
        public var quantity: Int64 = 0
        /// The ledger's: what was whole, and what a power cut came into.
        public var whole = 0
        public var cut = 0
        public var wholeQuantity = 0.0
        public var cutQuantity = 0.0
        /// Of what was cut: what has to be there all the same.
        public var sure = 0
        public var sureQuantity = 0.0
    }

    public var name: String
    public var unit: UsageUnit
    /// How much of one use the station may not see, in the unit, and in thousandths of it.
    public var tolerance: Double
    public var tolerancePerMille = 0
    public var rows: [Row]
    /// How many the journal says a restart interrupted.
    public var interrupted = 0

    /// What the journal says otherwise than the script; none: they agree.
    public var differences: [String] {
        let cut = rows.reduce(0) { $0 + $1.cut }
        let tooMany =
            interrupted > cut
            ? ["\(name): \(interrupted) interrupted, the power cut \(cut) short"] : []
        return tooMany + rows.compactMap(difference)
    }

    private func difference(_ row: Row) -> String? {
        let most = row.whole + row.cut
        // Of what a power cut came into nobody may know, or only that it was nothing.
        let isCounted =
            row.cut == 0
            ? row.uses == Int64(most) && row.failed == 0
            : (Int64(row.whole + row.sure)...Int64(most)).contains(row.uses + row.failed)
                && row.uses >= Int64(row.whole)
        guard isCounted else {
            return "\(name): \(row.uses) uses \(row.source) and \(row.failed) failed, "
                + "the script made \(row.whole) and \(row.cut) cut short, \(row.sure) of them "
                + "long enough after they began"
        }
        guard unit != .times else { return nil }
        let slack =
            tolerance * Double(most) + Double(tolerancePerMille) / 1_000
            * (row.wholeQuantity + row.cutQuantity)
        let lowest = row.wholeQuantity + row.sureQuantity - slack
        let highest = row.wholeQuantity + row.cutQuantity + slack
        guard Double(row.quantity) < lowest || Double(row.quantity) > highest else { return nil }
        return "\(name): \(row.quantity) \(unit.name) \(row.source), the script took "
            + "\(Int64(row.wholeQuantity.rounded())) and \(Int64(row.cutQuantity.rounded())) "
            + "cut short, \(Int64(row.sureQuantity.rounded())) of it long enough before"
    }

    /// What the journal counted of one source.
    mutating func add(_ row: UsageGroup.Row) {
        guard let place = rows.firstIndex(where: { $0.source == row.source }) else { return }
        rows[place].uses += row.totals.uses
        rows[place].failed += row.totals.failed
        if row.unit == unit { rows[place].quantity += row.totals.quantity }
    }

    /// One line of a report.
    public var line: String {
        let parts = rows.filter { $0.uses + $0.failed > 0 || $0.whole + $0.cut > 0 }.map { row in
            var text = "\(row.uses) by \(row.source)"
            if row.failed > 0 { text += " (\(row.failed) came to nothing)" }
            if unit != .times { text += " \(row.quantity) \(unit.name)" }
            if row.cut > 0 { text += ", \(row.cut) cut short" }
            return text
        }
        let restarts = interrupted > 0 ? ", \(interrupted) interrupted" : ""
        let wrong = differences
        return "\(name): " + (parts.isEmpty ? "nobody" : parts.joined(separator: "; "))
            + restarts + (wrong.isEmpty ? " = the script" : " <> the script")
    }
}

extension VirtualServices {
    /// What the ledger has, service by service, for the journal's part to be added.
    var usage: [ServiceUsage] {
        station.services.enumerated().compactMap { place, service in
            guard case .machine(let settings) = service.settings, settings.kind.isCounted else {
                return nil
            }
            var usage = ServiceUsage(
                name: service.name, unit: .times, tolerance: 0,
                rows: UseSource.allCases.map { ServiceUsage.Row(source: $0) })
            measure(&usage, place, settings)
            for use in ledger.uses where use.service == place {
                guard let row = usage.rows.firstIndex(where: { $0.source == use.source }) else {
                    continue
                }
                if use.isCut || use.ended == nil {
                    usage.rows[row].cut += 1
                    usage.rows[row].cutQuantity += use.amount
                    if use.isSure {
                        usage.rows[row].sure += 1
                        // What ran on in the dark is more, never less.
                        usage.rows[row].sureQuantity += min(use.sureAmount, use.amount)
                    }
                } else {
                    usage.rows[row].whole += 1
                    usage.rows[row].wholeQuantity += use.amount
                }
            }
            return usage
        }
    }

    private func measure(_ usage: inout ServiceUsage, _ place: Int, _ settings: MachineSettings) {
        if let tap = taps.first(where: { $0.service == place }) {
            usage.unit = .millilitres
            usage.tolerance = (tap.pulse ?? tap.flow?.step ?? 1) + 1
        }
        let own = outlets.filter { $0.service == place }
        let totals = own.compactMap { $0.sight(.energy) ?? $0.sight(.total) }
        if let total = totals.first {
            usage.unit = .wattHours
            usage.tolerance = total.step + 1
        } else if own.contains(where: { $0.sight(.power) != nil }) {
            usage.unit = .wattHours
            (usage.tolerance, usage.tolerancePerMille) = (1, 30)
        }
        if let unit = settings[.unit], settings.kind == .appliance {
            usage.unit = UsageUnit.allCases[Int(unit)]
        }
    }
}

extension ServiceKind {
    /// Whether people use it: lamps and values are nobody's use.
    var isCounted: Bool {
        switch self {
        case .charging, .dispenser, .appliance, .cabinet, .place, .counter, .desk: true
        case .lights, .climate, .swap, .room, .link, .help: false
        }
    }
}
