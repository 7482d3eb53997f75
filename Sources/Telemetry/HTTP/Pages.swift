// What each path says.

import Control
import HTTPTypes
import NIOCore
import StationCore

/// Makes the answers; knows nothing of connections, tokens and rates.
struct Pages: Sendable {
    static let batchType = "application/cloudevents-batch+json"
    static let envelopeType = "application/json"

    let source: any StationSource
    let feed: EventFeed
    let measures: GatewayMeasures

    /// - Parameter presence: finds out how to notice that the client leaves.
    /// - Returns: the answer, and how long it waited for something to happen.
    func answer(
        _ route: Route, _ query: Query, accept: Accept,
        presence: () async -> ClientPresence?
    ) async throws(Problem) -> (Answer, waited: TimeAmount) {
        switch route {
        case .events: try await events(query, accept, presence)
        case .station: (try .json(try await page()), .zero)
        case .devices: (try .json(DeviceList(devices: try await devices())), .zero)
        case .device(let name): (try await device(name), .zero)
        case .usage: (try await usage(query), .zero)
        case .command(let id): (try await command(id), .zero)
        // What is brought there goes to `take`.
        case .commands: throw .methodNotAllowed(route.methods)
        case .roster: (try .json(try await roster()), .zero)
        case .metrics: (try await metrics(accept), .zero)
        case .alive: (try .json(Alive()), .zero)
        case .ready: (try await ready(), .zero)
        case .description: (description(), .zero)
        }
    }

    // MARK: Events

    private func events(
        _ query: Query, _ accept: Accept, _ presence: () async -> ClientPresence?
    ) async throws(Problem) -> (Answer, waited: TimeAmount) {
        let wanted = try EventFeed.Wanted(query)
        let types = [Self.batchType, Self.envelopeType]
        guard let type = accept.best(of: types) else { throw .notAcceptable(types) }
        let client = wanted.wait > 0 ? await presence() : nil
        let (batch, waited) = try await feed.batch(wanted, presence: client)
        measures.sent(batch)
        let isBatch = type == Self.batchType
        var answer = Answer(type: type, isBatch ? batch.batch : batch.envelope)
        answer.headers = batch.fields
        return (answer, waited)
    }

    // MARK: The station and its devices

    private struct DeviceList: Encodable { var devices: [DeviceRecord] }
    private struct Alive: Encodable { var alive = true }
    private struct Ready: Encodable {
        var ready = true
        var station: String
    }

    private func station() async throws(Problem) -> StationRecord {
        do throws(ControlFailure) { return try await source.station() } catch {
            throw Problem(error)
        }
    }

    private func page() async throws(Problem) -> StationPage {
        var page = StationPage(station: try await station())
        do throws(ControlFailure) { page.offer = try await source.offer() } catch {
            // It is updated apart from us.
            if case .refused(.methodNotFound) = error { return page }
            throw Problem(error)
        }
        return page
    }

    private func roster() async throws(Problem) -> RosterPage {
        let station = try await station()
        return RosterPage(station: station.id, station.roster)
    }

    private func devices() async throws(Problem) -> [DeviceRecord] {
        do throws(ControlFailure) { return try await source.devices() } catch {
            throw Problem(error)
        }
    }

    private func device(_ name: String?) async throws(Problem) -> Answer {
        guard let name else { throw .brokenEscape("/v1/devices/...") }
        let devices = try await devices()
        guard let device = devices.first(where: { $0.name == name }) else {
            throw .noSuchDevice(name, known: devices.map(\.name))
        }
        return try .json(device)
    }

    private func ready() async throws(Problem) -> Answer {
        let station = try await station()
        guard station.ready else { throw .notReady(station) }
        return try .json(Ready(station: station.id))
    }

    // MARK: Usage

    private func usage(_ query: Query) async throws(Problem) -> Answer {
        let question = try UsageQuestion(query)
        let reply: ListUsage.Reply
        do throws(ControlFailure) { reply = try await source.usage(question) } catch {
            throw Problem(error)
        }
        let body = JSONText.encode(reply)
        guard body.count <= GatewayLimits.response else { throw .tooMuchUsage() }
        return Answer(type: Self.envelopeType, body)
    }

    // MARK: Commands

    /// Carries a hub's command to the station, and back what became of it.
    func take(command body: [UInt8]) async throws(Problem) -> Answer {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw Problem(.refused(.commandRefused(ControlReason(.notACommand))))
        }
        let command: CommandRecord
        do throws(ControlFailure) { command = try await source.run(command: text) } catch {
            throw Problem(error)
        }
        return try .json(command)
    }

    private func command(_ id: String?) async throws(Problem) -> Answer {
        guard let id else { throw .brokenEscape("/v1/commands/...") }
        let command: CommandRecord
        do throws(ControlFailure) { command = try await source.command(id) } catch {
            throw Problem(error)
        }
        return try .json(command)
    }

    // MARK: Metrics and the description

    private func metrics(_ accept: Accept) async throws(Problem) -> Answer {
        var ofStation: [MetricRecord]?
        do throws(ControlFailure) { ofStation = try await source.metrics() } catch {}
        let format = Exposition.Format(accept)
        let all = (ofStation ?? []) + measures.records(isStationUp: ofStation != nil)
        let text = Exposition.text(all, format)
        guard text.count <= GatewayLimits.response else { throw .tooLong() }
        return Answer(type: format.mediaType, text)
    }

    private func description() -> Answer {
        var answer = Answer(type: "application/json", Array(OpenAPI.document.utf8))
        answer.headers[.cacheControl] = "max-age=300"
        return answer
    }
}

extension EventBatch {
    /// What the batch's context is called in the response's header fields.
    enum Field {
        static let station = "station-id"
        static let store = "station-store"
        static let oldest = "station-oldest"
        static let newest = "station-newest"
        static let next = "station-next"
        static let tombstones = "station-tombstones"
    }

    fileprivate var fields: HTTPFields {
        var fields = HTTPFields()
        let values = [
            (Field.station, percentEncoded(station)), (Field.store, store),
            (Field.oldest, String(oldest)), (Field.newest, String(newest)), (Field.next, next),
            (Field.tombstones, String(tombstones)),
        ]
        for (name, value) in values {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }
}
