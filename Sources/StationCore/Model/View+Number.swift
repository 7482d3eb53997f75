// What a view reads out of a credential whose bits need no format to be understood.

extension View {
    /// The number that this view sees, for every technology but Wiegand, whose payload depends on
    /// the reader's format (`number(of:format:)`).
    ///
    /// - Returns: `nil` when it cannot be derived: too few bytes, a broken byte, typed digits.
    public func number(of credential: Credential) -> Number? {
        let width = Int(credential.bitCount)
        guard width > 0 else { return nil }
        if self == .raw {
            guard credential.technology != .keypad else { return nil }
            return Number(layout: .bits, width: width, value: credential.bits)
        }
        switch credential.technology {
        case .em4100, .iso14443, .iso14443b, .iso15693:
            guard width % 8 == 0 else { return nil }
            return slice(of: Number(layout: .bytes, width: width, value: credential.bits))
        case .wiegand, .keypad:
            return nil
        }
    }

    /// This view's part of a payload, byte order applied first.
    ///
    /// - Returns: `nil` when the payload is not whole bytes or too short; `.full` takes any
    ///   payload, `.raw` none, because it looks at the wire and not at the payload.
    func slice(of payload: Number) -> Number? {
        switch self {
        case .full: payload
        case .low4: payload.low(4)
        case .low3: payload.low(3)
        case .first4: payload.first(4)
        case .first3: payload.first(3)
        case .reversed: payload.reversed
        case .reversedLow4: payload.reversed?.low(4)
        case .reversedLow3: payload.reversed?.low(3)
        case .reversedFirst4: payload.reversed?.first(4)
        case .reversedFirst3: payload.reversed?.first(3)
        case .raw: nil
        }
    }
}
