// What a virtual reader does when it is told something.

import StationCore

extension VirtualPD {
    mutating func compose(_ frame: OSDPFrame, _ bytes: [UInt8]) -> [UInt8] {
        if case .nak(let nak)? = mischief, takeMischief() { return clear(.nak(nak), frame) }
        var bytes = bytes
        var count = frame.payload.count
        let kind = frame.block?.kind
        if kind?.hasMAC == true {
            guard let opening = channel?.open(&bytes, frame) else {
                return clear(.nak(.securityConditions), frame)
            }
            guard case .opened(let opened) = opening else {
                channel = nil
                return clear(.nak(.securityConditions), frame)
            }
            count = opened
        } else if channel != nil, kind == nil {
            channel = nil
            return clear(.nak(.securityConditions), frame)
        }
        guard let code = OSDPCommandCode(rawValue: frame.code), !unknownCommands.contains(code)
        else {
            return reply(.nak(.unknownCommand), frame)
        }
        let start = frame.payload.lowerBound
        do throws(OSDPPayloadError) {
            let command = try OSDPCommand(
                code: code, bytes.span.extracting(start..<start + count))
            return obey(command, frame)
        } catch {
            let nak = error == .unsupported ? OSDPNak.unknownCommand : .commandLength
            return reply(.nak(nak), frame)
        }
    }

    mutating func obey(_ command: OSDPCommand, _ frame: OSDPFrame) -> [UInt8] {
        switch command {
        case .identify: return reply(.identity(identity), frame)
        case .capabilities:
            var claims = capabilities
            if mischief == .downgrade, takeMischief() { claims[.security] = (0, 0) }
            return reply(.capabilities(claims), frame)
        case .challenge(let random): return challenge(random, frame)
        case .serverCryptogram(let cryptogram): return prove(cryptogram, frame)
        case .poll, .localStatus, .inputStatus, .outputStatus, .readerStatus, .output, .light,
            .buzz, .text, .communication, .keySet:
            break
        }
        guard channel != nil || !wantsChannel else {
            return reply(.nak(.securityConditions), frame)
        }
        switch command {
        case .poll: return reply(events.isEmpty ? .ack : events.removeFirst(), frame)
        case .localStatus: return reply(.localStatus(localStatus), frame)
        case .readerStatus: return reply(.readers(OSDPReaderStates([.normal])), frame)
        case .inputStatus, .outputStatus: return reply(.nak(.unknownCommand), frame)
        case .output:
            obeyed.append(command)
            return reply(.outputs(OSDPLevels(count: 1, active: 1)), frame)
        case .light, .buzz, .text:
            obeyed.append(command)
            return reply(.ack, frame)
        case .communication(let wanted):
            obeyed.append(command)
            guard !answersMovesWithACK else { return reply(.ack, frame) }
            let word = reply(.communication(wanted), frame)
            address = wanted.address
            baud = wanted.baud
            lastSequence = nil
            channel = nil
            return word
        case .keySet(let key):
            guard !refusesKeys, isInInstallMode || choice == OSDPSecurityBlock.ownKey else {
                return reply(.nak(.record), frame)
            }
            obeyed.append(command)
            let word = reply(.ack, frame)
            self.key = key
            isInInstallMode = false
            channel = nil
            return word
        case .identify, .capabilities, .challenge, .serverCryptogram:
            return reply(.nak(.unknownCommand), frame)
        }
    }

    // MARK: Handshake

    mutating func challenge(_ random: UInt64, _ frame: OSDPFrame) -> [UInt8] {
        channel = nil
        guard !refusesChannel else { return clear(.nak(.securityUnsupported), frame) }
        guard frame.block?.kind == .challenge, var choice = frame.block?.value else {
            return reply(.nak(.securityConditions), frame)
        }
        if choice == OSDPSecurityBlock.defaultKey, !isInInstallMode {
            return clear(.nak(.securityConditions), frame)
        }
        if saysFactoryKey, isInInstallMode { choice = OSDPSecurityBlock.defaultKey }
        if mischief == .claimsDefaultKey, takeMischief() { choice = OSDPSecurityBlock.defaultKey }
        self.choice = choice
        acuRandom = random
        pdRandom = chance.next()
        let base = choice == OSDPSecurityBlock.defaultKey ? OSDPKey.factoryDefault : key
        guard let base = base ?? (try? OSDPKey((0..<16).map { _ in UInt8(chance.below(256)) }))
        else { return clear(.nak(.securityConditions), frame) }
        let derived = OSDPSessionKeys(key: base, acuRandom: random)
        keys = derived
        let half = OSDPClientCryptogram(
            identity: UInt64(identity.serial), random: pdRandom,
            cryptogram: derived.clientCryptogram(acuRandom: random, pdRandom: pdRandom))
        let word = envelope(
            .clientCryptogram(half), frame,
            OSDPSecurityBlock(.clientCryptogram, value: choice))
        if mischief == .resetInHandshake, takeMischief() {
            keys = nil
            lastSequence = nil
        }
        return word
    }

    mutating func prove(_ cryptogram: UInt128, _ frame: OSDPFrame) -> [UInt8] {
        guard let derived = keys, frame.block?.kind == .serverCryptogram,
            derived.serverCryptogram(acuRandom: acuRandom, pdRandom: pdRandom) == cryptogram
        else { return clear(.nak(.securityConditions), frame) }
        keys = nil
        var mac = derived.initialMAC(serverCryptogram: cryptogram)
        channel = .pd(derived, initialMAC: mac)
        if mischief == .wrongInitialMAC, takeMischief() { mac ^= 1 }
        return envelope(
            .initialMAC(mac), frame,
            OSDPSecurityBlock(.initialMAC, value: OSDPSecurityBlock.accepted))
    }
}
