// What people decided over services and hours, over a restart: in bytes, and in entries.
//
//   pause count 1, then for each: service ‖ reason 1 ‖ until 8
//   change count 1, then for each: name of the hours ‖ kind 1
//     of a day: day number 4 ‖ stretch count 1 ‖ each: start 2 ‖ end 2
//     of severe weather: until 8
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian; times are in
// milliseconds since 1970, 0 for none, days since 1970-01-01, stretches in minutes.

public import EventLoop
public import StationCore

/// A part of `UseMemory`. Services and hours go by name.
public struct DecisionMemory: Equatable, Sendable {
    public struct Pause: Equatable, Sendable {
        public var service: String
        public var pause: ServicePause

        public init(service: String, pause: ServicePause) {
            self.service = service
            self.pause = pause
        }
    }

    public struct Change: Equatable, Sendable {
        /// The set of hours.
        public var hours: String
        public var change: HoursChange

        public init(hours: String, change: HoursChange) {
            self.hours = hours
            self.change = change
        }
    }

    public var pauses: [Pause]
    public var changes: [Change]

    public init(pauses: [Pause] = [], changes: [Change] = []) {
        self.pauses = pauses
        self.changes = changes
    }

    private static let today: UInt8 = 1
    private static let severeWeather: UInt8 = 2
    private static let pauseLimit = ResolvedStation.Limit.services
    /// Of each set one of each kind.
    private static let changeLimit = 2 * Schedules.limit
    static let sizeLimit =
        2 + pauseLimit * (BoxMemory.nameLength + 9)
        + changeLimit * (BoxMemory.nameLength + 6 + 4 * DayHours.limit)

    // MARK: A station's

    public init(of station: borrowing Station) {
        self.init()
        for (place, service) in station.resolved.services.enumerated() {
            guard let pause = station.pause(of: place) else { continue }
            pauses.append(Pause(service: service.name, pause: pause))
        }
        for (place, hours) in station.resolved.hours.enumerated() {
            for change in station.schedules.changes(of: place) {
                changes.append(Change(hours: hours.name, change: change))
            }
        }
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station, at now: Instant) {
        for (place, service) in station.resolved.services.enumerated() {
            guard let kept = pauses.first(where: { $0.service == service.name }) else { continue }
            station.recalled(kept.pause, of: place, at: now)
        }
        for (place, hours) in station.resolved.hours.enumerated() {
            let kept = changes.filter { $0.hours == hours.name }.map(\.change)
            station.recalled(kept, ofHours: place, at: now)
        }
    }

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        precondition(pauses.count <= Self.pauseLimit && changes.count <= Self.changeLimit)
        bytes.append(UInt8(pauses.count))
        for kept in pauses {
            BoxMemory.append(kept.service, to: &bytes)
            bytes.append(kept.pause.reason.rawValue)
            bytes.append(bigEndian: kept.pause.until?.milliseconds ?? 0)
        }
        bytes.append(UInt8(changes.count))
        for kept in changes {
            BoxMemory.append(kept.hours, to: &bytes)
            switch kept.change {
            case .today(let date, let hours):
                bytes.append(Self.today)
                bytes.append(bigEndian: Int32(clamping: date.dayNumber))
                let spans = hours.spans.prefix(DayHours.limit)
                bytes.append(UInt8(spans.count))
                for span in spans {
                    bytes.append(bigEndian: UInt16(clamping: span.start))
                    bytes.append(bigEndian: UInt16(clamping: span.end))
                }
            case .severeWeather(let until):
                bytes.append(Self.severeWeather)
                bytes.append(bigEndian: until.milliseconds)
            }
        }
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        self.init()
        guard let count: UInt8 = rest.take(), count <= Self.pauseLimit else { return nil }
        for _ in 0..<count {
            guard let service = rest.takeName(),
                let reason = rest.take().flatMap({ (raw: UInt8) in PauseReason(rawValue: raw) }),
                let until: Int64 = rest.take()
            else { return nil }
            let end = until == 0 ? nil : WallTime(milliseconds: until)
            pauses.append(Pause(service: service, pause: ServicePause(reason, until: end)))
        }
        guard let count: UInt8 = rest.take(), count <= Self.changeLimit else { return nil }
        for _ in 0..<count {
            guard let hours = rest.takeName(), let change = Self.change(&rest) else { return nil }
            changes.append(Change(hours: hours, change: change))
        }
    }

    private static func change(_ rest: inout ArraySlice<UInt8>) -> HoursChange? {
        guard let kind: UInt8 = rest.take() else { return nil }
        switch kind {
        case today:
            guard let day: Int32 = rest.take(), let count: UInt8 = rest.take(),
                count <= DayHours.limit
            else { return nil }
            var spans: [DaySpan] = []
            for _ in 0..<count {
                guard let start: UInt16 = rest.take(), let end: UInt16 = rest.take(),
                    let span = DaySpan(start: Int(start), end: Int(end))
                else { return nil }
                spans.append(span)
            }
            return .today(CivilDate(dayNumber: Int(day)), DayHours(spans))
        case severeWeather:
            guard let until: Int64 = rest.take() else { return nil }
            return .severeWeather(until: WallTime(milliseconds: until))
        default: return nil
        }
    }
}

/// The newest decisions that entries tell of.
struct DecisionFacts: Sendable {
    /// By service; a place without a pause: it was resumed.
    private(set) var pauses: [Int: ServicePause?] = [:]
    /// By set of hours, oldest first; `nil` among them: what was before is taken back.
    private(set) var changes: [Int: [HoursChange?]] = [:]

    /// Takes a part's step; `words` are its payload, cut at quotes.
    mutating func take(_ step: ServiceStep, of service: Int, _ words: [Substring], _ text: String) {
        switch step {
        case .unpaused: pauses[service] = .some(nil)
        case .paused:
            guard words.count > 15, words[13] == "reason",
                let reason = PauseReason.allCases.first(where: { $0.name == words[15] })
            else { return }
            let until = Recollection.number("untilMilliseconds", in: text)
            pauses[service] = ServicePause(reason, until: until.map { WallTime(milliseconds: $0) })
        default: break
        }
    }

    /// `{"hours":"…","change":"…"` and what goes with it.
    mutating func takeHours(_ payload: String, _ names: EntryNames) {
        let words = payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 7, words[1] == "hours", words[5] == "change",
            let place = names.hours.firstIndex(where: { $0 == words[3] })
        else { return }
        switch words[7] {
        case "planned": changes[place] = [nil]
        case "today":
            guard words.count > 15, words[9] == "date", words[13] == "open",
                let date = CivilDate(String(words[11])),
                let hours = try? DayHours(text: String(words[15]))
            else { return }
            replace(.today(date, hours), of: place)
        case "severeWeather":
            guard let until = Recollection.number("untilMilliseconds", in: payload) else { return }
            replace(.severeWeather(until: WallTime(milliseconds: until)), of: place)
        default: break
        }
    }

    /// One of each kind.
    private mutating func replace(_ change: HoursChange, of place: Int) {
        changes[place, default: []].removeAll { older in
            switch (older, change) {
            case (.today, .today), (.severeWeather, .severeWeather): true
            default: false
            }
        }
        changes[place, default: []].append(change)
    }

    func teach(_ station: inout Station, at now: Instant) {
        for place in station.resolved.services.indices {
            if let pause = pauses[place] { station.recalled(pause, of: place, at: now) }
        }
        for place in station.resolved.hours.indices {
            if let changes = changes[place] {
                station.recalled(changes, ofHours: place, at: now)
            }
        }
    }
}
