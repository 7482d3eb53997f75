// OSDP for people, in both languages.

import StationCore

extension OSDPDetails {
    /// What a frame says, in one line.
    func text(_ catalogue: Catalogue) -> String {
        [
            identityText(catalogue), capabilityText(catalogue), cardText(catalogue),
            stateText(catalogue), feedbackText(catalogue),
        ].compactMap { $0 }.joined(separator: catalogue.say("；", "; "))
    }

    private func identityText(_ catalogue: Catalogue) -> String? {
        identity.map { identity in
            catalogue.say(
                "厂商\(identity.vendor)，型号\(identity.model)，版本\(identity.version)，"
                    + "序列号\(identity.serial)，固件\(identity.firmware)",
                "vendor \(identity.vendor), model \(identity.model), version "
                    + "\(identity.version), serial \(identity.serial), "
                    + "firmware \(identity.firmware)")
        }
    }

    private func capabilityText(_ catalogue: Catalogue) -> String? {
        capabilities.map { capabilities in
            capabilities.map {
                catalogue.capability($0.function) + " \($0.level)/\($0.count)"
            }.joined(separator: catalogue.say("，", ", "))
        }
    }

    private func cardText(_ catalogue: Catalogue) -> String? {
        if let keys { return catalogue.say("按键 ", "keys ") + keys }
        guard let card else { return nil }
        if let text = card.text { return catalogue.say("卡 ", "card ") + text }
        return catalogue.say("卡 ", "card ")
            + (card.card ?? catalogue.say("\(card.count)位，太长", "\(card.count) bits, too many"))
    }

    private func stateText(_ catalogue: Catalogue) -> String? {
        if let nak, let code = (UInt8.min...9).first(where: { OSDPNak(rawValue: $0).name == nak }) {
            return OSDPNak(rawValue: code).text(catalogue.language)
        }
        if let nak { return nak }
        if let tampered, let powerFailed {
            return catalogue.say(
                (tampered ? "被拆动" : "外壳完好") + (powerFailed ? "，供电故障" : "，供电正常"),
                (tampered ? "tampered" : "case closed")
                    + (powerFailed ? ", power failed" : ", power good"))
        }
        if let levels = inputs ?? outputs {
            let digits = levels.map { $0 ? "1" : "0" }.joined()
            return catalogue.say(
                (inputs == nil ? "输出 " : "输入 ") + digits,
                (inputs == nil ? "outputs " : "inputs ") + digits)
        }
        if let readers {
            return readers.map(catalogue.head).joined(separator: catalogue.say("，", ", "))
        }
        if let address, let baud {
            return catalogue.say("地址\(address)，\(baud)波特", "address \(address), \(baud) baud")
        }
        return nil
    }

    private func feedbackText(_ catalogue: Catalogue) -> String? {
        if let light {
            var parts = [catalogue.say("灯\(light)", "LED \(light)")]
            if let passing, let passingTenths {
                let seconds = "\(passingTenths / 10).\(passingTenths % 10)"
                parts.append(
                    catalogue.blink(passing) + catalogue.say(" \(seconds)秒", " for \(seconds) s"))
            }
            if let lasting {
                parts.append(catalogue.say("一直", "lasting ") + catalogue.blink(lasting))
            }
            return parts.joined(separator: " ")
        }
        if let buzz {
            return buzz == "off"
                ? catalogue.say("不响", "silent")
                : catalogue.say("响\(repetitions ?? 0)次", "sounds \(repetitions ?? 0) times")
        }
        if let text { return catalogue.say("显示“\(text)”", "shows \"\(text)\"") }
        if let output, let action {
            return catalogue.say("输出\(output)：\(action)", "output \(output): \(action)")
        }
        return nil
    }
}

extension Catalogue {
    /// A capability, by the names of `OSDPFunction`.
    func capability(_ name: String) -> String {
        switch name {
        case "contactStatus": say("输入", "inputs")
        case "outputControl": say("输出", "outputs")
        case "cardFormat": say("卡数据", "card data")
        case "lights": say("灯", "LEDs")
        case "audible": say("蜂鸣器", "buzzer")
        case "text": say("文字显示", "text display")
        case "time": say("时钟", "clock")
        case "checkCharacter": say("校验", "check")
        case "security": say("安全通道", "secure channel")
        case "receiveBuffer": say("接收缓冲", "receive buffer")
        case "combinedMessage": say("合并报文", "combined message")
        case "smartCard": say("智能卡", "smart card")
        case "readers": say("读头", "reading heads")
        case "biometric": say("生物特征", "biometrics")
        case "securePIN": say("安全密码键盘", "secure PIN")
        case "version": say("OSDP版本", "OSDP version")
        default: name
        }
    }

    /// A reading head's state, by the names of `OSDPReaderStates.State`.
    func head(_ name: String) -> String {
        switch name {
        case "normal": say("读头正常", "head normal")
        case "missing": say("读头未连接", "head missing")
        case "tampered": say("读头被拆动", "head tampered")
        default: name
        }
    }

    func blink(_ blink: OSDPBlinkRecord) -> String {
        blink.offTenths == 0 ? color(blink.on) : color(blink.on) + "/" + color(blink.off)
    }

    private func color(_ name: String) -> String {
        switch name {
        case "off": say("灭", "off")
        case "red": say("红", "red")
        case "green": say("绿", "green")
        case "amber": say("琥珀", "amber")
        case "blue": say("蓝", "blue")
        case "magenta": say("品红", "magenta")
        case "cyan": say("青", "cyan")
        case "white": say("白", "white")
        default: name
        }
    }
}
