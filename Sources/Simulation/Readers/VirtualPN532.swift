// A PN532 module on a serial line: asleep until it is woken, then one command at a time.
//
//   host   ─[55 55 .. command]───────────────────────────────[command]──
//   chip                      ╰─1 ms─[ACK]──works──[reply]─╯

public import EventLoop
public import StationCore

/// The twin of a PN532 in HSU mode. It shares the framing with the station, never the state.
public final class VirtualPN532: ReaderTwin {
    public var condition = TwinCondition()
    /// It hears nothing but two bytes of 55 until it is awake.
    public internal(set) var isAwake = false
    /// Commands by their code, for tests.
    public private(set) var heard: [UInt8] = []

    private var field = CardField()
    private var line: SpokenLine
    private var deframer = PN532Deframer()
    private var lastReply: [UInt8] = []
    /// Its plug comes out then.
    private var pullAt: Instant?
    private var chance: SplitMix64

    public init(baud: UInt32, chance: SplitMix64) {
        line = SpokenLine(baud: baud)
        self.chance = chance
    }

    public var mischiefs: [ReaderMischief.Kind] { ReaderMischief.Kind.allCases }

    // MARK: The station

    public func opened(at now: Instant) -> [UInt8] {
        fallSilent()
        condition.isOpen = true
        condition.isWatched = false
        return []
    }

    public func written(_ packet: Packet, at now: Instant) {
        guard isPlugged, now >= condition.deafUntil else { return }
        let bytes = packet.bytes
        if !isAwake {
            guard bytes.starts(with: [0x55, 0x55]) else { return }
            isAwake = true
            deframer.reset()
        }
        let end = now + line.characters(bytes.count)
        for byte in bytes where deframer.append(byte) {
            while let frame = deframer.next() { take(frame, at: end) }
        }
    }

    public func turned(to baud: UInt32, at now: Instant) {}

    public var nextDeadline: Instant? {
        condition.unpluggedAt ?? Instant.earlier(line.next, pullAt)
    }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        guard isPlugged else { return nil }
        if let pull = pullAt, pull <= now {
            unplug(at: pull)
            return nil
        }
        return line.take(upTo: now).map { (.data, $0) }
    }

    // MARK: People

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        field.add(card, from: now, until: until)
    }

    public func fallSilent() {
        line.clear()
        deframer.reset()
        pullAt = nil
    }

    public func powerReturned(at now: Instant) { isAwake = false }

    // MARK: Commands

    private func take(_ frame: PN532Frame, at now: Instant) {
        switch frame {
        case .ack: line.clear()
        case .nack:
            line.say(lastReply, at: now + .milliseconds(1), isWhole: condition.saysWhole, &chance)
        case .information(.host, let length):
            guard length > 0 else { return }
            obey(deframer.data, at: now)
        case .information(.chip, _), .error, .damaged: break
        }
    }

    private func obey(_ command: [UInt8], at now: Instant) {
        let code = command[0]
        heard.append(code)
        let isHandshake = !condition.isWatched
        var answer: [UInt8] = []
        var wait = Interval.milliseconds(2)
        switch code {
        case 0x02: answer = [0x32, 0x01, 0x06, 0x07]
        case 0x12, 0x14, 0x32: break
        case 0x52: answer = [0x00]
        case 0x4a:
            condition.isWatched = true
            (answer, wait) = look(command, at: now)
        default:
            return line.say(Self.errorFrame, at: now + wait, isWhole: condition.saysWhole, &chance)
        }
        line.say(Self.ackFrame, at: now + .microseconds(700), isWhole: condition.saysWhole, &chance)
        reply([code + 1] + answer, at: now + wait, isHandshake: isHandshake)
    }

    /// At most two cards; without one it looks twice before it says so.
    private func look(_ command: [UInt8], at now: Instant) -> ([UInt8], Interval) {
        guard command.count >= 3, command[2] == 0x00 else { return ([0], .milliseconds(9)) }
        let wait = chance.between(.milliseconds(12), .milliseconds(22))
        let found = field.cards(at: now + wait).prefix(min(2, Int(command[1])))
        var answer = [UInt8(found.count)]
        for (place, card) in found.enumerated() {
            let uid = card.cardBytes
            answer.append(UInt8(place + 1))
            answer += uid.count == 4 ? [0x00, 0x04, 0x08] : [0x03, 0x44, 0x20]
            answer.append(UInt8(uid.count))
            answer += uid
        }
        return (answer, found.isEmpty ? wait * 2 : wait)
    }

    private func reply(_ payload: [UInt8], at now: Instant, isHandshake: Bool) {
        var payload = payload
        var due = now
        let mischief = condition.takeMischief(isHandshake: isHandshake, at: now)
        if mischief?.kind == .wrongSequence { payload[0] &+= 2 }
        var frame = Self.frame(payload)
        lastReply = frame
        switch mischief?.kind {
        case .late?: due = due + (mischief?.span ?? .zero)
        case .cut?: frame.removeLast(1 + chance.below(frame.count - 1))
        case .refusal?: frame = Self.errorFrame
        // The checksum is one of its last two bytes.
        case .garbled?: frame[frame.count - 2] ^= 1 << UInt8(chance.below(8))
        case .deaf?: return
        case .resetInHandshake?:
            isAwake = false
            condition.isWatched = false
            return
        case .unplug?:
            frame.removeLast(frame.count / 2)
            pullAt = due + line.characters(frame.count) + .microseconds(100)
        case .wrongSequence?, nil: break
        }
        line.say(frame, at: due, isWhole: condition.saysWhole, &chance)
    }

    private static let ackFrame: [UInt8] = [0x00, 0x00, 0xff, 0x00, 0xff, 0x00]
    private static let errorFrame: [UInt8] = [0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00]

    /// A normal frame around a chip's words.
    private static func frame(_ payload: [UInt8]) -> [UInt8] {
        let said = [0xd5] + payload
        let length = UInt8(said.count)
        let sum = said.reduce(0, &+)
        return [0x00, 0x00, 0xff, length, 0 &- length] + said + [0 &- sum, 0x00]
    }
}
