// Files of the kernel: what a worker found, and what it means when it finds nothing.

public import EventLoop

extension BoardDriver {
    public mutating func found(
        _ finding: FileFinding, of point: Int, at now: Instant, into outputs: inout DriverOutputs
    ) {
        guard let seat = seats.firstIndex(where: { $0.point == point }) else { return }
        seats[seat].heardAt = now
        if seats[seat].trouble == .stuck { seats[seat].trouble = nil }
        switch finding {
        case .number(let number):
            (seats[seat].misses, seats[seat].trouble) = (0, nil)
            // As many places as survive the point's own scale.
            let scale = settings.points[point].scale
            let most = DecimalNumber.placesRange.upperBound - Int(scale.places)
            let fitting = number.rounded(to: min(Int(number.places), most)) ?? number
            readings.set(point, to: settings.points[point].reading(of: fitting, at: now))
        // It was looked at, and has nothing new to say.
        case .quiet: (seats[seat].misses, seats[seat].trouble) = (0, nil)
        case .absent where seats[seat].isOptional:
            (seats[seat].misses, seats[seat].trouble) = (0, nil)
            readings.miss([point], at: now)
        case .absent: missed(seat, .missing)
        case .unreadable: missed(seat, .silent)
        case .damaged: missed(seat, .garbled)
        }
        tellTroubles(into: &outputs)
        settle(at: now, into: &outputs)
    }

    /// One bad finding says nothing yet; of several the value is old.
    private mutating func missed(_ seat: Int, _ trouble: Fault) {
        seats[seat].misses += 1
        guard seats[seat].misses >= Limit.misses else { return }
        seats[seat].trouble = trouble
        fade(seats[seat].point)
    }

    private mutating func fade(_ point: Int) {
        if readings.readings[point].isBelievable { readings.fade([point]) }
    }

    /// A worker that hangs says nothing at all.
    mutating func expireFiles(at now: Instant, into outputs: inout DriverOutputs) {
        var isNew = false
        for seat in seats.indices {
            guard let heardAt = seats[seat].heardAt, heardAt + seats[seat].patience <= now,
                seats[seat].trouble != .stuck
            else { continue }
            seats[seat].trouble = .stuck
            fade(seats[seat].point)
            isNew = true
        }
        if isNew { tellTroubles(into: &outputs) }
    }

    private mutating func tellTroubles(into outputs: inout DriverOutputs) {
        for fault in [Fault.missing, .silent, .garbled, .stuck] {
            if seats.contains(where: { $0.trouble == fault }) {
                raise(fault, into: &outputs)
            } else {
                clear(fault, into: &outputs)
            }
        }
    }
}
