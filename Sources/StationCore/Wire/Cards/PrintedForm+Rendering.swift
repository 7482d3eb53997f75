// From a number or a credential to every text that may be printed on the card.

/// One text that a card may show.
public struct Rendering: Equatable, Sendable {
    public let form: PrintedForm
    /// Which part of the credential's payload the text shows.
    public let view: View
    public let text: String
    /// What the text names when it is read as `form`; `nil` for a form that names too many cards
    /// to be read (4H5D).
    public let number: Number?
}

extension PrintedForm {
    /// Every text of a credential, plain forms first in each part.
    ///
    /// - Parameter format: how to take a Wiegand payload; `nil` tries every named format of that
    ///   bit count whose parity passes, else plain bits.
    public static func render(
        _ credential: Credential, format: WiegandFormat? = nil
    ) -> [Rendering] {
        var renderings: [Rendering] = []
        for format in formats(of: credential, stated: format) {
            var seen: [Number] = []
            for view in [View.full, .low4, .first4, .low3, .first3] {
                guard let number = view.number(of: credential, format: format),
                    !seen.contains(number)
                else { continue }
                seen.append(number)
                renderings += all.compactMap { form in
                    guard form.applies(to: credential.technology, as: view) else { return nil }
                    guard let text = form.text(of: number) else { return nil }
                    let named = form.style == .decimal5 ? nil : number
                    return Rendering(form: form, view: view, text: text, number: named)
                }
            }
        }
        return renderings
    }

    /// The renderings of a credential that say the same as a printed text: which view matches?
    public static func renderings(
        of credential: Credential, matching text: String, format: WiegandFormat? = nil
    ) -> [Rendering] {
        render(credential, format: format).filter { rendering in
            guard let number = rendering.number else { return rendering.text == text }
            return (try? rendering.form.parse(text, allowingRandomUID: true)) == number
        }
    }

    /// The text of a number, or `nil` when this form cannot show it: another width or layout.
    public func text(of number: Number) -> String? {
        guard let shown = isReversed ? number.reversed : number else { return nil }
        if let width = style.width {
            guard Int(number.width) == width, number.layout == style.format?.layout ?? .bytes
            else { return nil }
        }
        let value = shown.value
        switch style {
        case .uid:
            guard number.layout == .bytes, [32, 56, 64, 80].contains(number.width)
            else { return nil }
            return Hex.upper(shown.bytes)
        case .hex10: return Hex.lower(shown.bytes)
        case .hex8, .hex6: return Hex.upper(shown.bytes)
        case .decimal10: return Self.padded(value, 10)
        case .decimal8: return Self.padded(value, 8)
        case .decimal5: return Self.padded(value & 0xffff, 5)
        case .comma3x5: return Self.padded(value >> 16, 3) + "," + Self.padded(value & 0xffff, 5)
        case .joined3x5: return Self.padded(value >> 16, 3) + Self.padded(value & 0xffff, 5)
        case .comma5x5: return Self.padded(value >> 16, 5) + "," + Self.padded(value & 0xffff, 5)
        case .frame26: return WiegandFormat.h10301.encode(shown).map { Hex.upper($0, digits: 7) }
        case .frame34: return WiegandFormat.h10306.encode(shown).map { Hex.upper($0, digits: 9) }
        case .h10302: return String(value)
        case .h10304, .d10202, .corporate1000, .corporate1000Long:
            guard let width = style.format?.numberBits.count else { return nil }
            return "\(value >> UInt128(width)),\(value & ((1 << UInt128(width)) - 1))"
        }
    }

    /// UIDs are written whole; an EM4100 id is no UID.
    private func applies(to technology: Technology, as view: View) -> Bool {
        switch style {
        case .uid:
            view == .full
                && (technology == .iso14443 || technology == .iso14443b || technology == .iso15693)
        case .hex10: technology == .em4100 || technology == .wiegand
        case .hex8, .hex6, .decimal10, .decimal8, .decimal5, .comma3x5, .comma5x5, .joined3x5,
            .frame26, .frame34, .h10302, .h10304, .d10202, .corporate1000, .corporate1000Long:
            true
        }
    }

    private static func formats(
        of credential: Credential, stated: WiegandFormat?
    ) -> [WiegandFormat?] {
        guard credential.technology == .wiegand, stated == nil else { return [stated] }
        let count = Int(credential.bitCount)
        let passing = WiegandFormat.named.filter {
            $0.bitCount == count && $0.parityPasses(credential.bits)
        }
        return passing.isEmpty ? [WiegandFormat.raw(count)] : passing
    }

    private static func padded(_ value: UInt128, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
