// One point of a device as the world makes it: a wire, a number in a box, a file of the kernel.

import EventLoop
import StationCore

/// What a station reads there is put there by this.
struct PointTwin {
    enum End {
        /// A level that the world drives.
        case input(LineID)
        /// A level that the station drives.
        case output(LineID)
        case pulses(LineID)
        case box(any BoxTwin)
        case file
        /// What the station works out by itself.
        case nothing
    }

    let device: Int
    /// Its place among the device's points.
    let place: Int
    let settings: PointSettings
    let end: End

    init?(_ name: String, of device: Int, in station: ResolvedStation, _ twins: [any ReaderTwin]) {
        let points = station.devices[device].driver.shownPoints
        guard let place = points.firstIndex(where: { $0.name == name }) else { return nil }
        self.device = device
        self.place = place
        settings = points[place]
        switch settings.source {
        case .line(let terminal):
            guard let line = station.line(of: device, terminal) else { return nil }
            let isInput = station.lines[Int(line.index)].direction == .input
            end = isInput ? .input(line) : .output(line)
        case .pulses(let terminal):
            guard let line = station.line(of: device, terminal) else { return nil }
            end = .pulses(line)
        case .file: end = .file
        case .rate: end = .nothing
        case .register, .item, .fields: end = station.box(device, twins).map(End.box) ?? .nothing
        }
    }

    /// The raw number that reads as that value.
    func raw(for value: Double) -> Double {
        let scale = settings.scale.approximation
        let raw = (value - settings.offset.approximation) / (scale == 0 ? 1 : scale)
        guard let wrap = settings.wrap, raw > Double(wrap) else { return raw }
        return raw.truncatingRemainder(dividingBy: Double(wrap) + 1)
    }

    /// A raw number with which the comparison holds, or does not; `nil`: there is none.
    func raw(making comparison: Comparison, _ holds: Bool) -> Double? {
        var candidates: [Double]
        if settings.states.isEmpty {
            let edge = comparison.value.plus.approximation
            candidates = [edge, edge + 1, edge - 1].map(raw(for:))
        } else {
            candidates = settings.meanings.map { Double($0.raw) }
            let strange = (0...255).first { number in
                !settings.meanings.contains { $0.raw == number }
            }
            if settings.otherwise != nil, let strange { candidates.append(Double(strange)) }
        }
        if case .input = end { candidates = [0, 1] }
        return candidates.first { self.holds(comparison, at: $0) == holds }
    }

    /// Whether a comparison holds with that raw number; `nil`: it means nothing.
    func holds(_ comparison: Comparison, at raw: Double) -> Bool? {
        let value: DecimalNumber?
        if settings.states.isEmpty {
            value = DecimalNumber(
                raw * settings.scale.approximation + settings.offset.approximation,
                places: settings.places)
        } else {
            let meaning = settings.meanings.first { Double($0.raw) == raw }?.state
            value = (meaning ?? settings.otherwise).map { DecimalNumber(Int64($0)) }
        }
        return value.map { comparison.relation.holds($0, comparison.value.plus) }
    }
}

/// What a service's machine looks at, with the hand that moves it.
struct SightTwin {
    let sense: Sense
    let source: MachineSettings.Source
    let point: PointTwin

    init?(
        _ sight: MachineSettings.Sight, in station: ResolvedStation, _ twins: [any ReaderTwin]
    ) {
        sense = sight.sense
        source = sight.source
        let name: String
        let device: Int
        switch sight.source {
        case .holds(let comparison): (device, name) = (comparison.device ?? 0, comparison.point)
        case .number(let owner, let point, _): (device, name) = (owner, point)
        }
        guard let twin = PointTwin(name, of: device, in: station, twins) else { return nil }
        point = twin
    }

    /// How many of the machine's units the point's one is.
    var scale: Double { if case .number(_, _, let scale) = source { Double(scale) } else { 1 } }

    /// The raw number that shows so many of the machine's units.
    func raw(for amount: Double) -> Double { point.raw(for: amount / scale) }

    /// What one step of the point is in the machine's units: what is lost by looking at it.
    var step: Double {
        let settings = point.settings
        var step = 1.0
        for _ in 0..<settings.places { step /= 10 }
        let isWhole: Bool
        switch settings.source {
        case .register(let place): isWhole = place.form != .f32 && place.form != .f64
        default: isWhole = true
        }
        if isWhole { step = max(step, abs(settings.scale.approximation)) }
        return step * scale
    }
}

extension ResolvedStation {
    /// The line of a device's terminal.
    func line(of device: Int, _ terminal: Int) -> LineID? {
        lines.firstIndex { $0.device == device && $0.terminal == terminal }.map { LineID($0) }
    }

    /// The box that a device is on a field bus.
    func box(_ device: Int, _ twins: [any ReaderTwin]) -> (any BoxTwin)? {
        for case let twin as FieldBusTwin in twins {
            guard let place = twin.devices.firstIndex(of: DeviceID(device)) else { continue }
            return twin.line.boxes[place]
        }
        return nil
    }
}
