// A point's raw number out of an answer, and its reading.

public import EventLoop

/// A number as a box says it, before scale and meaning.
enum RawNumber: Equatable {
    case integer(Int64)
    case float(Double)
    /// The box says that there is none: not a number, or no decimal digits where there should be.
    case absent
    /// Beyond what a number of ours can be.
    case tooLarge
}

extension PointSettings {
    /// The raw number of the point in an answer; `nil` when the answer does not carry it, or
    /// carries no number. `reading(in:to:at:)` tells these apart.
    public func number(in answer: BusAnswer, to question: BusQuestion) -> DecimalNumber? {
        switch raw(in: answer, to: question) {
        case .integer(let number): DecimalNumber(number)
        case .float(let number): decimal(number)
        case .absent, .tooLarge, nil: nil
        }
    }

    /// What the point is by that answer; `nil` when the answer says nothing of it.
    public func reading(
        in answer: BusAnswer, to question: BusQuestion, at time: Instant
    ) -> PointReading? {
        switch raw(in: answer, to: question) {
        case .integer(let number):
            return reading(of: number, at: time)
        case .float(let number):
            guard let decimal = decimal(number) else {
                return PointReading(value: nil, quality: .outOfRange, at: time)
            }
            return reading(of: decimal, at: time)
        case .absent: return PointReading(value: nil, quality: .absent, at: time)
        case .tooLarge: return PointReading(value: nil, quality: .outOfRange, at: time)
        case nil: return nil
        }
    }

    func raw(in answer: BusAnswer, to question: BusQuestion) -> RawNumber? {
        switch source {
        case .register(let place): place.number(in: answer, to: question)
        case .fields(let places):
            places.lazy.compactMap { $0.number(in: answer, to: question) }.first
        case .item(let item): item.number(in: answer, to: question)
        case .pulses, .rate, .line, .file: nil
        }
    }

    /// As many places as survive the point's own scale: nine where they can be.
    private func decimal(_ number: Double) -> DecimalNumber? {
        var places = DecimalNumber.placesRange.upperBound - Int(scale.places)
        while places >= 0 {
            if let decimal = DecimalNumber(number, places: places),
                decimal.multiplied(by: scale)?.adding(offset) != nil
            {
                return decimal
            }
            places -= 1
        }
        return nil
    }
}

extension FramePlace {
    func number(in answer: BusAnswer, to question: BusQuestion) -> RawNumber? {
        guard case .frame(frame, let fields) = answer else { return nil }
        guard let selector else {
            return Self.value(of: field, index: index, in: fields).map { .integer($0) }
        }
        guard let wanted = index else {
            return Self.value(of: field, index: nil, in: fields).map { .integer($0) }
        }
        // A board that does not repeat which lock it speaks of means the one that it was asked.
        var asked: [BusField] = []
        if case .frame(_, let sent) = question { asked = sent }
        let said =
            Self.value(of: selector, index: nil, in: fields)
            ?? Self.value(of: selector, index: nil, in: asked)
        guard said == Int64(wanted) else { return nil }
        return Self.value(of: field, index: nil, in: fields).map { .integer($0) }
    }

    private static func value(of name: String, index: Int?, in fields: [BusField]) -> Int64? {
        fields.first { $0.name == name && $0.index == index }?.value
    }
}

extension MeterItem {
    func number(in answer: BusAnswer, to question: BusQuestion) -> RawNumber? {
        guard case .item(let asked) = question, asked == self, case .number(let number) = answer
        else { return nil }
        return .integer(number)
    }
}
