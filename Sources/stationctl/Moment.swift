// A time as a person says it: `22:00` is the next time that the station's clock shows it.

import ArgumentParser
import Control
import StationCore

struct Moment: Equatable {
    private enum Day: Equatable {
        case next
        case date(CivilDate)
    }

    private let day: Day
    /// Of the day, 0 to 1440.
    private let minute: Int

    /// Reads `22:00` and `2026-10-01T22:00`; between date and time a space will do.
    init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard let time = parts.last, (1...2).contains(parts.count),
            // A stretch from midnight on ends at that time.
            let minute = time == "00:00" || time == "0:00" ? 0 : DaySpan("0:00-\(time)")?.end
        else { return nil }
        self.minute = minute
        guard parts.count == 2 else {
            day = .next
            return
        }
        guard let date = CivilDate(String(parts[0])) else { return nil }
        day = .date(date)
    }

    /// In milliseconds since 1970.
    func milliseconds(by clock: ClockRecord) -> Int64 {
        let offset = Int64(clock.utcOffset)
        let local = clock.wall / 1_000 + offset
        func seconds(_ date: CivilDate) -> Int64 {
            (Int64(date.dayNumber) * 1_440 + Int64(minute)) * 60
        }
        let found: Int64
        switch day {
        case .date(let date): found = seconds(date)
        case .next:
            let today = CivilDate(localSeconds: local)
            let first = seconds(today)
            found = first > local ? first : seconds(today.adding(days: 1))
        }
        return (found - offset) * 1_000
    }
}

/// Until when something holds.
struct UntilOption: ParsableArguments {
    @Option(
        name: .long,
        help: "到几点，如 22:00 或 2026-10-01T08:00 / Until then.", transform: UntilOption.moment)
    var until: Moment?

    static func moment(_ text: String) throws -> Moment {
        guard let moment = Moment(text) else {
            throw ValidationError("\(text): 应写成 write 22:00 或 or 2026-10-01T08:00")
        }
        return moment
    }

    /// By the station's clock, not by ours.
    func milliseconds(_ client: inout ControlClient) throws(Problem) -> Int64? {
        guard let until else { return nil }
        do {
            return until.milliseconds(by: try client.call(GetStation.self).station.clock)
        } catch {
            throw .station(error)
        }
    }
}
