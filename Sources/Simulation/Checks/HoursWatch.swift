// Whether doors follow their hours, by a slow and plain reading of the same hours.

import EventLoop
import StationCore

/// What the hours say at the time that the station was told, minute by minute.
struct HoursWatch {
    private let station: ResolvedStation
    private var calendar: Calendar?

    init(_ station: ResolvedStation) { self.station = station }

    /// The station was told what the clock shows.
    mutating func observed(_ calendar: Calendar) { self.calendar = calendar }

    /// Whether the hours of a door are a reason to unlock it, or to lock it.
    func explains(unlocked: Bool, _ door: DoorID, at now: Instant) -> Bool {
        guard let place = station.doors[Int(door.index)].unlockHours, let calendar else {
            return false
        }
        let hours = station.hours[place].hours
        guard calendar.isTrusted else { return hours.whenClockUnknown == unlocked }
        let seconds = calendar.wallTime(at: now).seconds + Int64(calendar.utcOffset)
        return isOpen(hours, at: seconds) == unlocked
    }

    /// Open when a stretch of that day, or of the day before it, covers the second.
    private func isOpen(_ hours: OpeningHours, at seconds: Int64) -> Bool {
        let date = CivilDate(localSeconds: seconds)
        return [date.adding(days: -1), date].contains { day in
            let midnight = Int64(day.dayNumber) * 86_400
            return hours.day(day, station.holidays).0.spans.contains { span in
                midnight + Int64(span.start) * 60 <= seconds
                    && seconds < midnight + Int64(span.end) * 60
            }
        }
    }
}
