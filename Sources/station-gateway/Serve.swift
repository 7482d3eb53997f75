// Serving: from the command line to a running gateway, and to its orderly end.

import ArgumentParser
import CLinux
import Control
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import StationCore
import Telemetry
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until told to stop (the default). 提供服务（默认）。")

    @Option(help: "stationd's socket. stationd 的套接字。")
    var socket = ControlClient.defaultPath

    @Option(help: "Where to listen: a numeric address and a port. 监听地址和端口。")
    var listen = "127.0.0.1:8480"

    @Option(
        help: "Names and digests of tokens; needed unless listening on this machine only. 令牌文件。")
    var tokenFile: String?

    @Option(help: "Language of messages: zh or en; the locale's by default. 提示的语言。")
    var lang: Language = .ofLocale

    func run() async throws {
        let settings = try settings()
        let console = Console(language: lang)
        let source = ControlSource(path: socket) { news in
            console.say(news, path: socket)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let gateway = Gateway(source: source, settings: settings, loop: group.next())
        let application = gateway.application(group: group) { port in
            console.listening(settings.listen, port: port, socket: socket)
        }
        var logger = Logger(label: "station-gateway")
        logger.logLevel = .critical
        var configuration = ServiceGroupConfiguration(
            services: [source, application],
            gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = .nanoseconds(
            GatewayLimits.stop.nanoseconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            console.cannotListen(settings.listen, error)
            throw ExitCode(EX_OSERR)
        }
        console.stopped()
        // The follower's thread may still wait for the station's answer; nobody needs it.
        Glibc.exit(EXIT_SUCCESS)
    }

    private func settings() throws -> GatewaySettings {
        let console = Console(language: lang)
        guard let address = ListenAddress(listen) else {
            console.badAddress(listen)
            throw ExitCode(EX_USAGE)
        }
        var tokens: Tokens?
        if let tokenFile {
            do {
                tokens = try Tokens(file: tokenFile)
            } catch {
                console.badTokens(tokenFile, error)
                throw ExitCode(EX_CONFIG)
            }
        }
        do {
            return try GatewaySettings(
                listen: address, tokens: tokens, version: Release.version)
        } catch {
            console.refused(error)
            throw ExitCode(EX_CONFIG)
        }
    }
}
