// The check of a service that has a machine: its numbers, orders and sights are those of its kind.

extension ResolvedStation {
    func isLegal(_ settings: MachineSettings) -> Bool {
        let shape = settings.kind.shape
        let names = settings.parts.map(\.name)
        guard (1...shape.limit).contains(settings.parts.count), Set(names).count == names.count,
            isLegal(settings.numbers, shape),
            areLegal(settings.shared, shape.sights.filter(\.isShared))
        else { return false }
        guard
            settings.parts.allSatisfy({ part in
                Self.isPartName(part.name) && isLegal(part.orders, shape)
                    && areLegal(part.sights, shape.sights.filter { !$0.isShared })
                    && (part.reader == nil || shape.hasReaders)
            })
        else { return false }
        return settings.flaw == nil
    }

    /// Entries are read back by this name; what JSON escapes would be another one there.
    static func isPartName(_ name: String) -> Bool {
        isText(name, bytes: 1...Limit.partNameBytes) && !name.utf8.contains(UInt8(ascii: "\""))
            && !name.utf8.contains(UInt8(ascii: "\\"))
    }

    private func isLegal(_ numbers: [ServiceNumber], _ shape: ServiceShape) -> Bool {
        guard Set(numbers.map(\.setting)).count == numbers.count else { return false }
        let isKnown = numbers.allSatisfy { number in
            shape.settings.contains {
                $0.setting == number.setting && $0.form.allows(number.value)
            }
        }
        return isKnown
            && shape.settings.allSatisfy { wanted in
                !wanted.isRequired || numbers.contains { $0.setting == wanted.setting }
            }
    }

    private func isLegal(_ orders: [PartSettings.Order], _ shape: ServiceShape) -> Bool {
        let roles = orders.map(\.role)
        guard Set(roles).count == roles.count,
            shape.orders.allSatisfy({ !$0.isRequired || roles.contains($0.role) })
        else { return false }
        return orders.allSatisfy { own in
            guard shape.orders.contains(where: { $0.role == own.role }),
                let device = own.order.device, devices.indices.contains(device),
                let action = action(of: own.order, from: device)
            else { return false }
            return !own.role.isHazard || action.mayStandFor(own.role)
        }
    }

    private func areLegal(
        _ sights: [MachineSettings.Sight], _ wanted: [ServiceShape.Sight]
    ) -> Bool {
        let senses = sights.map(\.sense)
        guard Set(senses).count == senses.count,
            wanted.allSatisfy({ !$0.isRequired || senses.contains($0.sense) })
        else { return false }
        return sights.allSatisfy { sight in
            guard wanted.contains(where: { $0.sense == sight.sense }) else { return false }
            switch sight.source {
            case .holds(let comparison):
                return sight.sense.mayBeCondition && isPoint(comparison)
            case .number(let device, let point, let scale):
                guard let units = sight.sense.units, devices.indices.contains(device) else {
                    return false
                }
                let found = devices[device].driver.shownPoints.first { $0.name == point }
                guard let found, found.states.isEmpty else { return false }
                return units.isEmpty
                    ? scale == 1
                    : units.contains { $0.unit == found.unit && $0.scale == scale }
            }
        }
    }
}

extension Sense {
    /// Whether a comparison may show it. What an appliance's level shows, a contact may as well.
    public var mayBeCondition: Bool { units == nil || self == .level }
}

extension ActionSettings {
    /// Whether it may let power or water out for a service: when we are gone, something ends it.
    public func mayStandFor(_ role: OrderRole) -> Bool { safety != LockSettings.Safety.none }
}

/// What makes a service unsafe, or senseless, although each of its parts is right.
public enum ServiceFlaw: Sendable, Equatable {
    /// E-bikes burn: nobody charges them where people sleep or sit without a wall between.
    case ebikeRoom
    /// Nothing would see the smoke.
    case ebikeSmoke
    /// Thresholds in the wrong order.
    case order(ServiceSetting, ServiceSetting)
    /// Nothing to watch for.
    case noBounds
    /// The rejection of a filter needs a probe on either side.
    case oneProbe
    /// Its action lets out less than one portion: every cup would end as a fault.
    case portion(millilitres: Int64)
    /// A bell that rings and is never silent again, or the other way round.
    case halfBell
}

extension MachineSettings {
    public var flaw: ServiceFlaw? {
        switch kind {
        case .charging:
            if self[.type] == 1 {
                guard self[.fireSeparated] == 1 else { return .ebikeRoom }
                guard shared.contains(where: { $0.sense == .smoke }) else { return .ebikeSmoke }
            }
            return rising(.warm, .hot) ?? rising(.warm, .burning) ?? rising(.hot, .burning)
                ?? rising(.load, .rated)
        case .climate:
            return self[.lowest] == nil && self[.highest] == nil
                ? .noBounds : rising(.lowest, .highest)
        case .lights: return rising(.dark, .light)
        case .appliance: return rising(.off, .on)
        case .dispenser:
            let hasBoth = parts.allSatisfy { $0.sees(.solidsBefore) && $0.sees(.solidsAfter) }
            if self[.rejection] != nil, !hasBoth { return .oneProbe }
            guard let portion = self[.portion],
                let most = parts.compactMap(\.mostMillilitres).min(), most < portion
            else { return nil }
            return .portion(millilitres: most)
        case .cabinet, .place, .counter, .desk, .swap, .room, .link: return nil
        case .help:
            let isWhole = parts.allSatisfy { ($0.order(.on) == nil) == ($0.order(.off) == nil) }
            return isWhole ? nil : .halfBell
        }
    }

    private func rising(_ low: ServiceSetting, _ high: ServiceSetting) -> ServiceFlaw? {
        guard self[low] != nil || self[high] != nil, let a = self[low] ?? usual(low),
            let b = self[high] ?? usual(high), b < a
        else { return nil }
        return .order(low, high)
    }

    /// What holds without a word, where one that is written is compared with it. In thousandths;
    /// the kind's machine has the source of each.
    func usual(_ setting: ServiceSetting) -> Int64? {
        guard kind == .charging else { return nil }
        let isPhone = self[.type] == 0
        return switch setting {
        case .warm: 50_000
        case .hot: 55_000
        case .burning: 60_000
        case .rated: isPhone ? 120_000 : 1_000_000
        case .load: isPhone ? 500 : 2_000
        default: nil
        }
    }
}

extension PartSettings {
    /// What its actions let out at once at most, as the station file says; `nil`: as much as they
    /// are told.
    var mostMillilitres: Int64? {
        orders.filter { $0.role.isHazard }
            .compactMap { $0.order.arguments.first { $0.name == "ml" }?.value.whole }.min()
    }
}
