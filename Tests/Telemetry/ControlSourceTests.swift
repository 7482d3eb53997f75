// The whole way: a real control server on a real socket, the blocking client, the pages.

import Control
import Glibc
import HTTPTypes
import HummingbirdTesting
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Telemetry

@Suite struct `A gateway on a station's socket` {
    /// Runs a test against a gateway that reads a socket; `heard` is what its follower told.
    private func withSocket(
        _ station: SocketStation,
        _ test:
            @Sendable (any TestClientProtocol, ControlSource, NIOLockedValueBox<[String]>)
            async throws -> Void
    ) async throws {
        let heard = NIOLockedValueBox<[String]>([])
        let source = ControlSource(path: station.path) { news in
            heard.withLockedValue { heard in
                switch news {
                case .reached(let id): heard.append("reached " + id)
                case .away: heard.append("away")
                }
            }
        }
        let listen = try #require(ListenAddress("127.0.0.1:0"))
        let group = MultiThreadedEventLoopGroup.singleton
        let gateway = Gateway(
            source: source,
            settings: try GatewaySettings(listen: listen, tokens: nil, version: "test"),
            loop: group.any())
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await source.run() }
            try await gateway.application(group: group).test(.router) { client in
                try await test(client, source, heard)
            }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    @Test func `carries a roster to the station as an open file`() async throws {
        let station = try SocketStation()
        try station.start()
        defer { station.stop() }
        try await withSocket(station) { _, source, heard in
            await eventually("the station is reached") {
                !heard.withLockedValue(\.isEmpty)
            }
            let page = try await source.apply(roster: try roster("a signed roster"))
            #expect(page.version == 15 && page.station == "socket-station")
            await #expect(
                throws: ControlFailure.refused(.badRoster(ControlReason(.notABundle)))
            ) { try await source.apply(roster: try roster("")) }
        }
    }

    private func roster(_ text: String) throws -> PassedFile {
        var template = Array("/tmp/roster-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        unlink(template)
        let file = PassedFile(owning: descriptor)
        try #require(write(descriptor, text, text.utf8.count) == text.utf8.count)
        return file
    }

    @Test func `says what the station says`() async throws {
        let station = try SocketStation()
        try station.start()
        defer { station.stop() }
        station.write(700)
        try await withSocket(station) { client, _, _ in
            let events = try await client.get("/v1/events?after=s1:100&limit=500")
            #expect(try events.sequences() == Array(101...600))
            #expect(events.field("station-next") == "s1:600")
            let event = try events.json()[0]
            #expect(event?["source"]?.text == "/station/socket-station/s1")
            #expect(event?["data"]?["door"]?.text == "door")

            let about = try await client.get("/v1/station").json()
            #expect(about["id"]?.text == "socket-station")
            #expect(about["services"]?.list.isEmpty == true && about["hours"] != nil)
            let devices = try await client.get("/v1/devices").json()
            #expect(devices["devices"]?.list.count == 2)
            let metrics = try await client.get("/metrics").text
            #expect(metrics.contains("stationd_journal_sequence 700\n"))
            #expect(metrics.contains("station_gateway_station_up 1\n"))
            let ready = try await client.get("/readyz")
            #expect(ready.status == .ok)
            let gone = try await client.get("/v1/events?after=old:5")
            #expect(gone.status == .gone)
        }
    }

    @Test func `passes on what is written to everybody who waits`() async throws {
        let station = try SocketStation()
        try station.start()
        defer { station.stop() }
        station.write(1)
        try await withSocket(station) { client, source, _ in
            try await withThrowingTaskGroup(of: [Int64].self) { waiting in
                for _ in 0..<5 {
                    waiting.addTask {
                        try await client.get("/v1/events?after=s1:1&wait=30").sequences()
                    }
                }
                await eventually("five wait") { source.watch.waiting == 5 }
                await eventually("the follower is there") { source.watch.newest != nil }
                station.write(2)
                // The first wake-up may come between the two entries of other requests' reads.
                for try await sequences in waiting { #expect(sequences == [2, 3]) }
            }
        }
    }

    @Test func `outlives its station and finds it again`() async throws {
        let station = try SocketStation()
        try await withSocket(station) { client, source, heard in
            let early = try await client.get("/v1/station")
            #expect(early.status == .serviceUnavailable)
            #expect(early.problem == "station-away")
            await eventually("it is told once") { heard.withLockedValue { $0 == ["away"] } }

            try station.start()
            station.write(3)
            await eventually("the station is found") { source.watch.newest?.sequence == 3 }
            let events = try await client.get("/v1/events")
            #expect(try events.sequences() == [1, 2, 3])

            async let waiting = client.get("/v1/events?after=s1:3&wait=30")
            await eventually("one waits") { source.watch.waiting == 1 }
            station.stop()
            let broken = try await waiting
            #expect(broken.status == .serviceUnavailable)

            // Restarted: the connections of the threads are dead, their questions still answered.
            try station.start()
            station.write(1)
            await eventually("it is found again") { source.watch.newest?.sequence == 4 }
            for _ in 0..<4 {
                let again = try await client.get("/v1/events?after=s1:3")
                #expect(try again.sequences() == [4])
            }
            #expect(
                heard.withLockedValue { $0 }
                    == [
                        "away", "reached socket-station", "away", "reached socket-station",
                    ])
            station.stop()
        }
    }

    @Test func `follows a store that replaces the one before`() async throws {
        let station = try SocketStation()
        try station.start()
        defer { station.stop() }
        station.write(2)
        try await withSocket(station) { client, source, _ in
            await eventually("it is there") { source.watch.newest?.store == "s1" }
            station.replaceStore()
            station.write(1)
            await eventually("it follows") { source.watch.newest?.store == "s2" }
            let old = try await client.get("/v1/events?after=s1:2&wait=30")
            #expect(old.status == .gone)
            #expect(try old.json()["next"]?.text == "s2:0")
        }
    }
}
