// Long polls, in virtual time: nobody waits in these tests.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import Testing

@testable import Telemetry

@Suite struct `A request that waits` {
    @Test func `gets an entry as soon as it is written, and nobody else waits`() async throws {
        let source = StandInStation(entries: 2)
        let loop = NIOAsyncTestingEventLoop()
        try await withGateway(source, loop: loop) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }

            #expect(try await client.get("/v1/station").status == .ok)

            source.write()
            let response = try await waiting
            #expect(try response.sequences() == [3])
            #expect(response.field("station-next") == "a1b2:3")
        }
    }

    @Test func `gets an empty batch when its time is up`() async throws {
        let source = StandInStation(entries: 2)
        let loop = NIOAsyncTestingEventLoop()
        try await withGateway(source, loop: loop) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }

            await loop.advanceTime(by: .seconds(29))
            #expect(source.watch.waiting == 1)
            await loop.advanceTime(by: .seconds(1))

            let response = try await waiting
            #expect(response.status == .ok)
            #expect(response.text == "[]")
            #expect(response.field("station-next") == "a1b2:2")
        }
    }

    @Test func `does not wait when there is something already`() async throws {
        let source = StandInStation(entries: 2)
        let response = try await withGateway(source, loop: NIOAsyncTestingEventLoop()) {
            try await $0.get("/v1/events?wait=30")
        }
        #expect(try response.sequences() == [1, 2])
    }

    @Test func `asks again when the journal grew but had nothing for it`() async throws {
        let source = StandInStation(entries: 2)
        let loop = NIOAsyncTestingEventLoop()
        try await withGateway(source, loop: loop) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }

            // The follower is ahead of what a reader gets.
            source.watch.saw(EntryCursor(store: "a1b2", sequence: 3))
            source.write()
            let response = try await waiting
            #expect(try response.sequences() == [3])
        }
    }

    @Test func `is told that the station went away`() async throws {
        let source = StandInStation(entries: 2)
        try await withGateway(source, loop: NIOAsyncTestingEventLoop()) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }

            source.watch.lost()
            let response = try await waiting
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem == "station-away")
            #expect(response.headers[.retryAfter] == "2")
        }
    }

    @Test func `is told that its store was replaced`() async throws {
        let source = StandInStation(entries: 2)
        try await withGateway(source, loop: NIOAsyncTestingEventLoop()) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }

            source.change { $0.store = "new" }
            source.tell()
            let response = try await waiting
            #expect(response.status == .gone)
        }
    }

    @Test func `gets what there is when the gateway is told to stop`() async throws {
        let source = StandInStation(entries: 2)
        try await withGateway(source, loop: NIOAsyncTestingEventLoop()) { client async throws in
            async let waiting = client.get("/v1/events?after=a1b2:2&wait=30")
            await eventually("the request waits") { source.watch.waiting == 1 }
            source.watch.stop()
            let response = try await waiting
            #expect(response.text == "[]")
        }
    }

    @Test func `finds a place among 32, and is told when there is none`() async throws {
        let source = StandInStation(entries: 2)
        try await withGateway(source, loop: NIOAsyncTestingEventLoop()) { client async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<GatewayLimits.waits {
                    group.addTask {
                        let response = try await client.get("/v1/events?after=a1b2:2&wait=30")
                        return try response.sequences().count
                    }
                }
                await eventually("32 requests wait") {
                    source.watch.waiting == GatewayLimits.waits
                }
                let refused = try await client.get("/v1/events?after=a1b2:2&wait=30")
                #expect(refused.status == .serviceUnavailable)
                #expect(refused.problem == "too-many-waits")
                let atOnce = try await client.get("/v1/events?after=a1b2:2&wait=0")
                #expect(atOnce.status == .ok)

                source.write()
                for try await count in group { #expect(count == 1) }
            }
            #expect(source.watch.waiting == 0)
            async let another = client.get("/v1/events?after=a1b2:3&wait=30")
            await eventually("the places are free again") { source.watch.waiting == 1 }
            source.write()
            let response = try await another
            #expect(response.status == .ok)
        }
    }
}

@Suite struct `The watch over the journal` {
    let here = EntryCursor(store: "a", sequence: 5)

    @Test func `does not let anybody wait for what is there`() async {
        let watch = JournalWatch()
        watch.saw(EntryCursor(store: "a", sequence: 6))
        let loop = NIOAsyncTestingEventLoop()
        #expect(await watch.wait(beyond: here, for: .seconds(1), on: loop) == .grew)
    }

    @Test func `wakes those only who get something`() async {
        let watch = JournalWatch()
        let loop = NIOAsyncTestingEventLoop()
        async let near = watch.wait(beyond: here, for: .seconds(1), on: loop)
        async let far = watch.wait(
            beyond: EntryCursor(store: "a", sequence: 9), for: .seconds(1), on: loop)
        await eventually("both wait") { watch.waiting == 2 }
        watch.saw(EntryCursor(store: "a", sequence: 6))
        #expect(await near == .grew)
        #expect(watch.waiting == 1)
        watch.lost()
        #expect(await far == .away)
    }

    @Test func `lets go of a client that leaves, even before the wait began`() async {
        let watch = JournalWatch()
        let loop = NIOAsyncTestingEventLoop()
        let presence = ClientPresence()
        async let news = watch.wait(
            beyond: here, for: .seconds(1), on: loop, presence: presence)
        await eventually("it waits") { watch.waiting == 1 }
        presence.leave()
        #expect(await news == .left)
        let again = await watch.wait(
            beyond: here, for: .seconds(1), on: loop, presence: presence)
        #expect(again == .left)
    }

    @Test func `lets go of a cancelled request`() async {
        let watch = JournalWatch()
        let loop = NIOAsyncTestingEventLoop()
        let here = here
        await withTaskGroup(of: JournalWatch.News.self) { group in
            group.addTask { await watch.wait(beyond: here, for: .seconds(1), on: loop) }
            await eventually("it waits") { watch.waiting == 1 }
            group.cancelAll()
            for await news in group { #expect(news == .left) }
        }
        #expect(watch.waiting == 0)
    }

    @Test func `counts how often the station was reached`() {
        let watch = JournalWatch()
        watch.saw(here)
        watch.saw(EntryCursor(store: "a", sequence: 6))
        #expect(watch.reconnects == 1)
        watch.lost()
        #expect(watch.newest == nil)
        watch.saw(here)
        #expect(watch.reconnects == 2)
    }
}

@Suite struct `The pause before another attempt` {
    @Test func `grows from the first to the last, at random and never beyond`() {
        for pick in [0, 1] {
            var backoff = Backoff(first: .milliseconds(100), last: .seconds(5))
            let pauses = (0..<8).map { _ in
                backoff.next { pick == 0 ? $0.lowerBound : $0.upperBound }
            }
            if pick == 0 {
                #expect(pauses == Array(repeating: .milliseconds(100), count: 8))
            } else {
                #expect(
                    pauses.prefix(4) == [
                        .milliseconds(300), .milliseconds(900), .milliseconds(2_700), .seconds(5),
                    ])
                #expect(pauses.last == .seconds(5))
            }
            backoff.reset()
            #expect(backoff.next { $0.upperBound } == .milliseconds(300))
        }
    }
}
