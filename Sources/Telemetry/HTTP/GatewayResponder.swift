// The way of a request: who asks, how often, what for; then a page, and always an answer.

import Control
import Glibc
import HTTPTypes
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore

/// Answers every request; nothing is thrown at the server.
struct GatewayResponder: HTTPResponder {
    typealias Context = Caller

    let pages: Pages
    let uploads: RosterUploads
    /// `nil`: this machine only, without tokens.
    let tokens: Tokens?
    let limiter: NIOLockedValueBox<RateLimiter>
    let measures: GatewayMeasures

    func respond(to request: Request, context caller: Caller) async throws -> Response {
        let began = NIODeadline.now()
        let target = (request.head.path ?? "").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = target.first ?? ""
        let query = target.count == 2 ? target[1].prefix { $0 != "#" } : ""
        let route = Route(path)
        var waited = TimeAmount.zero
        var answer: Answer
        do throws(Problem) {
            let holder = try admit(request, from: caller, to: route)
            guard let route else { throw .noSuchPath() }
            guard route.methods.contains(request.method) else {
                throw .methodNotAllowed(route.methods)
            }
            let asked = try Query(query, known: route.parameters)
            if route.isBrought(by: request.method), let scope = route.upload {
                guard let holder, tokens?.allows(scope, to: holder) == true else {
                    throw .scopeNeeded(scope)
                }
                if route == .commands {
                    answer = try await pages.take(command: body(of: request))
                } else {
                    (answer, waited) = try await uploads.take(
                        request.body,
                        length: request.headers[.contentLength].flatMap { Int($0) },
                        from: await caller.presence())
                }
            } else {
                (answer, waited) = try await pages.answer(
                    route, asked, accept: Accept(request.headers[.accept]),
                    presence: { await caller.presence() })
            }
        } catch {
            answer = error.answer(path: Problem.echo(path))
        }
        measures.answered(
            route?.template ?? "other", answer.status.code,
            after: NIODeadline.now() - began - waited)
        let response = answer.response
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A command's bytes.
    private func body(of request: Request) async throws(Problem) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: GatewayLimits.command)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw .bodyTooLong(GatewayLimits.command)
        } catch {
            throw .bodyCut()
        }
    }

    /// Lets a request in, or says why not.
    ///
    /// - Returns: whose token it shows.
    private func admit(
        _ request: Request, from caller: Caller, to route: Route?
    ) throws(Problem) -> String? {
        let holder = tokens?.holder(of: request.headers[values: .authorization])
        let client = holder.map { "token " + $0 } ?? caller.address
        let wait = limiter.withLockedValue { $0.admit(client, at: .now()) }
        if let wait {
            measures.refused(.rate)
            throw .tooFast(wait)
        }
        guard route?.isOpen != true else { return holder }
        if tokens == nil {
            let host = request.head.authority ?? ""
            guard ListenAddress.isLocal(host: host) else {
                measures.refused(.host)
                throw .wrongHost(host)
            }
        } else if holder == nil {
            measures.refused(.token)
            throw .tokenNeeded()
        }
        return holder
    }
}

/// The connection behind a request.
struct Caller: InitializableFromSource {
    private let channel: any Channel
    /// The client's network address without its port, or nothing.
    let address: String

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        address = Self.client(channel.remoteAddress)
    }

    /// Tells when the client leaves; `nil` where there is no real connection.
    func presence() async -> ClientPresence? {
        let pipeline = channel.pipeline
        return try? await channel.eventLoop.submit {
            try pipeline.syncOperations.handler(type: ConnectionGuard.self).presence
        }.get()
    }

    /// What counts as one client: an address, or in IPv6 the 64 bits of its network.
    static func client(_ address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
        // An IPv4 client of an IPv6 socket (RFC 4291, 2.5.5.2) is known by its own address.
        if bytes[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
            return bytes[12...].map { String($0) }.joined(separator: ".")
        }
        return bytes[..<8].map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
