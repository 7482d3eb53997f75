// Which readers are measured, and the one-door stations that they stand at.

import StationCore

/// A kind of reader.
enum BenchReader: String, CaseIterable {
    case wiegand
    /// The same with a million keys, hours and quotas, 64 schedules, at a door with every rule.
    case rules
    case ccid
    case pn532
    case rdm6300
    case wedge

    private var driver: DriverSettings {
        let views = ["full"]
        return switch self {
        case .wiegand, .rules:
            .wiegand(WiegandSettings(formats: ["26-h10301"], views: views, keypad: false))
        case .ccid: .ccid(CCIDSettings(family: "acr122u", views: views))
        case .pn532: .pn532(PN532Settings(views: views))
        case .rdm6300: .em4100(EM4100Settings(framing: "rdm6300", views: views))
        case .wedge:
            .keyboard(
                KeyedReaderSettings(
                    formats: [.init(form: "8H10D")], technology: "em4100", views: views))
        }
    }

    private var link: ResolvedChannel.Link? {
        switch self {
        case .wiegand, .rules: nil
        case .ccid: .usb(USBLink(socket: ""))
        case .pn532: .serial(SerialLink(path: "/dev/ttyS1", baud: 115_200))
        case .rdm6300: .serial(SerialLink(path: "/dev/ttyS1", baud: 9_600))
        case .wedge: .keyboard(KeyboardLink(socket: ""))
        }
    }

    /// A card as this reader tells it, of keys that count up from 0.
    func card(_ number: Int) -> Credential {
        switch self {
        case .wiegand, .rules:
            let bits = WiegandFormat.h10301.encode(facility: 0, number: UInt128(number)) ?? 0
            return Credential(technology: .wiegand, bitCount: 26, bits: bits)
        case .ccid, .pn532:
            return Credential(
                technology: .iso14443, bitCount: 32, bits: 0x5630_0000 + UInt128(number))
        case .rdm6300, .wedge:
            return Credential(
                technology: .em4100, bitCount: 40, bits: 0x01_0200_0000 + UInt128(number))
        }
    }

    /// The number on the roster that its card has.
    private func number(_ place: Int) -> Number? {
        guard self == .wedge else {
            return View.full.number(of: card(place))
                ?? Number(layout: .bytes, width: 24, value: UInt128(place))
        }
        return View.low4.number(of: card(place))
    }

    static func key() -> StationKey {
        // A name of 5 bytes and 32 bytes of secret are always a key.
        StationKey(
            epoch: ShortText("bench") ?? .empty,
            secret: [UInt8](repeating: 7, count: StationKey.secretBytes))!
    }

    /// A roster with 10,000 keys; with every rule a million, which have terms.
    func roster() throws -> Roster {
        let key = Self.key()
        var builder = RosterBuilder(key: key, version: 1)
        let hasRules = self == .rules
        let terms = RosterTerms(
            hours: "hours-63",
            quotas: [
                RosterQuota("", .uses, per: .day, limit: 1_000_000),
                RosterQuota("", .uses, per: .month, limit: 10_000_000),
            ])
        for place in 0..<(hasRules ? 1_000_000 : 10_000) {
            let number =
                place < 10_000
                ? number(place) : Number(layout: .bytes, width: 24, value: UInt128(place + 65_536))
            guard let number else { continue }
            try builder.add(
                RosterRow(
                    id: ShortText("k\(place)") ?? .empty, holder: ShortText("r\(place)") ?? .empty,
                    form: key.matchForm(of: number), doors: .every,
                    terms: hasRules ? terms : .plain))
        }
        return try RosterFile.decode(builder.build().file, for: RosterPlaces(station()))
    }

    /// The reader is device 0, the strike device 1.
    func station() -> ResolvedStation {
        func line(_ name: String, device: Int, terminal: Int, _ request: Int) -> ResolvedLine {
            let isOutput = device == 1
            return ResolvedLine(
                chip: "bench", line: name, direction: isOutput ? .output : .input,
                activeLow: false, bias: .asIs, edges: isOutput ? .none : .falling,
                debounceMicroseconds: 0, safe: false, request: request, device: device,
                terminal: terminal)
        }
        var lines = [line("strike", device: 1, terminal: 0, 0)]
        if self == .wiegand || self == .rules {
            lines += [
                line("d0", device: 0, terminal: 0, 1), line("d1", device: 0, terminal: 1, 1),
            ]
        }
        var station = BenchStation.make(
            lines: lines, readers: [BenchStation.device("reader", driver)],
            channels: link.map { [ResolvedChannel(port: "reader", link: $0, device: 0)] } ?? [],
            doors: [(reader: 0, lock: 1)])
        if self == .rules { BenchStation.rule(&station) }
        return station
    }
}

/// What all these stations have in common.
enum BenchStation {
    static func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
        ResolvedDevice(
            name: name, profile: "bench", labelChinese: "", labelEnglish: "", driver: driver)
    }

    /// Readers first, then a strike for each door.
    static func make(
        lines: [ResolvedLine], readers: [ResolvedDevice], channels: [ResolvedChannel],
        doors: [(reader: Int, lock: Int)]
    ) -> ResolvedStation {
        ResolvedStation(
            station: StationIdentity(
                id: "bench", nameChinese: "台", nameEnglish: "Bench", phone: "",
                utcOffsetMinutes: 480),
            lines: lines,
            devices: readers
                + doors.indices.map {
                    device(
                        "strike-\($0)",
                        .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent)))
                },
            channels: channels,
            doors: doors.enumerated().map { place, door in
                ResolvedDoor(
                    name: place == 0 ? "gate" : "gate-\(place)", labelChinese: "",
                    labelEnglish: "", readersIn: [door.reader], readersOut: [], lock: door.lock,
                    contact: nil, exitButton: nil, shared: false, greeting: .gate,
                    relock: .onOpen, releaseMilliseconds: 200, openMilliseconds: 30_000,
                    preAlarmMilliseconds: 5_000)
            },
            journal: JournalSettings(), policy: StationPolicy())
    }

    /// Every rule that a grant meets, and as many hours as there may be.
    static func rule(_ station: inout ResolvedStation) {
        station.hours = (0..<64).map {
            ResolvedHours(name: "hours-\($0)", labelChinese: "", labelEnglish: "", hours: .always)
        }
        station.doors[0].rules = DoorRules(
            extended: DoorRules.Extended(releaseMilliseconds: 100, openMilliseconds: 1_000),
            passback: DoorRules.Passback(kind: .soft, area: "yard", forgetSeconds: 3_600))
    }

    /// Four OSDP readers on a line, each with a door.
    static func osdp() -> ResolvedStation {
        let readers = (0..<4).map { place in
            device(
                "reader-\(place)",
                .osdpReader(
                    OSDPReaderSettings(
                        bus: 0, address: place, formats: ["26-h10301"], views: ["full"])))
        }
        let lines = (0..<4).map { place in
            ResolvedLine(
                chip: "bench", line: "strike-\(place)", direction: .output, activeLow: false,
                bias: .asIs, edges: .none, debounceMicroseconds: 0, safe: false, request: place,
                device: 5 + place, terminal: 0)
        }
        return make(
            lines: lines, readers: [device("line", .osdpBus(OSDPLineSettings()))] + readers,
            channels: [
                ResolvedChannel(
                    port: "rs485", link: .serial(SerialLink(path: "/dev/ttyS1", baud: 115_200)),
                    device: 0)
            ],
            doors: (0..<4).map { (reader: 1 + $0, lock: 5 + $0) })
    }
}
