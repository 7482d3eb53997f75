// The gateway put together: a source of truth, the pages, the server around them.

public import Control
public import Hummingbird
import HummingbirdCore
import Logging
import NIOConcurrencyHelpers
public import NIOCore

/// How a gateway is to run.
public struct GatewaySettings: Sendable {
    public var listen: ListenAddress
    /// `nil`: no tokens, so only this machine is answered.
    public var tokens: Tokens?
    public var version: String

    /// - Throws: `Refusal` for an address that others can reach, without tokens.
    public init(
        listen: ListenAddress, tokens: Tokens?, version: String
    ) throws(Refusal) {
        guard listen.isLoopback || tokens != nil else { throw Refusal(listen: listen) }
        self.listen = listen
        self.tokens = tokens
        self.version = version
    }

    /// Why these settings are not taken.
    public struct Refusal: Error, Equatable, Sendable {
        public var listen: ListenAddress

        public var text: TextRecord {
            TextRecord(
                zh: "别人也能连到 \(listen)，必须用 --token-file 指定令牌文件；"
                    + "或只在本机监听：--listen 127.0.0.1:8480。",
                en: "Others can reach \(listen), so tokens are needed: add --token-file FILE, or "
                    + "listen on this machine only: --listen 127.0.0.1:8480.")
        }
    }
}

/// One gateway: reads a station and answers HTTP. It keeps nothing.
public struct Gateway: Sendable {
    private let settings: GatewaySettings
    private let responder: GatewayResponder
    private let connections: ConnectionCount
    private let measures: GatewayMeasures
    private let loop: any EventLoop

    /// - Parameter loop: keeps the time of requests that wait.
    public init(
        source: any StationSource, settings: GatewaySettings, loop: any EventLoop
    ) {
        self.settings = settings
        self.loop = loop
        connections = ConnectionCount(perClient: GatewayLimits.connectionsPerClient)
        let places = Places(GatewayLimits.waits)
        measures = GatewayMeasures(
            version: settings.version, connections: connections, waits: places,
            watch: source.watch)
        let feed = EventFeed(source: source, loop: loop, places: places)
        responder = GatewayResponder(
            pages: Pages(source: source, feed: feed, measures: measures),
            uploads: RosterUploads(source: source),
            tokens: settings.tokens, limiter: NIOLockedValueBox(RateLimiter()),
            measures: measures)
    }

    /// The server, to be run in a service group.
    ///
    /// - Parameters:
    ///   - group: its event loops.
    ///   - isListening: called with the port once connections are accepted.
    public func application(
        group: any EventLoopGroup, isListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        // The server's own log is for its developers; what an operator needs is told otherwise.
        var logger = Logger(label: "station-gateway")
        logger.logLevel = .critical
        let connections = connections
        let measures = measures
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ConnectionGuard(connections: connections, measures: measures)
            ],
            idleTimeout: GatewayLimits.idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: GatewayLimits.headerField,
                maxHeaderListSize: GatewayLimits.headers,
                maxHeaderFieldCount: GatewayLimits.headerCount))
        return Application(
            responder: responder,
            server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.listen.host, port: settings.listen.port),
                backlog: GatewayLimits.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    GatewayLimits.connections, logger: logger)),
            onServerRunning: { await isListening($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group),
            logger: logger)
    }
}
