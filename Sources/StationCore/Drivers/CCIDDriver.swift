// Drives a USB reader of smart-card class: it is watched for cards, and told what to show.

public import EventLoop

/// A contactless USB reader. Its own light and sound answer where they can be told, and LED and
/// beeper on lines of the board, if there are any.
public struct CCIDDriver: Driver {
    public static let led: UInt8 = 0
    public static let beeper: UInt8 = 1

    private let signals: Signals
    private let answers: CCIDAnswers
    private var reader: CCIDReader
    /// What the latest bytes led to: kept, since a tap passes here.
    private var heard = Outputs<CCIDReaderOutput>()
    private var player = RhythmPlayer()
    private var rhythm = Rhythm.comeIn
    private var descriptor: CCIDClassDescriptor?
    private var hasInterrupts = false
    /// It was there and said nothing of its class.
    private var isStrange = false

    /// - Precondition: the settings were validated: the family exists, the slot is in range.
    public init(_ settings: CCIDSettings, terminals: Set<Int>) {
        let family = CCIDFamily(rawValue: settings.family) ?? .generic
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
        answers = CCIDAnswers(family)
        reader = CCIDReader(family: family, slot: UInt8(clamping: settings.slot))
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .deadline:
            if let due = reader.nextDeadline, due <= now {
                tell(reader.expire(at: now), into: &outputs)
            }
            if let value = player.expire(at: now) { show(value, at: now, into: &outputs) }
        case .command(.feedback(let rhythm)):
            self.rhythm = rhythm
            if let whole = answers.whole(rhythm) {
                tell(reader.signal(whole, at: now), into: &outputs)
            }
            show(player.play(rhythm, at: now), at: now, into: &outputs)
        case .attached:
            setStrange(descriptor == nil, into: &outputs)
            guard let descriptor else { return }
            tell(
                reader.attached(descriptor, hasInterrupts: hasInterrupts, at: now), into: &outputs)
        case .detached(let fault):
            tell(reader.detached(at: now), into: &outputs)
            setStrange(false, into: &outputs)
            outputs.append(.raised(fault))
        case .edge, .level, .edgesLost, .command(.free), .command(.hold):
            break
        }
    }

    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        switch pipe {
        case .data:
            let taken = reader.receive(bytes, at: now, into: &heard)
            for place in 0..<heard.count {
                if let answer = heard[place] { tell(answer, into: &outputs) }
            }
            return taken
        case .notification:
            tell(reader.notify(bytes, at: now), into: &outputs)
        case .descriptor:
            descriptor = bytes.withUnsafeBytes { try? CCIDClassDescriptor($0) }
            hasInterrupts = CCIDClassDescriptor.hasInterruptMark(bytes)
        }
        return bytes.byteCount
    }

    // Inline, or each look at it copies the whole driver.
    @inline(__always)
    public var nextDeadline: Instant? {
        Instant.earlier(reader.nextDeadline, player.nextDeadline)
    }

    private mutating func setStrange(_ isStrange: Bool, into outputs: inout DriverOutputs) {
        guard isStrange != self.isStrange else { return }
        self.isStrange = isStrange
        outputs.append(isStrange ? .raised(.wrongModel) : .cleared(.wrongModel))
    }

    /// On lines of the board, and on a reader that plays no rhythm by itself.
    private mutating func show(_ isOn: Bool, at now: Instant, into outputs: inout DriverOutputs) {
        signals.set(isOn, into: &outputs)
        for place in 0..<2 {
            guard let command = answers.step(rhythm, isOn: isOn, place) else { continue }
            tell(reader.signal(command, at: now), into: &outputs)
        }
    }

    /// Mutating, so that `self` is read after the call's arguments have changed the reader.
    private mutating func tell(
        _ answers: Outputs<CCIDReaderOutput>, into outputs: inout DriverOutputs
    ) {
        for place in 0..<answers.count {
            if let answer = answers[place] { tell(answer, into: &outputs) }
        }
    }

    private mutating func tell(_ answer: CCIDReaderOutput, into outputs: inout DriverOutputs) {
        switch answer {
        case .send: reader.outgoing.withBytes { outputs.write($0) }
        case .presented(let credential, _, let since):
            outputs.append(
                .presented(Presentation(credential: credential, format: nil, at: since)))
        case .diagnosed(let diagnosis): outputs.append(.diagnosed(diagnosis.read, bits: 0))
        case .raised(let trouble): outputs.append(.raised(trouble.fault))
        case .cleared(let trouble): outputs.append(.cleared(trouble.fault))
        case .resetDevice: outputs.append(.reset)
        case .ready, .left: break
        }
    }
}

/// What a family's readers show for each rhythm, made once.
private struct CCIDAnswers: Sendable {
    /// The whole rhythm in one command, where the reader plays it.
    private let comeIn: PseudoAPDU?
    private let tryAgain: PseudoAPDU?
    private let askSomeone: PseudoAPDU?
    /// Where the station plays it: on, welcome and refusal; the beep of each; off.
    private let lights: [PseudoAPDU]

    init(_ family: CCIDFamily) {
        switch family {
        case .generic:
            (comeIn, tryAgain, askSomeone, lights) = (nil, nil, nil, [])
        case .acr122u:
            comeIn = ACR122U.signal(.green, pulse: Rhythm.long, times: 1)
            tryAgain = ACR122U.signal(.red, pulse: Rhythm.short, times: 2)
            askSomeone = ACR122U.signal(.red, pulse: Rhythm.short, times: 3)
            lights = []
        case .acr1252u:
            (comeIn, tryAgain, askSomeone) = (nil, nil, nil)
            lights = [
                ACR1252U.lights(red: false, green: true), ACR1252U.lights(red: true, green: false),
                ACR1252U.beep(UInt8(clamping: Rhythm.long.milliseconds / 10)),
                ACR1252U.beep(UInt8(clamping: Rhythm.short.milliseconds / 10)),
                ACR1252U.lights(red: false, green: false),
            ]
        }
    }

    func whole(_ rhythm: Rhythm) -> PseudoAPDU? {
        switch rhythm {
        case .comeIn: comeIn
        case .tryAgain: tryAgain
        case .askSomeone: askSomeone
        }
    }

    /// The first and the second command of a change; `nil`: there is none.
    func step(_ rhythm: Rhythm, isOn: Bool, _ place: Int) -> PseudoAPDU? {
        guard !lights.isEmpty else { return nil }
        guard isOn else { return place == 0 ? lights[4] : nil }
        return lights[2 * place + (rhythm == .comeIn ? 0 : 1)]
    }
}

extension CCIDTrouble {
    /// What the crew is told.
    var fault: Fault {
        switch self {
        case .silent: .silent
        case .garbled: .garbled
        case .hardware: .lost
        case .unusable: .wrongModel
        }
    }
}

extension CCIDDiagnosis {
    /// What the station counts.
    var read: ReadDiagnosis {
        switch self {
        case .leftEarly: .takenAway
        case .mute, .unreadable, .refused: .unreadable
        case .incompleteUID: .halfUID
        case .badUID, .unsupportedCard: .strangeCard
        }
    }
}
