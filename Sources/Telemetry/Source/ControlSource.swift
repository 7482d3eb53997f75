// The real station: its unix socket, asked on threads of its own.

public import Control
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import ServiceLifecycle
public import StationCore

/// Asks `stationd` over its control socket.
///
/// The client blocks, so it has `GatewayLimits.workers` threads with a connection each, and one
/// more thread that follows the journal. They run while `run` does.
public final class ControlSource: StationSource, Service {
    /// What the follower finds out about the station.
    public enum News: Sendable {
        case reached(station: String)
        /// Told once, not at every attempt.
        case away(ControlFailure)
    }

    public let watch = JournalWatch()
    private let path: String
    private let workers = NIOThreadPool(numberOfThreads: GatewayLimits.workers)
    /// A roster takes its time, and no question waits behind it.
    private let carrier = NIOThreadPool(numberOfThreads: GatewayLimits.uploads)
    private let lines = ThreadSpecificVariable<StationLine>()
    private let questions = NIOLockedValueBox(0)
    private let follower: JournalFollower

    /// - Parameters:
    ///   - path: of the station's socket.
    ///   - tell: called on the follower's thread.
    public init(path: String, tell: @escaping @Sendable (News) -> Void = { _ in }) {
        self.path = path
        follower = JournalFollower(path: path, watch: watch, tell: tell)
    }

    /// Follows the journal until the service group shuts down.
    public func run() async throws {
        workers.start()
        carrier.start()
        follower.start()
        try? await gracefulShutdown()
        watch.stop()
        follower.stop()
        try await workers.shutdownGracefully()
        try await carrier.shutdownGracefully()
    }

    public func station() async throws(ControlFailure) -> StationRecord {
        try await ask { (client, _) throws(ControlFailure) in
            try client.call(GetStation.self).station
        }
    }

    public func offer() async throws(ControlFailure) -> StationOffer {
        try await ask { (client, _) throws(ControlFailure) in
            StationOffer(services: try client.services(), hours: try client.hours())
        }
    }

    public func devices() async throws(ControlFailure) -> [DeviceRecord] {
        try await ask { (client, _) throws(ControlFailure) in try client.devices() }
    }

    public func metrics() async throws(ControlFailure) -> [MetricRecord] {
        try await ask { (client, _) throws(ControlFailure) in try client.metrics() }
    }

    public func usage(
        _ question: UsageQuestion
    ) async throws(ControlFailure) -> ListUsage.Reply {
        try await ask { (client, _) throws(ControlFailure) in try client.usage(question) }
    }

    public func apply(roster file: PassedFile) async throws(ControlFailure) -> RosterPage {
        let path = path
        let result: Result<RosterPage, ControlFailure>
        do {
            result = try await carrier.runIfActive {
                Result { () throws(ControlFailure) in try Self.carry(file, to: path) }
            }
        } catch {
            throw .closed  // The pool has ended, or the request was cancelled.
        }
        return try result.get()
    }

    /// On a connection of its own: one that breaks is not tried again, for the roster may be in
    /// place already.
    private static func carry(
        _ file: PassedFile, to path: String
    ) throws(ControlFailure) -> RosterPage {
        let patience = Int(GatewayLimits.judgement.nanoseconds / 1_000_000)
        var client = try ControlClient(path: path, timeoutMilliseconds: patience)
        let station = try client.call(GetStation.self).station.id
        return RosterPage(station: station, try client.applyRoster(file.descriptor).roster)
    }

    public func run(command: String) async throws(ControlFailure) -> CommandRecord {
        try await ask { (client, _) throws(ControlFailure) in
            try client.call(RunCommand.self, RunCommand.Parameters(command: command)).command
        }
    }

    public func command(_ id: String) async throws(ControlFailure) -> CommandRecord {
        try await ask { (client, _) throws(ControlFailure) in
            try client.call(GetCommand.self, GetCommand.Parameters(id: id)).command
        }
    }

    public func entries(
        after: EntryCursor?, limit: Int
    ) async throws(ControlFailure) -> EntryPage {
        try await ask { (client, station) throws(ControlFailure) in
            let wanted = ReadEntries.Parameters(after: after, limit: limit)
            return EntryPage(
                station: station, reply: try client.call(ReadEntries.self, wanted))
        }
    }

    private func ask<Answer: Sendable>(
        _ body:
            @escaping @Sendable (inout ControlClient, String) throws(ControlFailure) -> Answer
    ) async throws(ControlFailure) -> Answer {
        let mayAsk = questions.withLockedValue { count in
            guard count < GatewayLimits.questions else { return false }
            count += 1
            return true
        }
        guard mayAsk else { throw .refused(.busy(what: "gateway")) }
        defer { questions.withLockedValue { $0 -= 1 } }
        let result: Result<Answer, ControlFailure>
        do {
            result = try await workers.runIfActive { self.line().ask(body) }
        } catch {
            throw .closed  // The pool has ended, or the request was cancelled.
        }
        return try result.get()
    }

    /// The connection of the worker's thread that calls.
    private func line() -> StationLine {
        if let line = lines.currentValue { return line }
        let line = StationLine(path: path)
        lines.currentValue = line
        return line
    }
}
