// The station that an activation restarts, as it looks from the control socket.

import Control
import Glibc
import Profiles
import StationCore

/// Where systemd runs it restarts the station of its unit, which answers at the usual socket; any
/// other ends by itself when asked, and whoever started it starts it again.
struct RunningStation: StationService {
    let path: String
    let digest: String
    /// Restart even if somebody comes after it was asked who is being served.
    private var isUrgent: Bool
    /// Nobody runs and nobody restarts: what was put in place runs with the next start.
    private(set) var isAbsent = false

    init(path: String, digest: String, isUrgent: Bool) {
        self.path = path
        self.digest = digest
        self.isUrgent = isUrgent
    }

    private func station() -> StationRecord? {
        guard var client = try? ControlClient(path: path, timeoutMilliseconds: 2_000) else {
            return nil
        }
        return try? client.call(GetStation.self).station
    }

    /// Doors where somebody is let through at this moment, or waits for the journal to be.
    mutating func sessionsInProgress() -> Int? { station().map { $0.doors.count(where: \.inUse) } }

    mutating func restart() throws(ActivationError) {
        if path == ControlClient.defaultPath, let unit = SystemdUnit.find() {
            return try unit.restart()
        }
        var client: ControlClient
        do {
            client = try ControlClient(path: path)
        } catch .unreachable(_, let number) where number == ENOENT || number == ECONNREFUSED {
            isAbsent = true
            return
        } catch {
            throw .noRoute
        }
        do {
            _ = try client.call(Activate.self, Activate.Parameters(digest: digest, now: isUrgent))
            // If this one has to be taken back, nobody waits for it.
            isUrgent = true
        } catch .closed {
            // It ended before its reply was read: that is what was wanted.
        } catch {
            throw .restartFailed(
                chinese: Catalogue(language: .chinese).text(error),
                english: Catalogue(language: .english).text(error))
        }
    }

    mutating func isReady(digest: String, withinSeconds seconds: Int) -> Bool {
        if isAbsent { return true }
        for attempt in 0...(seconds * 10) {
            if attempt > 0 { poll(nil, 0, 100) }
            if let station = station(), station.configuration == digest, station.ready {
                return true
            }
        }
        return false
    }
}
