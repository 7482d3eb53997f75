// One connection to the station's socket, opened when it is needed.

import Control
import NIOConcurrencyHelpers
import NIOCore

/// Asks one question at a time and blocks its thread for the answer.
///
/// A connection that broke while it lay idle is replaced once per question: the station may have
/// been restarted since. All questions only read, so asking twice is harmless.
final class StationLine: @unchecked Sendable {
    private let path: String
    /// Guards everything below.
    private let lock = NIOLock()
    private var client: ControlClient?
    /// Whose socket it is, asked once per connection.
    private var station = ""

    init(path: String) { self.path = path }

    /// - Parameter body: asks; gets the connection and the station's id.
    func ask<Answer>(
        _ body: (inout ControlClient, String) throws(ControlFailure) -> Answer
    ) -> Result<Answer, ControlFailure> {
        lock.lock()
        defer { lock.unlock() }
        let wasOpen = client != nil
        switch attempt(body) {
        case .success(let answer): return .success(answer)
        case .failure(.closed) where wasOpen: return attempt(body)
        case .failure(let failure): return .failure(failure)
        }
    }

    private func attempt<Answer>(
        _ body: (inout ControlClient, String) throws(ControlFailure) -> Answer
    ) -> Result<Answer, ControlFailure> {
        do throws(ControlFailure) {
            var opened: ControlClient
            if let open = client.take() { opened = open } else { opened = try open() }
            do throws(ControlFailure) {
                let answer = try body(&opened, station)
                client = consume opened
                return .success(answer)
            } catch {
                // After an error that the station sent, the connection is as good as before.
                if case .refused = error { client = consume opened }
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    private func open() throws(ControlFailure) -> ControlClient {
        let patience = Int(GatewayLimits.answer.nanoseconds / 1_000_000)
        var opened = try ControlClient(path: path, timeoutMilliseconds: patience)
        station = try opened.call(GetStation.self).station.id
        return opened
    }
}
