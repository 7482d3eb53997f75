// From a printed text to the number it names, when its form is stated.

extension PrintedForm {
    /// The number that `text` names, read as this form and as nothing else.
    ///
    /// Spaces around it do not matter, hexadecimal may have `0x` in front and `:`, `-` or spaces
    /// between bytes, and a comma may be a Chinese one. Fixed digits are counted: a spreadsheet
    /// that dropped leading zeros is told, not mended.
    ///
    /// - Parameter allowingRandomUID: whether a UID that begins with 08 is taken all the same.
    /// - Throws: what is wrong. Never with the number in it: errors travel, numbers do not.
    public func parse(
        _ text: some StringProtocol, allowingRandomUID: Bool = false
    ) throws(PrintedFormError) -> Number {
        guard text.utf8.count <= Self.longestText else {
            throw .tooLong(limit: Self.longestText)
        }
        let scanner = FormScanner(text)
        if style == .uid { return try uid(scanner, allowingRandomUID) }
        let number = try shownNumber(scanner)
        // A reversible form is whole bytes, so turning it round cannot fail.
        return isReversed ? number.reversed ?? number : number
    }

    /// The forms as which a text can be read, for telling a person who stated none.
    public static func candidates(for text: some StringProtocol) -> [PrintedForm] {
        all.filter { (try? $0.parse(text, allowingRandomUID: true)) != nil }
    }

    /// The number in the order in which it is shown.
    private func shownNumber(_ scanner: FormScanner) throws(PrintedFormError) -> Number {
        switch style {
        case .uid: return try uid(scanner, false)
        case .hex10: return Self.bytes(try scanner.hex(digits: 10), 40)
        case .hex8: return Self.bytes(try scanner.hex(digits: 8), 32)
        case .hex6: return Self.bytes(try scanner.hex(digits: 6), 24)
        case .decimal10:
            return Self.bytes(try scanner.decimal(digits: 10...10, limit: 0xffff_ffff), 32)
        case .decimal8:
            return Self.bytes(try scanner.decimal(digits: 8...8, limit: 0xff_ffff), 24)
        case .decimal5: throw .namesTooMany
        case .comma3x5:
            return Self.bytes(try scanner.pair(digits: (3, 5), limits: (0xff, 0xffff)), 24)
        case .comma5x5:
            return Self.bytes(try scanner.pair(digits: (5, 5), limits: (0xffff, 0xffff)), 32)
        case .joined3x5: return Self.bytes(try scanner.joined3x5(), 24)
        case .frame26: return try Self.payload(of: scanner.hex(digits: 7), .h10301)
        case .frame34: return try Self.payload(of: scanner.hex(digits: 9), .h10306)
        case .h10302:
            let value = try scanner.decimal(digits: 1...11, limit: 0x7_ffff_ffff)
            return Number(layout: .h10302, width: 35, value: value)
        case .h10304: return try fields(scanner, .h10304)
        case .d10202: return try fields(scanner, .d10202)
        case .corporate1000: return try fields(scanner, .corporate1000)
        case .corporate1000Long: return try fields(scanner, .corporate1000Long)
        }
    }

    /// A UID in the card's own order, in which its check byte is last.
    private func uid(
        _ scanner: FormScanner, _ allowingRandomUID: Bool
    ) throws(PrintedFormError) -> Number {
        var bytes = try scanner.hexBytes()
        if isReversed { bytes.reverse() }
        let uid: Credential
        do {
            uid = bytes.count == 8 ? try UID.iso15693(bytes) : try UID.iso14443(bytes)
        } catch {
            throw .uid(error)
        }
        guard allowingRandomUID || !uid.isRandomUID else { throw .uid(.random) }
        return Number(layout: .bytes, width: Int(uid.bitCount), value: uid.bits)
    }

    private func fields(
        _ scanner: FormScanner, _ format: WiegandFormat
    ) throws(PrintedFormError) -> Number {
        let numberWidth = format.numberBits.count
        let facilityWidth = format.facilityBits?.count ?? 0
        let limits: (UInt128, UInt128) = (
            (1 << UInt128(facilityWidth)) - 1, (1 << UInt128(numberWidth)) - 1
        )
        let digits = (String(limits.0).utf8.count, String(limits.1).utf8.count)
        let (facility, number) = try scanner.pairFields(digits: digits, limits: limits)
        return Number(
            layout: format.layout, width: facilityWidth + numberWidth,
            value: facility << UInt128(numberWidth) | number)
    }

    private static func payload(
        of frame: UInt128, _ format: WiegandFormat
    ) throws(PrintedFormError) -> Number {
        guard frame >> UInt128(format.bitCount) == 0 else {
            throw .aboveLimit(limit: (1 << UInt128(format.bitCount)) - 1)
        }
        guard format.parityPasses(frame) else { throw .parity }
        return format.number(of: frame)
    }

    private static func bytes(_ value: UInt128, _ width: Int) -> Number {
        Number(layout: .bytes, width: width, value: value)
    }
}
