// The guard of one connection, in virtual time and without a network.

import Control
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import Testing

@testable import Telemetry

@Suite struct `The guard of a connection` {
    let connections = ConnectionCount(perClient: 1)
    let measures: GatewayMeasures

    init() {
        measures = GatewayMeasures(
            version: "test", connections: connections, waits: Places(1), watch: JournalWatch())
    }

    private func connect(_ address: String = "192.0.2.7") throws -> EmbeddedChannel {
        let handler = ConnectionGuard(connections: connections, measures: measures)
        let channel = EmbeddedChannel(handler: handler)
        let client = try SocketAddress(ipAddress: address, port: 1_234)
        channel.remoteAddress = client
        try channel.connect(to: client).wait()
        return channel
    }

    private func refusals(_ limit: GatewayMeasures.Limit) -> Double? {
        let record = measures.records(isStationUp: true).first {
            $0.name == GatewayMetric.refusals.name
        }
        return record?.samples.first { $0.labels["limit"] == limit.rawValue }?.value
    }

    private let request = HTTPRequestPart.head(
        HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/healthz"))

    @Test func `ends it when a response lies unread for a minute`() throws {
        let channel = try connect()
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(refusals(.unread) == 1)
    }

    @Test func `lets a client that reads slowly read on`() throws {
        let channel = try connect()
        for _ in 0..<5 {
            channel.isWritable = false
            channel.pipeline.fireChannelWritabilityChanged()
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
            channel.isWritable = true
            channel.pipeline.fireChannelWritabilityChanged()
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        }
        #expect(channel.isActive)
        #expect(refusals(.unread) == 0)
        _ = try channel.finish()
    }

    @Test func `ends one too many of the same client`() throws {
        let first = try connect()
        let other = try connect("192.0.2.8")
        let second = try connect()
        #expect(first.isActive)
        #expect(other.isActive)
        #expect(!second.isActive)
        #expect(refusals(.connections) == 1)
        _ = try first.finish()
        let third = try connect()
        #expect(third.isActive)
        #expect(connections.total == 2)
    }

    @Test func `says what is wrong with bytes that are no request, then ends it`() throws {
        let channel = try connect()
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        let head = try channel.readOutbound(as: HTTPResponsePart.self)
        guard case .head(let head) = head else {
            Issue.record("no response")
            return
        }
        #expect(head.status == .badRequest)
        #expect(head.headerFields[.connection] == "close")
        // What comes after is not looked at, and not for ever.
        try channel.writeInbound(request)
        #expect(try channel.readInbound(as: HTTPRequestPart.self) == nil)
        channel.embeddedEventLoop.advanceTime(by: GatewayLimits.refusal)
        #expect(!channel.isActive)
        #expect(refusals(.unreadable) == 1)
    }

    @Test func `does not answer out of turn`() throws {
        let channel = try connect()
        try channel.writeInbound(request)
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        #expect(try channel.readOutbound(as: HTTPResponsePart.self) == nil)
        #expect(!channel.isActive)
    }

    @Test func `tells those who wait when the client has left`() throws {
        let channel = try connect()
        let handler = try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
        let left = Places(2)
        handler.presence.onLeave { _ = left.take() }
        #expect(left.taken == 0)
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(left.taken == 1)
        handler.presence.onLeave { _ = left.take() }
        #expect(left.taken == 2)
    }
}
