// Real connections: damaged requests, bodies, hosts, leaving clients.

import HTTPTypes
import HummingbirdTesting
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Telemetry

/// Sends bytes, then nothing more, and gives what came until the server closed.
func exchange(_ bytes: [UInt8], port: Int, thenEnd: Bool = true) async throws -> String {
    let received = Received()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Collector(received))
            }
        }
        .connect(host: "localhost", port: port).get()
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    if thenEnd { try? await channel.close(mode: .output).get() }
    try? await received.end(of: channel)
    try? await channel.close().get()
    return received.text
}

func exchange(_ text: String, port: Int) async throws -> String {
    try await exchange(Array(text.utf8), port: port)
}

private final class Received: Sendable {
    private let bytes = NIOLockedValueBox<[UInt8]>([])
    private let ended = NIOLockedValueBox<EventLoopPromise<Void>?>(nil)
    private let hasEnded = NIOLockedValueBox(false)

    var text: String { String(decoding: bytes.withLockedValue { $0 }, as: UTF8.self) }

    func append(_ buffer: ByteBuffer) {
        bytes.withLockedValue { $0 += buffer.readableBytesView }
    }

    func end() {
        hasEnded.withLockedValue { $0 = true }
        let promise = ended.withLockedValue { promise in
            defer { promise = nil }
            return promise
        }
        promise?.succeed()
    }

    func end(of channel: any Channel) async throws {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        ended.withLockedValue { $0 = promise }
        if hasEnded.withLockedValue({ $0 }) { end() }
        try await promise.futureResult.get()
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let received: Received

    init(_ received: Received) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.append(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { received.end() }
    }

    func channelInactive(context: ChannelHandlerContext) { received.end() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { received.end() }
}

@Suite struct `A connection` {
    private func live(
        _ source: StandInStation = StandInStation(entries: 3),
        _ test: @Sendable (any TestClientProtocol, Int) async throws -> Void
    ) async throws {
        try await application(source).test(.live) { client async throws in
            try await test(client, try #require(client.port))
            #expect(try await client.get("/healthz").status == .ok)
        }
    }

    @Test func `answers one request after the other`() async throws {
        try await live { _, port in
            let request = "GET /v1/events?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let answer = try await exchange(request + request, port: port)
            #expect(answer.components(of: "HTTP/1.1 200 OK") == 2)
            #expect(answer.components(of: "station-next: a1b2:1") == 2)
        }
    }

    @Test(arguments: [
        "NONSENSE\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nbad name: x\r\n\r\n",
    ])
    func `with bytes that are no request gets a problem and ends`(_ bytes: String) async throws {
        try await live { _, port in
            let answer = try await exchange(bytes, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer)")
            #expect(answer.contains("urn:stationd:problem:unreadable-request"))
        }
    }

    @Test func `with header fields beyond the limits gets a problem and ends`() async throws {
        let start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
        let requests = [
            start + "x: " + String(repeating: "a", count: 5_000) + "\r\n\r\n",
            start + String(repeating: "a: b\r\n", count: 100) + "\r\n",
            start
                + String(repeating: "a: " + String(repeating: "b", count: 3_000) + "\r\n", count: 8)
                + "\r\n",
            "GET /" + String(repeating: "a", count: 5_000) + " HTTP/1.1\r\n\r\n",
        ]
        try await live { _, port in
            for request in requests {
                let answer = try await exchange(request, port: port)
                #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
                #expect(answer.contains("urn:stationd:problem:headers-too-long"))
            }
        }
    }

    @Test(arguments: [
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Content-Length: 99999999999999\r\n\r\n",
    ])
    func `with a body gets a problem and ends`(_ rest: String) async throws {
        try await live { _, port in
            let answer = try await exchange(
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n" + rest, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
            #expect(answer.contains("urn:stationd:problem:body-not-taken"))
        }
    }

    @Test func `with a command that is too long gets a problem and ends`() async throws {
        try await live { _, port in
            let answer = try await exchange(
                "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4097\r\n\r\n",
                port: port)
            #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
            #expect(answer.contains("urn:stationd:problem:body-too-long"))
        }
    }

    @Test func `that means another host is not answered without tokens`() async throws {
        try await live { _, port in
            let answer = try await exchange(
                "GET /v1/station HTTP/1.1\r\nHost: rebound.example:8480\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 421 "), "\(answer)")
            #expect(answer.contains("urn:stationd:problem:wrong-host"))
        }
    }

    @Test func `whose client leaves does not keep its place among those who wait`() async throws {
        let source = StandInStation(entries: 3)
        try await live(source) { _, port in
            // The end of the client's sending ends the wait; the answer still comes.
            let answer = try await exchange(
                "GET /v1/events?after=a1b2:3&wait=30 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(source.watch.waiting == 0)
        }
    }

    @Test func `survives random bytes, and so does the gateway`() async throws {
        var random = SplitMix(seed: 7)
        let starts = [
            "", "GET ", "GET /v1/events?", "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\n",
        ]
        let portions = (0..<60).map { number in
            Array(starts[number % starts.count].utf8)
                + (0..<Int(random.next() % 600)).map { _ in UInt8(truncatingIfNeeded: random.next())
                }
                + Array("\r\n\r\n".utf8)
        }
        try await live { _, port in
            for bytes in portions {
                let answer = try await exchange(bytes, port: port)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            }
        }
    }

    @Test func `survives random paths and queries`() async throws {
        var random = SplitMix(seed: 11)
        let alphabet = Array("/v1events?&=%aft:limit wait0123456789\u{7F}é驿%%%..;#[]\"'")
        let paths = (0..<90).map { _ in
            let text = String(
                (0..<Int(random.next() % 40)).map { _ in
                    alphabet[Int(random.next() % UInt64(alphabet.count))]
                })
            return random.next() % 2 == 0 ? "/v1/events?" + text : "/" + text
        }
        try await withGateway(StandInStation(entries: 3)) { client async throws in
            for path in paths {
                let response = try await client.get(path)
                #expect([200, 400, 404].contains(response.status.code), "\(path)")
            }
        }
    }

    @Test func `is one of at most 32 of its client`() {
        let connections = ConnectionCount(perClient: 2)
        #expect(connections.enter("a"))
        #expect(connections.enter("a"))
        #expect(!connections.enter("a"))
        #expect(connections.enter("b"))
        connections.leave("a")
        connections.leave("a")
        #expect(connections.enter("a"))
        #expect(connections.total == 3)
        connections.leave("a")
        connections.leave("a")
        connections.leave("b")
        #expect(connections.total == 0)
    }
}

extension String {
    /// How often another text is in this one.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

/// Repeatable randomness: Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
