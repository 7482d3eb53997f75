// The ways in which people, cards and readers write down one number.

/// A way to write a card's number. It must always be stated: 24012374 is 6H8D on one card and a
/// facility with a number on another, and no program can tell.
///
/// A form that is `reversed` shows the card's bytes last one first. Reading it undoes that, so the
/// number is in the card's own order whichever way it was written.
public struct PrintedForm: Hashable, Sendable {
    enum Style: UInt8, CaseIterable {
        case uid
        case hex10
        case hex8
        case hex6
        case decimal10
        case decimal8
        case decimal5
        case comma3x5
        case comma5x5
        case joined3x5
        case frame26
        case frame34
        case h10302
        case h10304
        case d10202
        case corporate1000
        case corporate1000Long
    }

    let style: Style
    /// Whether the bytes are shown last one first.
    public let isReversed: Bool

    /// A UID in hexadecimal, 4, 7, 8 or 10 bytes; the check byte of four is taken off.
    public static let uid = Self(style: .uid, isReversed: false)
    /// 10H: the five bytes of an EM4100 id in hexadecimal.
    public static let hex10 = Self(style: .hex10, isReversed: false)
    /// 8H10D: four bytes as ten decimal digits. On UIDs it is called 10D.
    public static let decimal10 = Self(style: .decimal10, isReversed: false)
    /// 6H8D: three bytes as eight decimal digits.
    public static let decimal8 = Self(style: .decimal8, isReversed: false)
    /// 2H+4H: one byte and two, `111,27706`; what a 26-bit reader calls facility and number.
    public static let comma3x5 = Self(style: .comma3x5, isReversed: false)
    /// 4H+4H: two bytes and two, `00623,27706`; what a 34-bit reader shows.
    public static let comma5x5 = Self(style: .comma5x5, isReversed: false)
    /// 3+5: 2H+4H without its comma.
    public static let joined3x5 = Self(style: .joined3x5, isReversed: false)

    /// Every form, the plain ones before the reversed ones.
    public static let all: [Self] =
        Style.allCases.map { Self(style: $0, isReversed: false) }
        + Style.allCases.filter(\.isReversible).map { Self(style: $0, isReversed: true) }

    /// The form the other way round, or `nil` when there is none.
    public var reversed: Self? {
        style.isReversible ? Self(style: style, isReversed: !isReversed) : nil
    }

    /// The name in CSV files and on the command line.
    public var name: String { isReversed ? style.name + Self.reversedSuffix : style.name }

    /// The form of that name; capitals do not matter, and `wg26`, `wg34`, `10D` and `8D` are
    /// understood as `2H+4H`, `4H+4H`, `8H10D` and `6H8D`.
    public init?(name: some StringProtocol) {
        guard name.utf8.count <= Self.longestText else { return nil }
        var wanted = name.lowercased()
        let isReversed = wanted.hasSuffix(Self.reversedSuffix)
        if isReversed { wanted.removeLast(Self.reversedSuffix.count) }
        let style = Style.allCases.first {
            $0.name.lowercased() == wanted || $0.alias?.lowercased() == wanted
        }
        guard let style, style.isReversible || !isReversed else { return nil }
        self.init(style: style, isReversed: isReversed)
    }

    private init(style: Style, isReversed: Bool) {
        self.style = style
        self.isReversed = isReversed
    }

    private static let reversedSuffix = "-reversed"
    /// No form is longer, in bytes: ten bytes in hexadecimal with separators, and some room.
    static let longestText = 64
}

extension PrintedForm: CustomStringConvertible {
    public var description: String { name }
}

extension PrintedForm.Style {
    var name: String {
        switch self {
        case .uid: "hex"
        case .hex10: "10H"
        case .hex8: "8H"
        case .hex6: "6H"
        case .decimal10: "8H10D"
        case .decimal8: "6H8D"
        case .decimal5: "4H5D"
        case .comma3x5: "2H+4H"
        case .comma5x5: "4H+4H"
        case .joined3x5: "3+5"
        case .frame26: "wg26-frame"
        case .frame34: "wg34-frame"
        case .h10302: "h10302"
        case .h10304: "h10304"
        case .d10202: "d10202"
        case .corporate1000: "corporate1000"
        case .corporate1000Long: "corporate1000-48"
        }
    }

    var alias: String? {
        switch self {
        case .decimal10: "10D"
        case .decimal8: "8D"
        case .comma3x5: "wg26"
        case .comma5x5: "wg34"
        case .uid, .hex10, .hex8, .hex6, .decimal5, .joined3x5, .frame26, .frame34, .h10302,
            .h10304, .d10202, .corporate1000, .corporate1000Long:
            nil
        }
    }

    /// How many bits a number of this form has; a UID's varies.
    var width: Int? {
        switch self {
        case .uid: nil
        case .hex10: 40
        case .hex8, .decimal10, .comma5x5, .frame34: 32
        case .hex6, .decimal8, .decimal5, .comma3x5, .joined3x5, .frame26: 24
        case .h10302, .h10304, .d10202, .corporate1000, .corporate1000Long:
            format.map { ($0.facilityBits?.count ?? 0) + $0.numberBits.count }
        }
    }

    /// The Wiegand format whose fields or whose whole frame the form shows.
    var format: WiegandFormat? {
        switch self {
        case .frame26: .h10301
        case .frame34: .h10306
        case .h10302: .h10302
        case .h10304: .h10304
        case .d10202: .d10202
        case .corporate1000: .corporate1000
        case .corporate1000Long: .corporate1000Long
        case .uid, .hex10, .hex8, .hex6, .decimal10, .decimal8, .decimal5, .comma3x5, .comma5x5,
            .joined3x5:
            nil
        }
    }

    /// Fields of odd widths have no byte order, and nobody turns an EM4100 id round.
    var isReversible: Bool {
        switch self {
        case .uid, .hex8, .hex6, .decimal10, .decimal8, .comma3x5, .comma5x5, .joined3x5,
            .frame26, .frame34:
            true
        case .hex10, .decimal5, .h10302, .h10304, .d10202, .corporate1000, .corporate1000Long:
            false
        }
    }
}
