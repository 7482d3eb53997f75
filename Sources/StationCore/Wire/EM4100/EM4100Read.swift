// What came of a 125 kHz reader's bytes.

/// A card, or why there is none.
public enum EM4100Read: Equatable, Sendable {
    case credential(Credential)
    /// Bytes that were no card, once for each disturbance. The bytes themselves are gone.
    case diagnosed(EM4100Diagnosis)
}

/// Why a 125 kHz reader's bytes were not a card.
public enum EM4100Diagnosis: UInt8, Sendable, CaseIterable {
    /// A whole frame whose checksum is wrong: interference, or a card at the edge of the field.
    case checksum = 1
    /// A byte inside a frame that is no upper-case hexadecimal digit: a wrong speed, or noise.
    case character = 2
    /// A frame without its end: another kind of reader, or lost bytes.
    case ending = 3
    /// A frame that began and did not go on: a loose wire, or a reader that lost its supply.
    case cutShort = 4
    /// Bytes outside of any frame: another kind of reader, a wrong speed, or noise.
    case noise = 5
    /// A card of a kind that its reader knows and a station does not.
    case cardType = 6

    public var name: String {
        switch self {
        case .checksum: "checksum"
        case .character: "character"
        case .ending: "ending"
        case .cutShort: "cutShort"
        case .noise: "noise"
        case .cardType: "cardType"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .checksum: "校验不对：有干扰，或卡离得太远，请再刷一次"
        case .character: "帧里有不是大写十六进制的字节：请核对波特率和读卡器型号"
        case .ending: "帧没有正确结尾：请核对读卡器型号"
        case .cutShort: "帧只来了一半：请检查接线和供电"
        case .noise: "帧外有杂乱字节：请核对读卡器型号和波特率，检查接线"
        case .cardType: "这种卡驿站不认识：请换一张卡"
        }
    }

    private var english: String {
        switch self {
        case .checksum: "wrong checksum: interference, or the card was too far; tap again"
        case .character:
            "a byte in the frame is no upper-case hexadecimal digit: check baud rate and model"
        case .ending: "the frame does not end as it should: check the reader's model"
        case .cutShort: "the frame stopped half way: check wiring and supply"
        case .noise: "bytes outside of any frame: check model, baud rate and wiring"
        case .cardType: "a kind of card that a station does not know: take another card"
        }
    }
}
