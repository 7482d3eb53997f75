// A day pass at the door: a scanner types it, and the station decides without asking anybody.

import EventLoop
import Testing

@testable import StationCore

/// A door with a strike and a scanner, and somebody with a telephone.
private struct ScannerGate: ~Copyable {
    static let scanner = DeviceID(0)
    static let strikeLine = LineID(0)
    /// RFC 8032's first secret key: any will do.
    static let signer = DayPassSigner(secret: [UInt8](repeating: 0x42, count: 32))!
    static let start = Int64(1_795_248_000)

    var station: Station
    var now = Instant(nanoseconds: 1_000_000_000)
    var entries: [Entry] = []
    var nonce: UInt64 = 0

    init(_ journal: JournalSettings = JournalSettings(), _ quality: ClockQuality = .synced) {
        station = Station(Self.resolved(journal))
        station.opened(ChannelID(0), at: now)
        for device in 0..<2 { station.attached(DeviceID(device), at: now) }
        station.observed(
            Calendar(
                wallOffset: Self.start * 1_000_000_000, bootOffset: 0, quality: quality,
                utcOffset: 28_800, floor: WallTime(seconds: Self.start - 60)), at: now)
        station.trusts([Self.signer.issuer])
        run(for: .milliseconds(100))
        entries = []
    }

    /// A pass of this station for the next hours.
    mutating func issue(
        to scope: DayPass.Scope = .station(ShortText("gate")!), from: Int64 = -3_600,
        hours: Int64 = 8, quota: UInt8 = 1
    ) -> String {
        nonce += 1
        let pass = DayPass(
            issuer: Self.signer.issuer.id, scope: scope,
            validFrom: WallTime(seconds: Self.start + from),
            validTo: WallTime(seconds: Self.start + from + hours * 3_600), quota: quota,
            nonce: nonce)!
        return Self.signer.sign(pass)!.text
    }

    /// The scanner types a code and Enter, 2 ms a key.
    mutating func scan(_ text: String) {
        for character in text.utf8 {
            let (key, isShifted) = KeyCode.typing(character)!
            if isShifted { press(.leftShift, InputEvent.pressed) }
            stroke(key)
            if isShifted { press(.leftShift, InputEvent.released) }
        }
        stroke(.enter)
        run(for: .milliseconds(5))
    }

    private mutating func stroke(_ key: KeyCode) {
        press(key, InputEvent.pressed)
        press(key, InputEvent.released)
    }

    private mutating func press(_ key: KeyCode, _ value: Int32) {
        now = now + .milliseconds(1)
        let bytes =
            InputEvent(time: now, type: InputEvent.key, code: key.rawValue, value: value)
            .bytes(.native)
            + InputEvent(
                time: now, type: InputEvent.synchronisation, code: InputEvent.report, value: 0
            ).bytes(.native)
        station.received(bytes.span.bytes, on: .data, of: ChannelID(0), at: now)
        settle()
    }

    mutating func commit() {
        guard let last = entries.last else { return }
        station.answered(.committed(upTo: last.ticket, lastSequence: 1), at: now)
        settle()
    }

    mutating func run(for interval: Interval) {
        let end = now + interval
        settle()
        while let next = station.nextDeadline, next <= end {
            now = max(now, next)
            station.expire(at: now)
            settle()
        }
        now = end
    }

    private mutating func settle() {
        station.letGo(at: now)
        _ = station.pump(steps: 1_000, at: now)
        while station.takeSetting() != nil {}
        entries += (0..<station.outbox.count).map { station.outbox[$0] }
        station.handedOver(station.outbox.count)
    }

    var names: [String] { entries.map(\.event.name) }

    var denials: [Denial] {
        entries.compactMap {
            if case .denied(_, _, _, let reason) = $0.event { reason } else { nil }
        }
    }

    private static func resolved(_ journal: JournalSettings) -> ResolvedStation {
        ResolvedStation(
            station: StationIdentity(
                id: "gate", nameChinese: "门", nameEnglish: "Gate", phone: "",
                utcOffsetMinutes: 480, district: "kaiyuan"),
            lines: [
                ResolvedLine(
                    chip: "c", line: "L", direction: .output, activeLow: false, bias: .asIs,
                    edges: .none, debounceMicroseconds: 0, safe: false, request: 0, device: 1,
                    terminal: 0)
            ],
            devices: [
                ResolvedDevice(
                    name: "scanner", profile: "qr-scanner", labelChinese: "", labelEnglish: "",
                    driver: .keyboard(
                        KeyedReaderSettings(
                            formats: [], technology: "em4100", views: ["full"],
                            takesPasses: true))),
                ResolvedDevice(
                    name: "strike", profile: "strike-12v", labelChinese: "", labelEnglish: "",
                    driver: .lock(
                        LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
            ],
            channels: [
                ResolvedChannel(
                    port: "counter", link: .keyboard(KeyboardLink(socket: "")), device: 0)
            ],
            doors: [
                ResolvedDoor(
                    name: "gate", labelChinese: "", labelEnglish: "", readersIn: [0],
                    readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                    greeting: .room, relock: .onOpen, releaseMilliseconds: 1_000,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 10_000)
            ], journal: journal, policy: StationPolicy())
    }
}

/// The same claim under another signature: one character in the middle of it.
private func forged(_ pass: String) -> String {
    var text = Array(pass.utf8)
    text[text.count - 20] = text[text.count - 20] == 0x41 ? 0x42 : 0x41
    return String(decoding: text, as: UTF8.self)
}

@Suite struct `A day pass at the door` {
    @Test func `opens it once it is written down, and names itself in the journal`() throws {
        var gate = ScannerGate()
        let text = gate.issue()
        gate.scan(text)
        #expect(gate.names == ["access.passGranted"])
        let entry = try #require(gate.entries.first)
        let id = try SignedDayPass.parse(text).claim.id
        #expect(entry.key == id.text && entry.holder == .empty)
        gate.commit()
        #expect(gate.names == ["access.passGranted", "door.released"])
    }

    @Test func `reads the same in small letters`() {
        var gate = ScannerGate()
        gate.scan(gate.issue().lowercased())
        #expect(gate.names == ["access.passGranted"])
    }

    @Test func `is good as often as it says, and copies do not help`() {
        var gate = ScannerGate()
        let text = gate.issue(quota: 2)
        for _ in 0..<3 {
            gate.scan(text)
            gate.commit()
            gate.run(for: .seconds(10))
        }
        #expect(gate.names.count { $0 == "access.passGranted" } == 2)
        #expect(gate.denials == [.quota])
    }

    @Test func `is one use however slowly the scanner says it again`() {
        var gate = ScannerGate()
        let text = gate.issue(quota: 3)
        for _ in 0..<6 {
            gate.scan(text)
            gate.commit()
            gate.run(for: .seconds(3))
        }
        #expect(gate.names.count { $0 == "access.passGranted" } == 1)
        gate.run(for: .seconds(5))
        gate.scan(text)
        #expect(gate.names.count { $0 == "access.passGranted" } == 2)
        #expect(gate.denials == [])
    }

    @Test func `is not stood in for by a text that names it and that nobody signed`() {
        var gate = ScannerGate()
        let text = gate.issue()
        gate.scan(forged(text))
        gate.scan(text)
        #expect(gate.denials == [.unknown])
        #expect(gate.names.last == "access.passGranted")
        // Nor is it held by one: what was forged counts like any stranger.
        for _ in 0..<20 { gate.scan(forged(text)) }
        #expect(gate.denials == Array(repeating: .unknown, count: FloodLimiter.rare))
        gate.run(for: .seconds(61))
        #expect(gate.names.last == "access.unknownsCounted")
    }

    @Test func `that is over fills no journal, and its holder is told all the same`() {
        var gate = ScannerGate()
        let used = gate.issue()
        gate.scan(used)
        gate.commit()
        let texts = [
            gate.issue(from: -36_000), gate.issue(from: 3_600), used,
            gate.issue(to: .station(ShortText("elsewhere")!)),
        ]
        let reasons: [Denial] = [.expired, .notYetValid, .quota, .door]
        for _ in 0..<5 {
            gate.run(for: .seconds(6))
            for text in texts { gate.scan(text) }
        }
        #expect(gate.denials.count == FloodLimiter.rare)
        #expect(Set(gate.denials) == Set(reasons))
        let told = reasons.map { gate.station.counters.denials[Int($0.rawValue)] }
        #expect(told == [5, 5, 5, 5])
        #expect(gate.station.counters.denials[Int(Denial.rateLimited.rawValue)] == 0)
        // A pass that is good, and a key, are not delayed by it.
        gate.scan(gate.issue())
        #expect(gate.names.last == "access.passGranted")
    }

    @Test func `is shown to a crew with its end alone`() throws {
        var gate = ScannerGate()
        gate.station.watchCards(true)
        let text = gate.issue()
        gate.scan(text)
        gate.commit()
        gate.scan("134512345678901234")
        gate.scan("DP1")
        var shown: [WatchedCard] = []
        var seen: UInt64 = 0
        while let (number, card) = gate.station.watchedCard(after: seen) {
            shown.append(card)
            seen = number
        }
        let name = try SignedDayPass.parse(text).claim.id.text.description
        #expect(shown.map { $0.code?.text } == ["DP1…\(name.suffix(4))", "…(18)", "…(3)"])
        #expect(
            shown.map(\.verdict) == [.granted(.none), .denied(.unknown), .denied(.malformed)])
        #expect(shown.allSatisfy { $0.credential.bitCount == 0 && $0.key.isEmpty })
    }

    @Test func `is one use while the telephone is held before the scanner`() {
        var gate = ScannerGate()
        let text = gate.issue(quota: 3)
        gate.scan(text)
        gate.commit()
        for _ in 0..<2 { gate.scan(text) }
        #expect(gate.names.count { $0 == "access.passGranted" } == 1)
        #expect(gate.denials == [])
    }

    @Test func `says why it does not hold`() {
        var gate = ScannerGate()
        gate.scan(gate.issue(from: 3_600))
        gate.scan(gate.issue(from: -36_000))
        gate.scan(gate.issue(to: .station(ShortText("elsewhere")!)))
        gate.scan(gate.issue(to: .district(ShortText("kaiyuan")!)))
        #expect(gate.denials == [.notYetValid, .expired, .door])
        #expect(gate.names.last == "access.passGranted")
    }

    @Test func `of nobody whom the station trusts is a stranger's, and guessing is counted`() {
        var gate = ScannerGate()
        let text = gate.issue()
        gate.station.trusts([])
        for _ in 0..<25 {
            gate.scan(text)
            gate.run(for: .seconds(1))
        }
        #expect(gate.denials == Array(repeating: .unknown, count: 10))
        gate.run(for: .seconds(60))
        #expect(gate.names.contains("access.unknownsCounted"))
        // A pass that is good is not delayed by that.
        gate.station.trusts([ScannerGate.signer.issuer])
        gate.scan(gate.issue())
        #expect(gate.names.last == "access.passGranted")
    }

    @Test(arguments: ["HTTP://EXAMPLE.COM/", "DP9AAAA", "DP1"])
    func `that is none opens nothing`(text: String) {
        var gate = ScannerGate()
        gate.scan(text)
        #expect(!gate.names.contains("access.passGranted"))
        #expect(gate.denials.count == 1)
    }

    @Test func `with a forged use of its own text is refused`() {
        var gate = ScannerGate()
        gate.scan(forged(gate.issue()))
        #expect(gate.denials == [.unknown])
    }

    @Test func `is judged by the floor while the clock is not trusted`() {
        var gate = ScannerGate(JournalSettings(), .none)
        gate.scan(gate.issue())
        gate.scan(gate.issue(from: -36_000))
        #expect(gate.names.first == "access.passGranted")
        if case .passGranted(_, _, _, _, let note) = gate.entries[0].event {
            #expect(note == .clockUntrusted)
        }
        #expect(gate.denials == [.expired])
    }

    @Test func `does not open a door that is locked down, and is not used up by that`() {
        var gate = ScannerGate()
        let text = gate.issue()
        gate.station.commanded(.lockDown, door: DoorID(0), by: .crew, at: gate.now)
        gate.run(for: .milliseconds(10))
        gate.scan(text)
        #expect(gate.denials == [.lockdown])
        gate.station.commanded(.releaseLockDown, door: DoorID(0), by: .crew, at: gate.now)
        gate.run(for: .seconds(2))
        gate.scan(text)
        #expect(gate.names.last == "access.passGranted")
    }

    @Test func `of a strict station is not used up when the journal fails`() {
        var gate = ScannerGate(JournalSettings(commitWait: .strict))
        let text = gate.issue()
        gate.scan(text)
        gate.run(for: .seconds(4))
        #expect(gate.denials == [.journalUnavailable])
        #expect(gate.station.passUses.map(\.counted) == [0])
        #expect(gate.names.last == "access.passWithdrawn")
        // The same pass, and a number that nothing was written under before.
        gate.station.answered(
            .committed(upTo: gate.entries.last!.ticket, lastSequence: 1), at: gate.now)
        gate.scan(text)
        guard case .passGranted(_, _, 2, _, _)? = gate.entries.last?.event else {
            Issue.record("expected the second use, found \(gate.names)")
            return
        }
    }
}
