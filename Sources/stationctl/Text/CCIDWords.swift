// CCID for people, in both languages.

import StationCore

/// A command inside a message that a station sends, or that other drivers send to the same readers.
enum KnownAPDU: String {
    case getUID
    case getATS
    case acr122uFirmware
    case acr122uPolling
    case acr122uDetectionBeep
    case acr122uLights
    case acr122uDirect
    case acr122uPowerDown
    case loadKey
    case authenticate
    case readBlock
    case writeBlock
    case acr1252uLights
    case acr1252uBeep

    init?(_ apdu: [UInt8]) {
        guard apdu.count >= 4 else { return nil }
        switch (apdu[0], apdu[1], apdu[2]) {
        case (0xff, 0xca, 0x00): self = .getUID
        case (0xff, 0xca, 0x01): self = .getATS
        case (0xff, 0x00, 0x48): self = .acr122uFirmware
        case (0xff, 0x00, 0x50), (0xff, 0x00, 0x51): self = .acr122uPolling
        case (0xff, 0x00, 0x52): self = .acr122uDetectionBeep
        case (0xff, 0x00, 0x40): self = .acr122uLights
        case (0xff, 0x00, 0x00):
            self =
                apdu.dropFirst(5).starts(with: [0xd4, 0x16]) ? .acr122uPowerDown : .acr122uDirect
        case (0xff, 0x82, _): self = .loadKey
        case (0xff, 0x86, _): self = .authenticate
        case (0xff, 0xb0, _): self = .readBlock
        case (0xff, 0xd6, _): self = .writeBlock
        case (0xe0, 0x00, 0x00) where apdu[3] == 0x29: self = .acr1252uLights
        case (0xe0, 0x00, 0x00) where apdu[3] == 0x28: self = .acr1252uBeep
        default: return nil
        }
    }
}

extension Catalogue {
    func asks(_ apdu: KnownAPDU) -> String {
        switch apdu {
        case .getUID: say("读取卡的UID", "asks for the card's UID")
        case .getATS: say("读取卡的ATS", "asks for the card's ATS")
        case .acr122uFirmware: say("ACR122U：读取固件版本", "ACR122U: asks for its firmware")
        case .acr122uPolling: say("ACR122U：设置寻卡参数", "ACR122U: what to look for")
        case .acr122uDetectionBeep:
            say("ACR122U：寻到卡时是否鸣叫", "ACR122U: whether to beep at a card")
        case .acr122uLights: say("ACR122U：灯和蜂鸣器", "ACR122U: lights and beeper")
        case .acr122uDirect: say("ACR122U：直接发给PN532", "ACR122U: straight to its PN532")
        case .acr122uPowerDown:
            say(
                "ACR122U：让PN532休眠。千万别发：重新插拔前不再应答",
                "ACR122U: puts its PN532 to sleep. Never send it: deaf until re-plugged")
        case .loadKey: say("装入MIFARE密钥", "loads a MIFARE key")
        case .authenticate: say("MIFARE认证", "MIFARE authentication")
        case .readBlock: say("读卡数据", "reads from the card")
        case .writeBlock: say("写卡数据", "writes to the card")
        case .acr1252uLights: say("ACR1252U：灯", "ACR1252U: lights")
        case .acr1252uBeep: say("ACR1252U：蜂鸣器", "ACR1252U: beeper")
        }
    }

    /// A slot's state, by the names of `CCIDPresence`.
    func slotState(_ name: String) -> String {
        switch name {
        case "active": say("有卡，已上电", "a card, powered")
        case "inactive": say("有卡，未上电", "a card, not powered")
        case "absent": say("无卡", "no card")
        default: say("标准没有这种状态", "a state that the standard has not")
        }
    }

    /// A failed command's error, by the names of `CCIDError`.
    func readerError(_ name: String) -> String {
        switch name {
        case "CMD_NOT_SUPPORTED": say("读卡器不认识这个命令", "the reader does not know it")
        case "NO_DATA": say("没有数据", "no data")
        case "CMD_SLOT_BUSY": say("卡槽正忙，稍后再试", "the slot is busy, try again later")
        case "HW_ERROR": say("读卡器或卡的硬件故障", "hardware of reader or card")
        case "XFR_PARITY_ERROR": say("卡的应答校验错", "parity of the card's answer")
        case "XFR_OVERRUN": say("卡的应答溢出", "overrun of the card's answer")
        case "ICC_MUTE": say("卡不应答或已拿走", "the card is silent, or gone")
        case "CMD_ABORTED": say("命令被取消", "aborted")
        case "BAD_ATR_TS", "BAD_ATR_TCK": say("卡的ATR有错", "the card's ATR is wrong")
        case "OVERCURRENT": say("电流过大：拔掉读卡器检查", "too much current: unplug and look")
        default: say("见CCID标准6.2节", "see CCID 1.1, chapter 6.2")
        }
    }

    /// What a status word means.
    func statusWord(_ word: StatusWord) -> String {
        let chinese: String? =
            switch word.value {
            case 0x9000: "完成"
            case 0x9001, 0x9002, 0x9003: "完成，灯状态\(word.value & 3)"
            case 0x6282: "数据比要求的短"
            case 0x6300: "操作失败（卡已拿走？）"
            case 0x6581: "存储器故障"
            case 0x6700: "长度不对"
            case 0x6800, 0x6e00: "不支持这个类别字节"
            case 0x6981: "命令不适用"
            case 0x6982: "没有权限"
            case 0x6985, 0x6986: "现在不能用这个命令"
            case 0x6a81: "读卡器对这张卡没有这个功能"
            case 0x6a82: "没有找到"
            case 0x6b00: "参数P1-P2不对"
            case 0x6d00: "不支持这个命令"
            case 0x6f00: "未说明原因"
            case 0x91af: "DESFire：还有后续帧"
            case 0x9100: "DESFire：完成"
            default:
                switch word.value >> 8 {
                case 0x61: "还有\(word.value & 0xff)字节"
                case 0x6c: "长度不对，应为\(word.value & 0xff)"
                case 0x91: "DESFire状态"
                default: nil
                }
            }
        return say(chinese ?? "未列出", word.name ?? "not listed")
    }

    /// The unit of exchange, by the names of `CCIDClassDescriptor.ExchangeLevel`.
    func exchange(_ name: String) -> String {
        switch name {
        case "character": say("逐字节交换", "exchanges characters")
        case "tpdu": say("按传输分组交换", "exchanges transport blocks")
        case "shortAPDU": say("交换整条短命令", "exchanges whole short commands")
        default: say("交换整条命令，长短均可", "exchanges whole commands, short and long")
        }
    }

    /// Why a reader is of no use, by the names of `CCIDRefusal`.
    func readerRefusal(_ name: String) -> String {
        switch name {
        case "characterLevel": say("只能逐字节交换", "exchanges single characters")
        case "manualParameters": say("要主机设置卡参数", "leaves the card's parameters to the host")
        case "blocksOfT1": say("只交换T=1分组", "exchanges blocks of T=1 only")
        case "shortMessages": say("报文太短，装不下ATR", "its messages are too short for an ATR")
        default: say("没有这个卡槽", "it has no such slot")
        }
    }
}

extension CCIDDecoding {
    func lines(_ catalogue: Catalogue) -> [String] {
        var lines = [kind == .descriptor ? catalogue.say("CCID类描述符", name) : name]
        func add(_ chinese: String, _ english: String) {
            lines.append("  " + catalogue.say(chinese, english))
        }
        if let slot, let sequence {
            add("卡槽\(slot)，序号\(sequence)", "slot \(slot), sequence \(sequence)")
        }
        if let card { lines.append("  " + catalogue.slotState(card)) }
        if let outcome { lines.append("  " + said(outcome, catalogue)) }
        if kind == .hardwareError, let error {
            lines.append("  \(error): " + catalogue.readerError(error))
        }
        if let data { add("数据 \(data)", "data \(data)") }
        if let asks = asks.flatMap({ KnownAPDU(rawValue: $0) }) {
            lines.append("  " + catalogue.asks(asks))
        }
        if let atr { add("若是ATR：\(atr)", "if it is an ATR: \(atr)") }
        if let status, let value = UInt16(status, radix: 16) {
            let meaning = catalogue.statusWord(StatusWord(value))
            add("状态字 \(status)：\(meaning)", "status word \(status): \(meaning)")
        }
        if let uid { add("若是UID：\(uid)", "if it is a UID: \(uid)") }
        for slot in slots ?? [] where slot.present || slot.changed || slot.slot == 0 {
            let state = catalogue.say(
                slot.present ? "有卡" : "无卡", slot.present ? "a card" : "no card")
            let news = slot.changed ? catalogue.say("，刚变", ", just changed") : ""
            add("卡槽\(slot.slot)：\(state)\(news)", "slot \(slot.slot): \(state)\(news)")
        }
        return lines + (reader?.lines(catalogue) ?? [])
    }

    private func said(_ outcome: String, _ catalogue: Catalogue) -> String {
        switch outcome {
        case "done": return catalogue.say("完成", "done")
        case "extended":
            return catalogue.say(
                "还要等\(times ?? 0)倍等待时间", "asks for \(times ?? 0) times the waiting time")
        case "failed":
            if let badByte {
                return catalogue.say("失败：报文第\(badByte)字节不对", "failed: byte \(badByte) is wrong")
            }
            let name = error ?? ""
            return catalogue.say("失败：", "failed: ") + "\(name), " + catalogue.readerError(name)
        default: return catalogue.say("标准没有这种结果", "an outcome that the standard has not")
        }
    }
}

extension CCIDDecoding.Reader {
    fileprivate func lines(_ catalogue: Catalogue) -> [String] {
        let most = String(longestMessage)
        var lines = [
            catalogue.say("CCID \(revision)，\(slots)个卡槽", "CCID \(revision), \(slots) slots"),
            "\(voltages.joined(separator: ", ")); \(protocols.joined(separator: ", "))",
            catalogue.say("特性 ", "features ") + features + ", " + catalogue.exchange(exchange),
            catalogue.say("报文最长\(most)字节", "messages of at most \(most) bytes"),
        ]
        if let refusal {
            lines.append(
                catalogue.say("驿站用不了：", "of no use here: ") + catalogue.readerRefusal(refusal))
        }
        return lines.map { "  " + $0 }
    }
}
