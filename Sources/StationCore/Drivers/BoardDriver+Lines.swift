// Lines of the board: levels that settle, pulses that are counted, outputs that end by themselves.

import EventLoop

extension BoardDriver {
    mutating func edge(
        _ terminal: Int, isActive: Bool, at now: Instant, into outputs: inout DriverOutputs
    ) {
        guard inputs.indices.contains(terminal) else { return }
        switch inputs[terminal] {
        case .contact(var level, var chatter)?:
            if chatter.edge(at: now) { raise(.contactFlaky, into: &outputs) }
            // A level that stood before this edge counts, however late both are read.
            let stood = level.expire(at: now)
            let settled = level.observe(isActive: isActive, at: now)
            inputs[terminal] = .contact(level, chatter)
            show(stood, terminal, at: now)
            show(settled, terminal, at: now)
        case .pulses(var counter)?:
            let before = counter.count
            if counter.edge(isActive: isActive, at: now) { raise(.contactFlaky, into: &outputs) }
            inputs[terminal] = .pulses(counter)
            // Shown once for all edges that were read together.
            if counter.count > before { fresh |= 1 << UInt64(terminal) }
        case nil: break
        }
    }

    mutating func level(_ terminal: Int, isActive: Bool, at now: Instant) {
        guard inputs.indices.contains(terminal) else { return }
        switch inputs[terminal] {
        case .contact(var level, let chatter)?:
            let settled = level.observe(isActive: isActive, at: now)
            inputs[terminal] = .contact(level, chatter)
            show(settled, terminal, at: now)
        case .pulses(var counter)?:
            counter.read(isActive: isActive, at: now)
            inputs[terminal] = .pulses(counter)
        case nil: break
        }
    }

    /// The kernel dropped edges: pulses may be among them.
    mutating func lost(_ count: UInt32, at now: Instant, into outputs: inout DriverOutputs) {
        outputs.append(.lost(count))
        for (place, point) in settings.points.enumerated() {
            guard case .pulses(let terminal) = point.source, inputs[terminal] != nil else {
                continue
            }
            isEstimated[place] = true
            if isRestored { showTotal(place, terminal, at: now) }
        }
    }

    /// The lines are there, outputs with their safe values.
    mutating func attach(at now: Instant) {
        isAttached = true
        for terminal in outputs.indices {
            guard let safe = outputs[terminal]?.safe else { continue }
            outputs[terminal]?.isActive = safe
            outputs[terminal]?.onSince = safe ? now : nil
            showOutput(terminal, at: now)
        }
        for (place, point) in settings.points.enumerated() {
            switch point.source {
            case .rate(let terminal, _):
                guard inputs[terminal] != nil else { continue }
                rateDue[place] = now + .milliseconds(Int64(point.everyMilliseconds))
            case .pulses(let terminal):
                if inputs[terminal] == nil { miss(place, at: now) }
            case .line(let terminal):
                let isWired = inputs[terminal] != nil || outputs[terminal] != nil
                if !isWired { miss(place, at: now) }
            case .register, .fields, .item, .file: break
            }
        }
    }

    private mutating func miss(_ point: Int, at now: Instant) { readings.miss([point], at: now) }

    /// The lines are gone, and what they said is old. Nobody counts meanwhile.
    mutating func detach(_ fault: Fault, at now: Instant, into outputs: inout DriverOutputs) {
        isAttached = false
        outputs.append(.raised(fault))
        for terminal in inputs.indices {
            switch inputs[terminal] {
            case .contact(var level, let chatter)?:
                level.forget()
                inputs[terminal] = .contact(level, chatter)
            case .pulses(var counter)?:
                counter.forget()
                inputs[terminal] = .pulses(counter)
            case nil: break
            }
        }
        for terminal in self.outputs.indices {
            guard let safe = self.outputs[terminal]?.safe else { continue }
            self.outputs[terminal]?.isActive = safe
            self.outputs[terminal]?.onSince = nil
        }
        for (place, point) in settings.points.enumerated() {
            if case .pulses = point.source { isEstimated[place] = true }
            rateDue[place] = nil
        }
        fadeLines(at: now)
        for run in orders.removeAll() { report(run, .unknown, into: &outputs) }
    }

    private mutating func fadeLines(at now: Instant) {
        for (place, point) in settings.points.enumerated() {
            switch point.source {
            case .pulses, .rate, .line:
                guard readings.readings[place].isBelievable else { continue }
                readings.fade([place])
            case .register, .fields, .item, .file: break
            }
        }
    }

    // MARK: Time

    mutating func expireLines(at now: Instant, into outputs: inout DriverOutputs) {
        var isCalmed = false
        for terminal in inputs.indices {
            switch inputs[terminal] {
            case .contact(var level, var chatter)?:
                let settled = level.expire(at: now)
                if chatter.calm(at: now) { isCalmed = true }
                inputs[terminal] = .contact(level, chatter)
                show(settled, terminal, at: now)
            case .pulses(var counter)?:
                let before = counter.count
                counter.settle(at: now)
                if counter.calm(at: now) { isCalmed = true }
                inputs[terminal] = .pulses(counter)
                if counter.count > before { fresh |= 1 << UInt64(terminal) }
            case nil: break
            }
        }
        for terminal in inputs.indices where fresh & 1 << UInt64(terminal) != 0 {
            counted(terminal, at: now)
        }
        fresh = 0
        if isCalmed, !isAnyFlaky { clear(.contactFlaky, into: &outputs) }
        tickRates(at: now)
        for terminal in self.outputs.indices {
            guard let end = self.outputs[terminal]?.nextDeadline, end <= now else { continue }
            set(terminal, false, at: now, into: &outputs)
        }
    }

    private var isAnyFlaky: Bool {
        inputs.contains { input in
            switch input {
            case .contact(_, let chatter)?: chatter.isFlaky
            case .pulses(let counter)?: counter.chatter.isFlaky
            case nil: false
            }
        }
    }

    private mutating func tickRates(at now: Instant) {
        for place in rateDue.indices {
            guard let time = rateDue[place], time <= now,
                case .rate(let terminal, let window) = settings.points[place].source,
                case .pulses(var counter)? = inputs[terminal]
            else { continue }
            let hertz = counter.tick(at: now, window: .milliseconds(Int64(window)))
            inputs[terminal] = .pulses(counter)
            let every = Interval.milliseconds(Int64(settings.points[place].everyMilliseconds))
            // A meter that stands still is looked at again with its next pulse.
            rateDue[place] = counter.rate.isMoving ? now + every : nil
            showRate(hertz, place, at: now)
        }
    }

    // MARK: What is shown

    private mutating func show(_ output: SettledLevel.Output?, _ terminal: Int, at now: Instant) {
        guard case .settled(let isActive, _)? = output else { return }
        show(isActive, terminal, at: now)
    }

    private mutating func show(_ isActive: Bool, _ terminal: Int, at now: Instant) {
        for (place, point) in settings.points.enumerated() {
            guard case .line(terminal) = point.source else { continue }
            readings.set(place, to: point.reading(of: Int64(isActive ? 1 : 0), at: now))
        }
    }

    private mutating func showOutput(_ terminal: Int, at now: Instant) {
        guard let isActive = outputs[terminal]?.isActive else { return }
        show(isActive, terminal, at: now)
    }

    private mutating func showRate(_ hertz: Double, _ place: Int, at now: Instant) {
        let point = settings.points[place]
        // What stands still says 0, whatever its line says at a little more than that.
        guard hertz > 0 else {
            let zero = DecimalNumber.zero.rounded(to: point.places) ?? .zero
            readings.set(place, to: PointReading(value: zero, quality: .good, at: now))
            return
        }
        // A float has no places of its own: the point says how many are told.
        let value = hertz * point.scale.approximation + point.offset.approximation
        guard let rounded = DecimalNumber(value, places: point.places),
            point.lowest.map({ $0 <= rounded }) ?? true,
            point.highest.map({ rounded <= $0 }) ?? true
        else {
            readings.set(place, to: PointReading(value: nil, quality: .outOfRange, at: now))
            return
        }
        readings.set(place, to: PointReading(value: rounded, quality: .good, at: now))
    }

    /// A meter's pulses are there to be shown.
    private mutating func counted(_ terminal: Int, at now: Instant) {
        for (place, point) in settings.points.enumerated() {
            switch point.source {
            case .pulses(terminal):
                if isRestored { showTotal(place, terminal, at: now) }
            case .rate(terminal, _):
                guard rateDue[place] == nil else { continue }
                rateDue[place] = now + .milliseconds(Int64(point.everyMilliseconds))
            case .pulses, .rate, .line, .register, .fields, .item, .file: break
            }
        }
    }

    /// What was counted in this run; `readings` adds what came before.
    mutating func showTotal(_ place: Int, _ terminal: Int, at now: Instant) {
        guard case .pulses(let counter)? = inputs[terminal] else { return }
        let point = settings.points[place]
        guard let value = DecimalNumber(counter.count).multiplied(by: point.scale) else { return }
        let reading = PointReading(
            value: value, quality: isEstimated[place] ? .estimated : .good, at: now)
        readings.set(place, to: reading, isReset: isReset[place])
        isReset[place] = false
    }

    // MARK: Outputs

    mutating func set(
        _ terminal: Int, _ isActive: Bool, at now: Instant, into outputs: inout DriverOutputs
    ) {
        guard self.outputs.indices.contains(terminal), let output = self.outputs[terminal] else {
            return
        }
        self.outputs[terminal]?.isActive = isActive
        // Told to be on once more it does not begin anew.
        self.outputs[terminal]?.onSince = isActive ? output.onSince ?? now : nil
        outputs.append(.setLine(terminal: UInt8(terminal), isActive: isActive))
        showOutput(terminal, at: now)
    }
}
