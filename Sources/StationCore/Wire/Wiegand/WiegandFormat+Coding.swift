// From a frame's bits to its fields, and back.

extension WiegandFormat {
    /// Whether every parity bit is right. A format without parity always passes.
    public func parityPasses(_ bits: UInt128) -> Bool { parities.failures(in: bits) == 0 }

    /// Facility (0 when the format has none) and number, parity not looked at.
    public func fields(of bits: UInt128) -> (facility: UInt128, number: UInt128) {
        (facilityBits.map { field($0, of: bits) } ?? 0, field(numberBits, of: bits))
    }

    /// The payload: facility and number side by side, parity taken off.
    public func number(of bits: UInt128) -> Number {
        let indices = (facilityBits?.lowerBound ?? numberBits.lowerBound)...numberBits.upperBound
        return Number(layout: layout, width: indices.count, value: field(indices, of: bits))
    }

    /// The frame of a facility and a number, parity computed.
    ///
    /// - Returns: `nil` when either is too large, or a facility is given to a format without one.
    public func encode(facility: UInt128, number: UInt128) -> UInt128? {
        guard fits(facility, facilityBits?.count ?? 0), fits(number, numberBits.count)
        else { return nil }
        let shift = UInt128(bitCount - 1 - numberBits.upperBound)
        var bits = number << shift
        if facility != 0 { bits |= facility << (shift + UInt128(numberBits.count)) }
        return parities.applied(to: bits)
    }

    /// The frame that carries a payload, or `nil` when layout or width are another format's.
    public func encode(_ payload: Number) -> UInt128? {
        let width = (facilityBits?.count ?? 0) + numberBits.count
        guard payload.layout == layout, Int(payload.width) == width else { return nil }
        return parities.applied(
            to: payload.value << UInt128(bitCount - 1 - numberBits.upperBound))
    }

    /// The frame as D0 and D1 swapped would show it.
    func inverted(_ bits: UInt128) -> UInt128 {
        ~bits & (UInt128.max >> UInt128(128 - bitCount))
    }

    private func field(_ indices: ClosedRange<Int>, of bits: UInt128) -> UInt128 {
        let shifted = bits >> UInt128(bitCount - 1 - indices.upperBound)
        return shifted & (UInt128.max >> UInt128(128 - indices.count))
    }

    private func fits(_ value: UInt128, _ width: Int) -> Bool {
        width >= 128 || value >> UInt128(width) == 0
    }
}

extension View {
    /// The number that this view sees, a Wiegand payload freed of its parity by `format`.
    ///
    /// - Parameter format: the one that the frame was read by; `nil` for other technologies.
    /// - Returns: `nil` when it cannot be derived, for instance because the format has another
    ///   bit count, or the view wants bytes and the format has none.
    public func number(of credential: Credential, format: WiegandFormat?) -> Number? {
        guard credential.technology == .wiegand, self != .raw
        else { return number(of: credential) }
        guard let format, format.bitCount == credential.bitCount else { return nil }
        return slice(of: format.number(of: credential.bits))
    }
}
