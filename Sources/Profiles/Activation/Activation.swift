// `stationctl activate`: put a resolved station in place, and take it back when it does not run.

/// Whoever starts and watches `stationd`: systemd, a parent process, or a test.
///
/// | method | answers | the caller's duty |
/// |---|---|---|
/// | `sessionsInProgress` | a count | above 0: wait, unless told to go on |
/// | `sessionsInProgress` | `nil`: the station does not answer | go on, nobody is being served |
/// | `restart` | returns | ask `isReady` |
/// | `restart` | throws | put the old station back, and restart unless that one still runs |
/// | `isReady` | true | done |
/// | `isReady` | false: not within the time | put the old station back and restart |
public protocol StationService {
    /// How many people a restart would cut off now.
    mutating func sessionsInProgress() -> Int?
    /// Makes `stationd` start again, on whatever `current` names.
    mutating func restart() throws(ActivationError)
    /// Waits until the station runs `digest` with its required outputs, at most so many seconds.
    mutating func isReady(digest: String, withinSeconds: Int) -> Bool
}

/// One attempt to run another resolved station.
public struct Activation: Sendable {
    /// A station that is not ready by then is taken back.
    public static let readySeconds = 30

    public enum Outcome: Equatable, Sendable {
        /// It was current already; nothing was restarted.
        case unchanged
        case activated
        /// The station did not become ready; the one before runs again, or did not come back.
        case returned(to: String?, isReady: Bool)
    }

    public let folder: ResolvedFolder

    public init(folder: ResolvedFolder) { self.folder = folder }

    /// Checks the file, switches `current`, restarts, and returns to what was before if the
    /// station is not ready in time.
    ///
    /// - Parameter now: restart even if somebody is being served.
    /// - Throws: before anything was switched, why not; after it, that nobody could restart: the
    ///   links are back as they were, and the old station was never stopped.
    public func run(
        digest: String, now: Bool, on service: inout some StationService
    ) throws(ActivationError) -> Outcome {
        _ = try folder.load(digest: digest)
        let (current, previous) = (folder.current, folder.previous)
        if current == digest, service.isReady(digest: digest, withinSeconds: 0) {
            return .unchanged
        }
        if !now, let sessions = service.sessionsInProgress(), sessions > 0 {
            throw .inUse(sessions: sessions)
        }
        try folder.switchCurrent(to: digest)
        do {
            try service.restart()
            if service.isReady(digest: digest, withinSeconds: Self.readySeconds) {
                folder.prune()
                return .activated
            }
            try folder.restore(current: current, previous: previous)
        } catch {
            try folder.restore(current: current, previous: previous)
            // A service manager says as well that it failed when the new station ended at once.
            guard let current, !service.isReady(digest: current, withinSeconds: 0) else {
                throw error
            }
        }
        guard let current, current != digest else {
            return .returned(to: nil, isReady: false)
        }
        try service.restart()
        return .returned(
            to: current,
            isReady: service.isReady(digest: current, withinSeconds: Self.readySeconds))
    }
}
