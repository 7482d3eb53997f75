// What a virtual USB reader answers, and how it spoils an answer.

import EventLoop
import StationCore

extension VirtualCCID {
    /// A MIFARE Classic of one kilobyte (PC/SC part 3, 3.1.3.2.3).
    private static let storageATR: [UInt8] = [
        0x3b, 0x8f, 0x80, 0x01, 0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00,
        0x01, 0x00, 0x00, 0x00, 0x00, 0x6a,
    ]
    /// A card that speaks ISO 14443-4 and says nothing of itself.
    private static let processorATR: [UInt8] = [0x3b, 0x81, 0x80, 0x01, 0x80, 0x80]

    private var presence: UInt8 { slot == nil ? 2 : isPowered ? 0 : 1 }

    func answer(_ command: [UInt8], at now: Instant) {
        guard command.count >= 10 else { return }
        let isHandshake = !condition.isWatched
        switch command[0] {
        case 0x62:
            let wait = chance.between(.milliseconds(20), .milliseconds(50))
            guard let card = slot, field.contains(card, at: now + wait) else {
                return refuse(command, 0x80, after: wait, at: now)
            }
            isPowered = true
            let atr = card.bitCount == 32 ? Self.storageATR : Self.processorATR
            reply(command, 0x80, atr, after: wait, isHandshake: isHandshake, at: now)
        case 0x63:
            isPowered = false
            reply(command, 0x81, [], after: .milliseconds(2), isHandshake: isHandshake, at: now)
        case 0x65:
            condition.isWatched = true
            let wait = chance.between(.microseconds(500), .milliseconds(4))
            reply(command, 0x81, [], after: wait, isHandshake: isHandshake, at: now)
        case 0x6b:
            let data = Array(command.dropFirst(10))
            shown.append(Shown(at: now, command: data))
            reply(
                command, 0x83, [0xe1, 0, 0, 0, 1, data.last ?? 0], after: .milliseconds(3),
                isHandshake: isHandshake, at: now)
        case 0x6f:
            let (data, wait) = apdu(Array(command.dropFirst(10)), at: now)
            reply(command, 0x80, data, after: wait, isHandshake: isHandshake, at: now)
        default:
            refuse(command, 0x81, after: .milliseconds(1), at: now)
        }
    }

    /// A card's command, or one to the reader that goes as if it were a card's.
    private func apdu(_ apdu: [UInt8], at now: Instant) -> ([UInt8], after: Interval) {
        let quick = chance.between(.milliseconds(4), .milliseconds(18))
        guard apdu.count >= 4, apdu[0] == 0xff else { return ([0x6a, 0x81], quick) }
        switch apdu[1...2] {
        case [0xca, 0x00]:
            guard let card = slot, isPowered, field.contains(card, at: now) else {
                return ([0x63, 0x00], quick)
            }
            return (card.cardBytes + [0x90, 0x00], quick)
        case [0x00, 0x48]: return (Array("ACR122U214".utf8), quick)
        case [0x00, 0x51]: return ([0x90, apdu[3]], quick)
        case [0x00, 0x52]: return ([0x90, 0x00], quick)
        case [0x00, 0x40] where apdu.count >= 9:
            shown.append(Shown(at: now, command: apdu))
            // It answers when it has finished.
            let steps = (Int64(apdu[5]) + Int64(apdu[6])) * Int64(apdu[7])
            return ([0x90, 0x00], .milliseconds(100 * steps) + quick)
        default: return ([0x6a, 0x81], quick)
        }
    }

    private func refuse(
        _ command: [UInt8], _ type: UInt8, after wait: Interval, at now: Instant
    ) {
        let bytes = [
            type, 0, 0, 0, 0, command[5], command[6], 0x40 | presence, 0xfe, 0,
        ]
        say(bytes, at: now + wait)
    }

    private func reply(
        _ command: [UInt8], _ type: UInt8, _ data: [UInt8], after wait: Interval,
        isHandshake: Bool, at now: Instant
    ) {
        var bytes =
            [type, UInt8(data.count), 0, 0, 0, command[5], command[6], presence, 0, 0] + data
        var due = now + wait
        if let mischief = condition.takeMischief(isHandshake: isHandshake, at: now) {
            switch mischief.kind {
            case .late: due = due + mischief.span
            case .cut: bytes.removeLast(1 + chance.below(bytes.count - 1))
            case .wrongSequence: bytes[6] &+= 1 + UInt8(chance.below(200))
            case .refusal: return refuse(command, type, after: wait, at: now)
            // No reader's answer has this type: nothing behind it can be believed.
            case .garbled: bytes[0] ^= 0x40
            case .deaf: return
            case .resetInHandshake, .unplug:
                agenda.add(.bytes(.data, Array(bytes.prefix(bytes.count / 2))), at: due)
                agenda.add(.pull, at: due + .microseconds(300))
                return
            }
        }
        say(bytes, at: due)
    }

    /// One in four comes in two packets.
    private func say(_ bytes: [UInt8], at now: Instant) {
        guard bytes.count > 2, chance.below(4) == 0, !condition.saysWhole else {
            return agenda.add(.bytes(.data, bytes), at: now)
        }
        let cut = 1 + chance.below(bytes.count - 1)
        agenda.add(.bytes(.data, Array(bytes[..<cut])), at: now)
        agenda.add(.bytes(.data, Array(bytes[cut...])), at: now + .microseconds(250))
    }
}
