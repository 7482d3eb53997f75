// What a reader's driver makes of worked bytes, keys or answers: profiles prove themselves by it.

import EventLoop

/// The first thing that a driver says of an example.
public enum WorkedReading: Equatable, Sendable {
    case card(Credential, WiegandFormat?)
    /// A code that is no card.
    case code
    case refused(ReadDiagnosis)
    case nothing

    /// Bytes as a serial reader sends them.
    public init(bytes: [UInt8], by settings: DriverSettings) {
        switch settings {
        case .pn532:
            self.init(frames: bytes)
        case .osdpReader(let settings):
            self.init(frame: bytes, of: OSDPMember(settings, device: DeviceID(0)))
        case .em4100(let settings):
            var run = WorkedRun(EM4100Driver(settings, terminals: []))
            run.feed(bytes)
            self = run.end()
        case .wiegand, .lock, .contact, .button, .keyboard, .ccid, .osdpBus, .fieldBus, .busDevice,
            .boardDevice:
            self = .nothing
        }
    }

    /// A text as a keyboard reader types it, with Enter behind it; `nil` when no key gives one of
    /// its characters.
    public init?(keys text: String, by settings: KeyedReaderSettings) {
        var run = WorkedRun(KeyedDriver(settings, terminals: []))
        for character in text.utf8 {
            guard let (key, isShifted) = KeyCode.typing(character) else { return nil }
            run.press(key, isShifted: isShifted)
        }
        run.press(.enter, isShifted: false)
        self = run.end()
    }

    /// A card's answers to power-on and to GET UID, as a smart-card reader hands them over.
    public init(atr: [UInt8], uid: [UInt8]) {
        let card = atr.withUnsafeBytes { ContactlessCard(atr: $0) }
        self = uid.withUnsafeBytes { uid in
            do throws(CCIDDiagnosis) {
                return .card(try card.credential(uid: uid), nil)
            } catch {
                return .refused(error.read)
            }
        }
    }

    /// A card in a reply in the clear of an OSDP reader.
    private init(frame bytes: [UInt8], of reader: OSDPMember) {
        guard let frame = try? OSDPFrame(bytes.span), frame.isReply, frame.block == nil,
            let code = OSDPReplyCode(rawValue: frame.code),
            let reply = try? OSDPReply(code: code, bytes.span.extracting(frame.payload))
        else {
            self = .refused(.damaged)
            return
        }
        let read: OSDPRead
        switch reply {
        case .card(let card): read = reader.read(card)
        case .formattedCard(let card): read = reader.read(card)
        default:
            self = .nothing
            return
        }
        switch read {
        case .credential(let credential, let format): self = .card(credential, format)
        case .diagnosed(let diagnosis, _): self = .refused(diagnosis)
        case .key: self = .nothing
        }
    }

    /// The first card in a PN532's replies to InListPassiveTarget.
    private init(frames bytes: [UInt8]) {
        var deframer = PN532Deframer()
        self = .nothing
        for byte in bytes {
            deframer.append(byte)
            while let frame = deframer.next() {
                guard case .information(.chip, _) = frame else {
                    if case .damaged = frame { self = .refused(.damaged) }
                    continue
                }
                let content = deframer.data
                guard content.first == 0x4b else { continue }
                for modulation in PN532Modulation.allCases {
                    let targets = PN532Targets(
                        modulation, start: 1, length: content.count, byte: { content[$0] })
                    guard let targets else { continue }
                    if let card = targets.first { self = .card(card.credential, nil) }
                    return
                }
                self = .refused(.damaged)
            }
        }
    }
}

/// A driver with nothing around it.
private struct WorkedRun {
    private var driver: any Driver
    private var outputs = [WorkedReading]()
    private var now = Instant(nanoseconds: 1_000_000_000)

    init(_ driver: some Driver) {
        self.driver = driver
        step { $0.handle(.attached, at: $1, into: &$2) }
    }

    /// One call of the driver, and what it says of cards.
    private mutating func step(
        _ call: (inout any Driver, Instant, inout DriverOutputs) -> Void
    ) {
        var said = DriverOutputs()
        call(&driver, now, &said)
        while let output = said.popFirst() {
            switch output {
            case .presented(let card): outputs.append(.card(card.credential, card.format))
            case .diagnosed(let diagnosis, _): outputs.append(.refused(diagnosis))
            case .scanned: outputs.append(.code)
            case .keyed, .settled, .unsettled, .setLine, .raised, .cleared, .lost, .online,
                .offline, .insecure, .write, .reset, .speed, .wantsRandom, .wantsKeeping,
                .serviced, .pointsRead, .actionEnded:
                break
            }
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var taken = 0
            let slice = Array(rest)
            step { taken = $0.receive(slice.span.bytes, on: .data, at: $1, into: &$2) }
            rest = rest.dropFirst(max(1, taken))
        }
    }

    /// Down and up again, 2 ms apart, as readers type.
    mutating func press(_ key: KeyCode, isShifted: Bool) {
        var events: [(UInt16, Int32)] = [
            (key.rawValue, InputEvent.pressed), (key.rawValue, InputEvent.released),
        ]
        if isShifted {
            events.insert((KeyCode.leftShift.rawValue, InputEvent.pressed), at: 0)
            events.append((KeyCode.leftShift.rawValue, InputEvent.released))
        }
        for (code, value) in events {
            now = now + .milliseconds(1)
            feed(
                InputEvent(time: now, type: InputEvent.key, code: code, value: value)
                    .bytes(.native))
            feed(
                InputEvent(
                    time: now, type: InputEvent.synchronisation, code: InputEvent.report, value: 0
                ).bytes(.native))
        }
    }

    /// The first reading, once every deadline has passed.
    mutating func end() -> WorkedReading {
        now = now + .seconds(1)
        step { $0.handle(.deadline, at: $1, into: &$2) }
        return outputs.first ?? .nothing
    }
}
