// The end of a run: doors secured, devices there, and a journal that proves itself.

public import EventLoop
import Journal
public import StationCore

extension Inspector {
    /// After the faults stopped and time enough went by.
    public func converged(_ station: borrowing Station, plant: VirtualPlant, at now: Instant) {
        for (place, door) in station.doorStates.enumerated() {
            let id = DoorID(place)
            let mayStandFree =
                door.standingMode == .unlocked && hours.explains(unlocked: true, id, at: now)
            if !mayStandFree, !door.isSecured || plant.isFree(id) {
                tell(.notConverged, at: now, "\(words.door(id)) is not secured")
            }
            if door.isClosed == false { tell(.notConverged, at: now, "\(words.door(id)) is open") }
        }
        for (place, device) in station.deviceHealth.enumerated() {
            let name = words.device(DeviceID(place))
            if !device.isAttached { tell(.notConverged, at: now, "\(name) is not attached") }
            for fault in device.faults
            where fault.fault != .guardStands || !Self.waitsForPerson(place, station) {
                tell(.notConverged, at: now, "\(name) still has \(fault.fault.name)")
            }
        }
        for left in plant.services?.unsecured ?? [] { tell(.neverSecured, at: now, left) }
        if station.standingModes != keptModes {
            tell(.notConverged, at: now, "the snapshot has \(keptModes.map(\.name))")
        }
        if station.journalState != .open {
            tell(.notConverged, at: now, "the journal is \(station.journalState.rawValue)")
        }
        for fault in station.faults
        where fault.fault != .journalSlow || station.waitsForJournal {
            tell(.notConverged, at: now, "the station still has \(fault.fault.name)")
        }
        if !station.waitsForJournal, grantsSinceCalm > CommitBarrier.commitsToTrust + 2 {
            tell(.notConverged, at: now, "grants do not wait for the journal again")
        }
        // What boxes on buses measure is written all the time.
        let waiting = (0..<station.outbox.count).count {
            station.outbox[$0].at + .seconds(5) < now
        }
        if waiting > 0 { tell(.notConverged, at: now, "\(waiting) entries wait") }
    }

    /// What latched stands until somebody looks, and nobody comes here: it has to be safe by then.
    private static func waitsForPerson(_ device: Int, _ station: borrowing Station) -> Bool {
        let guards = station.resolved.devices[device].driver.guards
        return station.guardStates.allSatisfy { state in
            Int(state.device.index) != device || state.since == nil
                || guards[state.rule].isLatching
                    && (state.isSecured || state.isUnseen || !state.acts)
        }
    }

    /// Every entry there, in order, each sealed to the one before.
    ///
    /// - Returns: how many entries there are.
    public func verified(
        _ journal: InlineJournal, counters: borrowing Counters, at now: Instant
    ) -> Int {
        do throws(JournalError) {
            let verification = try journal.verify()
            if let broken = verification.broken {
                tell(
                    .journalBroken, at: now, "\(broken.fault.rawValue) at \(broken.sequence)")
            }
            let entries = try journal.readAll()
            for (place, entry) in entries.enumerated() where entry.sequence != UInt64(place + 1) {
                tell(.journalBroken, at: now, "sequence \(entry.sequence) at place \(place + 1)")
                break
            }
            try counted(journal, entries, at: now)
            let lost = journal.metrics.lost
            let grants = entries.count {
                $0.kind == "access.granted" || $0.kind == "access.passGranted"
            }
            if lives <= 1, lost == 0, counters.entriesLost == 0, UInt64(grants) != counters.grants {
                tell(
                    UInt64(grants) < counters.grants ? .entriesMissing : .entriesDoubled, at: now,
                    "\(grants) grants written, \(counters.grants) made")
            }
            let expected = (journal.found ?? 0) + journal.taken - UInt64(journal.waiting)
            if UInt64(entries.count) + lost < expected {
                tell(
                    .entriesMissing, at: now,
                    "\(entries.count) written and \(lost) lost of \(expected)")
            }
            return entries.count
        } catch {
            tell(.journalBroken, at: now, "\(error)")
            return 0
        }
    }
}
