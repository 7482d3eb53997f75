// What a command's fields tell the station to do: names become places, words become orders.

/// One order of a hub. Each is carried out by what carries out the same word of a crew.
///
/// Where only somebody on site can know, there is no word for a hub: whether a box is empty, or
/// what is out of order is in order again.
enum CommandOrder: Equatable, Sendable {
    case door(DoorID, DoorCommand)
    case box(ServiceID, Int, BoxOrder)
    case part(ServiceID, Int, PartWord)
    case pause(ServiceID, ServicePause)
    case resume(ServiceID)
    case hours([Int], HoursWord)
    case resetGuard(DeviceID, Int)
    case reader(DeviceID, ReaderOrder)
    /// `nil`: what stands is taken down.
    case notice(Notice?)

    /// What a hub may tell a part: its use ends, somebody has looked after it, and what those who
    /// are asked for help answer.
    private static let partWords: [PartWord] = [
        .stop, .restocked, .restockDue, .outOfOrder, .filterChanged, .reached, .accept, .decline,
        .helped,
    ]

    var subject: CommandSubject {
        switch self {
        case .door: .door
        case .box: .box
        case .part: .part
        case .pause, .resume: .service
        case .hours: .hours
        case .resetGuard: .guard
        case .reader: .reader
        case .notice: .notice
        }
    }

    /// Whether it only locks, stops or closes: it waits for nothing, and twice is as once.
    var onlyStops: Bool {
        switch self {
        case .door(_, let word):
            switch word {
            case .lock, .block, .lockDown: true
            case .access, .unlock, .unblock, .releaseLockDown, .resetFire, .forgetPassback: false
            }
        case .box(_, _, let word): word == .block
        case .part(_, _, let word): word == .stop || word == .outOfOrder
        case .pause: true
        case .hours(_, let word): word == .closed
        case .resume, .resetGuard, .reader, .notice: false
        }
    }

    /// - Throws: `unknownCommand` or `badArgument`.
    init(_ fields: [String], in station: ResolvedStation) throws(CommandRefusal) {
        var words = CommandWords(fields, in: station)
        guard let subject = CommandSubject.allCases.first(where: { $0.name == fields.first })
        else { throw .unknownCommand(String(fields.first?.prefix(64) ?? "")) }
        switch subject {
        case .door:
            let door = try words.place(among: station.doors.map(\.name))
            self = .door(DoorID(door), try words.word(DoorCommand.allCases, named: \.name))
        case .box:
            let (service, unit) = try words.unit(ofLockers: true)
            self = .box(service, unit, try words.word([.open, .block], named: \.name))
        case .part:
            let (service, unit) = try words.unit(ofLockers: false)
            self = .part(service, unit, try words.word(Self.partWords, named: \.name))
        case .service:
            let service = ServiceID(try words.place(among: station.services.map(\.name)))
            self = try words.decision(over: service)
        case .hours:
            let places = try words.hours()
            self = .hours(places, try words.hoursWord())
        case .guard:
            let device = try words.place(among: station.devices.map(\.name))
            let guards = station.devices[device].driver.guards.map(\.name)
            let rule = try words.place(among: guards)
            _ = try words.word(["reset"], named: \.self)
            self = .resetGuard(DeviceID(device), rule)
        case .reader:
            let device = try words.place(among: station.devices.map(\.name))
            guard station.devices[device].driver.isReader else { throw .badArgument(1) }
            self = .reader(DeviceID(device), try words.readerWord())
        case .notice: self = .notice(try words.notice())
        }
        try words.end()
    }
}

/// A command's fields, taken one by one.
private struct CommandWords {
    private let fields: [String]
    private let station: ResolvedStation
    /// The field that is next; the subject is field 0.
    private var next = 1

    init(_ fields: [String], in station: ResolvedStation) {
        self.fields = fields
        self.station = station
    }

    private mutating func take() throws(CommandRefusal) -> String {
        guard next < fields.count else { throw .badArgument(next) }
        defer { next += 1 }
        return fields[next]
    }

    /// The field that was taken last is not good.
    private var bad: CommandRefusal { .badArgument(next - 1) }

    func end() throws(CommandRefusal) {
        guard next == fields.count else { throw .badArgument(next) }
    }

    mutating func place(among names: [String]) throws(CommandRefusal) -> Int {
        let name = try take()
        guard let place = names.firstIndex(of: name) else { throw bad }
        return place
    }

    mutating func word<Word>(
        _ known: [Word], named name: (Word) -> String
    ) throws(CommandRefusal) -> Word {
        let word = try take()
        guard let found = known.first(where: { name($0) == word }) else { throw unknown(word) }
        return found
    }

    private func unknown(_ word: String) -> CommandRefusal {
        .unknownCommand("\(fields[0]) \(word.prefix(64))")
    }

    mutating func unit(
        ofLockers isLockers: Bool
    ) throws(CommandRefusal) -> (service: ServiceID, unit: Int) {
        let service = try place(among: station.services.map(\.name))
        let settings = station.services[service].settings
        if case .lockers = settings, !isLockers { throw bad }
        if case .machine = settings, isLockers { throw bad }
        return (ServiceID(service), try place(among: settings.units))
    }

    /// Seconds since 1970.
    private mutating func time() throws(CommandRefusal) -> WallTime {
        let text = try take()
        guard let seconds = RosterBundleLines.number(ArraySlice(text.utf8)),
            seconds <= 253_402_300_799
        else { throw bad }
        return WallTime(seconds: Int64(seconds))
    }

    mutating func decision(over service: ServiceID) throws(CommandRefusal) -> CommandOrder {
        switch try take() {
        case "resume": return .resume(service)
        case "pause":
            let reason = try word(PauseReason.allCases, named: \.name)
            if next < fields.count, fields[next] == "-" {
                next += 1
                return .pause(service, ServicePause(reason))
            }
            return .pause(service, ServicePause(reason, until: try time()))
        case let word: throw unknown(word)
        }
    }

    /// `*`: all sets.
    mutating func hours() throws(CommandRefusal) -> [Int] {
        if next < fields.count, fields[next] == "*", !station.hours.isEmpty {
            next += 1
            return Array(station.hours.indices)
        }
        return [try place(among: station.hours.map(\.name))]
    }

    mutating func hoursWord() throws(CommandRefusal) -> HoursWord {
        switch try take() {
        case "closed": return .closed
        case "planned": return .planned
        case "open": return .open(until: try time())
        case "severeWeather": return .severeWeather(until: try time())
        case "today":
            let text = try take()
            // One way of writing: as the station writes it.
            guard let hours = try? DayHours(text: text), "\(hours)" == text else { throw bad }
            return .today(hours)
        case let word: throw unknown(word)
        }
    }

    /// `set`, until when, in Chinese and, where it is there, in English; or `clear`.
    mutating func notice() throws(CommandRefusal) -> Notice? {
        guard try word(["set", "clear"], named: \.self) == "set" else { return nil }
        let until = try time()
        let chinese = try take()
        let english = next < fields.count ? try take() : ""
        guard let notice = Notice(chinese: chinese, english: english, until: until) else {
            throw bad
        }
        return notice
    }

    mutating func readerWord() throws(CommandRefusal) -> ReaderOrder {
        let word = try take()
        if word == "reset" { return .reset }
        guard let rhythm = Rhythm(name: word) else { throw unknown(word) }
        return .play(rhythm)
    }
}
