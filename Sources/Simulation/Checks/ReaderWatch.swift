// Readers on channels: found again in time, and missed when they are away.

import EventLoop
import StationCore

/// Looks at every reader on a channel, tick by tick.
struct ReaderWatch {
    /// A reader as it really is.
    struct Reader {
        var device: DeviceID
        var unpluggedAt: Instant?
        /// The station asks it for cards.
        var isWatched: Bool
        /// Its mischief is the reason for whatever is missing.
        var isExplained: Bool
        /// Its light and sound on the board's lines are there.
        var hasItsLines: Bool
    }

    /// How often it looks.
    static let period = Interval.milliseconds(50)
    /// A reader whose plug is out is missed within this, a late loop allowed for.
    static let notice = Interval.milliseconds(200)
    /// Plugged in and well for so long, a reader is asked for cards.
    static let ready = Interval.milliseconds(200)

    /// Since when each device has been well and unwatched.
    private var idleSince: [Instant?]
    private var isTold: [Bool]
    private var bornAt = Instant(nanoseconds: 0)

    init(devices: Int) {
        idleSince = Array(repeating: nil, count: devices)
        isTold = Array(repeating: false, count: devices)
    }

    mutating func restarted(at now: Instant) {
        bornAt = now
        for place in idleSince.indices { idleSince[place] = nil }
    }

    /// What is wrong: a reader, and which rule it breaks.
    mutating func look(
        _ readers: [Reader], _ health: [DeviceHealth], at now: Instant
    ) -> [(DeviceID, Violation.Rule)] {
        var found: [(DeviceID, Violation.Rule)] = []
        for reader in readers {
            let place = Int(reader.device.index)
            if let fault = judge(reader, health[place], at: now) {
                if !isTold[place] { found.append((reader.device, fault)) }
                isTold[place] = true
            } else {
                isTold[place] = false
            }
        }
        return found
    }

    private mutating func judge(
        _ reader: Reader, _ health: DeviceHealth, at now: Instant
    ) -> Violation.Rule? {
        let place = Int(reader.device.index)
        if let gone = reader.unpluggedAt {
            idleSince[place] = nil
            let isMissed = !health.isAttached && !health.faults.isEmpty
            return max(gone, bornAt) + Self.notice < now && !isMissed ? .absenceUntold : nil
        }
        guard !reader.isExplained, reader.hasItsLines, !(reader.isWatched && health.isAttached)
        else {
            idleSince[place] = nil
            return nil
        }
        let since = idleSince[place] ?? now
        idleSince[place] = since
        let limit = since == now || bornAt + .seconds(2) > now ? now : since + Self.ready
        return limit < now ? .readerNotBack : nil
    }
}
