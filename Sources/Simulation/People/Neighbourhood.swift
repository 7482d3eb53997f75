// Everybody who has a key: from the roster's CSV file, or from the seed.

import EventLoop
public import StationCore

/// A roster with the cards behind it: what a hub never has together, and a simulator must.
public struct Neighbourhood: Sendable {
    public let key: StationKey
    /// The roster's file, for `RosterFile.decode`.
    public let file: [UInt8]
    public let residents: [Resident]

    /// The station's key of a seed. A simulated secret is none.
    public static func stationKey(seed: SplitMix64) -> StationKey {
        var chance = seed.fork("station key")
        var secret: [UInt8] = []
        for _ in 0..<StationKey.secretBytes { secret.append(UInt8(chance.below(256))) }
        guard let epoch = ShortText("local-simulated"),
            let key = StationKey(epoch: epoch, secret: secret)
        else { preconditionFailure("a key of 32 bytes was refused") }
        return key
    }

    /// The people of a roster in CSV, imported as a station does it.
    ///
    /// - Throws: what the import says of rows that it refused.
    public init(
        csv: [UInt8], of station: ResolvedStation, seed: SplitMix64
    ) throws(RosterRefused) {
        key = Self.stationKey(seed: seed)
        let report = RosterCSV(key: key, version: 1, for: station).read(csv)
        guard let made = report.file else { throw RosterRefused(report: report) }
        file = made
        residents = ResidentList.read(csv, station: station)
    }

    /// The people of a roster that was imported elsewhere.
    public static func residents(of csv: [UInt8], station: ResolvedStation) -> [Resident] {
        ResidentList.read(csv, station: station)
    }

    /// People drawn from the seed: most may enter, some are lost, blocked, expired or elsewhere.
    public init(count: Int, of station: ResolvedStation, wall: WallTime, seed: SplitMix64) {
        key = Self.stationKey(seed: seed)
        var chance = seed.fork("residents")
        var builder = RosterBuilder(key: key, version: 1)
        var people: [Resident] = []
        for place in 0..<count {
            guard let id = ShortText("k-\(place + 1)"), let holder = ShortText("r-\(place + 1)")
            else { continue }
            let number = Self.number(place, of: station, chance: &chance)
            var person = Resident(key: id, number: number)
            switch chance.below(20) {
            case 0: person.state = .lost
            case 1: person.state = .blocked
            case 2: person.validTo = WallTime(seconds: wall.seconds - 30 * 86_400)
            case 3: person.doors = chance.pick(station.doors).map { [$0.name] } ?? []
            default: break
            }
            let row = RosterRow(
                line: place + 2, id: id, holder: holder, form: key.matchForm(of: number),
                doors: person.doors.map { .named($0) } ?? .every,
                validTo: person.validTo.map { UInt32($0.seconds) } ?? .max, state: person.state,
                shapes: NumberShapes(of: number))
            if (try? builder.add(row)) != nil { people.append(person) }
        }
        file = builder.build().file
        residents = people
    }

    /// A number that the station's readers can send: of their own format, or three bytes.
    private static func number(
        _ place: Int, of station: ResolvedStation, chance: inout SplitMix64
    ) -> Number {
        let value = UInt128(chance.next() >> 8)
        for device in station.devices {
            guard case .wiegand(let settings) = device.driver,
                let format = settings.formats.lazy.compactMap({ WiegandFormat(name: $0) }).first,
                format.layout != .bytes
            else { continue }
            let width = (format.facilityBits?.count ?? 0) + format.numberBits.count
            return Number(
                layout: format.layout, width: width,
                value: value & (UInt128.max >> UInt128(128 - width)))
        }
        return Number(layout: .bytes, width: 24, value: value & 0xff_ffff)
    }
}

/// A roster that the station would refuse as well.
public struct RosterRefused: Error {
    public let report: RosterImport
}
