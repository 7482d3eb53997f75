// Keeps a connection within its limits: bodies, damaged requests, slow readers, a client's share.

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between the HTTP parser and the server, one for each connection.
///
/// | the client | what happens |
/// |---|---|
/// | sends what the parser refuses | a problem is written, the connection closes |
/// | announces a body where none is taken, or one that is too long | the same |
/// | sends more than a roster has, or takes too long to send it | the connection closes |
/// | is refused while its body arrives | it gets its answer, and the rest is not read |
/// | has too many connections | the connection closes at once |
/// | leaves a response unread for `GatewayLimits.unread` | the connection closes |
/// | stops sending | whoever waits on its behalf is told |
///
/// Slow requests end by the server's idle timeout, which parts of a header do not extend.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let presence = ClientPresence()
    private let connections: ConnectionCount
    private let measures: GatewayMeasures
    private var client: String?
    /// Requests handed on and not yet answered.
    private var underWay = 0
    private var isClosing = false
    private var unread: Scheduled<Void>?
    /// Bytes of the body that is arriving, how many there may be, and when it has to be whole.
    private var arrived = 0
    private var most = 0
    private var whole: Scheduled<Void>?

    init(connections: ConnectionCount, measures: GatewayMeasures) {
        self.connections = connections
        self.measures = measures
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { enter(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        enter(context)
        context.fireChannelActive()
    }

    private func enter(_ context: ChannelHandlerContext) {
        guard client == nil else { return }
        let address = Caller.client(context.channel.remoteAddress)
        client = address
        guard connections.enter(address) else {
            measures.refused(.connections)
            return context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let client { connections.leave(client) }
        client = nil
        unread?.cancel()
        whole?.cancel()
        presence.leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            let length = head.headerFields[.contentLength]
            let hasBody =
                head.headerFields[.transferEncoding] != nil || (length != nil && length != "0")
            if hasBody {
                guard let limit = Self.bodyLimit(head) else {
                    return refuse(context, .bodyNotTaken(), .body)
                }
                if let length, Int(length).map({ $0 > limit }) ?? true {
                    return refuse(context, .bodyTooLong(limit), .body)
                }
                awaitBody(context, atMost: limit)
            }
            underWay += 1
        case .body(let portion):
            arrived += portion.readableBytes
            guard arrived <= most else {
                measures.refused(.body)
                isClosing = true
                return context.close(promise: nil)
            }
        case .end:
            whole?.cancel()
            whole = nil
            presence.body(isWhole: true)
        }
        context.fireChannelRead(data)
    }

    /// How much may be brought there; whether this client may is asked of its token.
    private static func bodyLimit(_ head: HTTPRequest) -> Int? {
        let path = (head.path ?? "").prefix { $0 != "?" }
        guard let route = Route(path), route.isBrought(by: head.method) else { return nil }
        return route.uploadLimit
    }

    private func awaitBody(_ context: ChannelHandlerContext, atMost limit: Int) {
        (arrived, most) = (0, limit)
        presence.body(isWhole: false)
        let channel = context.channel
        let measures = measures
        whole = context.eventLoop.scheduleTask(in: GatewayLimits.upload) {
            measures.refused(.body)
            channel.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isClosing else { return }
        switch error {
        case HTTPParserError.headerOverflow: refuse(context, .headersTooLong(), .headers)
        case is HTTPParserError: refuse(context, .unreadable(), .unreadable)
        case is ChannelError, is IOError:
            context.fireErrorCaught(error)
        default: refuse(context, .unreadable(), .unreadable)
        }
    }

    /// Answers in the server's stead. Answers that are under way come first and cannot be waited
    /// for here, so then there is none.
    private func refuse(
        _ context: ChannelHandlerContext, _ problem: Problem, _ limit: GatewayMeasures.Limit
    ) {
        isClosing = true
        measures.refused(limit)
        guard underWay == 0 else { return context.close(promise: nil) }
        let answer = problem.answer(path: nil)
        var head = answer.response.head
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// The answer is the last: a client that sends on instead of reading is cut off.
    private func end(_ context: ChannelHandlerContext) {
        context.flush()
        context.close(mode: .output, promise: nil)
        whole?.cancel()
        whole = nil
        let channel = context.channel
        unread?.cancel()
        unread = context.eventLoop.scheduleTask(in: GatewayLimits.refusal) {
            channel.close(promise: nil)
        }
    }

    // MARK: Responses

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where whole != nil && head.status.kind != .informational:
            // What is still on its way is for nobody: the connection ends with this answer.
            isClosing = true
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isClosing:
            underWay -= 1
            context.write(data, promise: promise)
            end(context)
        case .end:
            underWay -= 1
            context.write(data, promise: promise)
        case .head, .body: context.write(data, promise: promise)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unread?.cancel()
        unread = nil
        if !context.channel.isWritable {
            let channel = context.channel
            let measures = measures
            unread = context.eventLoop.scheduleTask(in: GatewayLimits.unread) {
                measures.refused(.unread)
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }
}
