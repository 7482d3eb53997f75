// The other end of the control socket: a blocking client for stationctl and the gateway's workers.

import CLinux
import Glibc
public import StationCore

/// One connection to a station. Not for several threads at once; calls go one after the other.
///
/// After `timedOut`, `closed` or `notUnderstood` the connection is of no more use.
public struct ControlClient: ~Copyable {
    /// Where `stationd` listens unless told otherwise.
    public static let defaultPath = "/run/stationd/control"
    /// Replies of a newer station may be longer than ours.
    static let replyLimit = 1 << 20

    private let socket: Int32
    private var frames = FrameReader(limit: replyLimit)

    /// - Parameters:
    ///   - path: of the socket.
    ///   - timeoutMilliseconds: for each wait for bytes; 0 waits for ever.
    /// - Throws: `unreachable` with the system's error.
    public init(path: String, timeoutMilliseconds: Int = 10_000) throws(ControlFailure) {
        let opened = station_connect_unix(path)
        guard opened >= 0 else { throw .unreachable(path: path, errno: -opened) }
        socket = opened
        setTimeout(milliseconds: timeoutMilliseconds)
    }

    deinit { close(socket) }

    /// For each wait for bytes; 0 waits for ever.
    public func setTimeout(milliseconds: Int) {
        var time = timeval(
            tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    /// Calls a method and waits for its one reply.
    ///
    /// - Parameter passing: a descriptor to send along; stays the caller's.
    public mutating func call<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, passing descriptor: Int32 = -1
    ) throws(ControlFailure) -> Method.Reply {
        try send(ControlCoder.call(Method.name, parameters, more: false), passing: descriptor)
        let (reply, continues) = try ControlCoder.reply(Method.Reply.self, from: receive())
        guard !continues else { throw .notUnderstood(ControlReason(.manyReplies)) }
        return reply
    }

    /// Calls a method that takes nothing.
    public mutating func call<Method: ControlMethod>(
        _ method: Method.Type
    ) throws(ControlFailure) -> Method.Reply where Method.Parameters == NoParameters {
        try call(method, NoParameters())
    }

    /// Calls a method with `more` and hands over each reply until the last one, or until `body`
    /// returns false: then the client must be dropped, for the station goes on sending.
    public mutating func callMore<Method: ControlMethod>(
        _ method: Method.Type, _ parameters: Method.Parameters, passing descriptor: Int32 = -1,
        _ body: (Method.Reply) -> Bool
    ) throws(ControlFailure) {
        try send(ControlCoder.call(Method.name, parameters, more: true), passing: descriptor)
        while true {
            let (reply, continues) = try ControlCoder.reply(
                Method.Reply.self, from: receive())
            guard body(reply), continues else { return }
        }
    }

    private func send(_ bytes: [UInt8], passing descriptor: Int32) throws(ControlFailure) {
        var sent = 0
        while sent < bytes.count {
            // The descriptor goes with the first byte, and once.
            let result = bytes.withUnsafeBytes {
                station_send(
                    socket, $0.baseAddress! + sent, $0.count - sent, sent == 0 ? descriptor : -1)
            }
            if result == -Int(EINTR) { continue }
            guard result > 0 else { throw Self.failure(result) }
            sent += result
        }
    }

    private mutating func receive() throws(ControlFailure) -> [UInt8] {
        var portion = [UInt8](repeating: 0, count: 16_384)
        while true {
            do {
                if let message = try frames.next() { return message }
            } catch {
                throw .notUnderstood(ControlReason(.tooLong, error.limit))
            }
            var passed: Int32 = -1
            let result = station_receive(socket, &portion, portion.count, &passed)
            if passed >= 0 { close(passed) }
            if result == -Int(EINTR) { continue }
            guard result > 0 else { throw Self.failure(result) }
            do {
                try frames.append(portion[..<result])
            } catch {
                throw .notUnderstood(ControlReason(.tooLong, error.limit))
            }
        }
    }

    private static func failure(_ result: Int) -> ControlFailure {
        result == -Int(EAGAIN) ? .timedOut : .closed
    }
}

extension ControlClient {
    /// All devices, however many messages they take.
    public mutating func devices() throws(ControlFailure) -> [DeviceRecord] {
        var devices: [DeviceRecord] = []
        try callMore(ListDevices.self, NoParameters()) { reply in
            devices += reply.devices
            return true
        }
        return devices
    }

    /// All boxes of all services, however many messages they take.
    public mutating func boxes() throws(ControlFailure) -> [BoxRecord] {
        var boxes: [BoxRecord] = []
        try callMore(ListBoxes.self, NoParameters()) { reply in
            boxes += reply.boxes
            return true
        }
        return boxes
    }

    /// Totals, however many messages they take.
    public mutating func usage(
        _ question: UsageQuestion
    ) throws(ControlFailure) -> ListUsage.Reply {
        var whole = ListUsage.Reply(question)
        try callMore(ListUsage.self, ListUsage.Parameters(question)) { reply in
            whole.usage += reply.usage
            return true
        }
        return whole
    }

    /// All services, each one whole, in the station's order.
    public mutating func services() throws(ControlFailure) -> [ServiceRecord] {
        var services: [ServiceRecord] = []
        try callMore(ListServices.self, NoParameters()) { reply in
            for piece in reply.services {
                if services.last?.name == piece.name {
                    services[services.count - 1].parts += piece.parts
                } else {
                    services.append(piece)
                }
            }
            return true
        }
        return services
    }

    /// All sets of opening hours, in the station's order.
    public mutating func hours() throws(ControlFailure) -> [HoursRecord] {
        var hours: [HoursRecord] = []
        try callMore(ListHours.self, NoParameters()) { reply in
            hours += reply.hours
            return true
        }
        return hours
    }

    /// All metrics, each one whole, in the station's order.
    public mutating func metrics() throws(ControlFailure) -> [MetricRecord] {
        var metrics: [MetricRecord] = []
        try callMore(GetMetrics.self, NoParameters()) { reply in
            for piece in reply.metrics {
                if metrics.last?.name == piece.name {
                    metrics[metrics.count - 1].samples += piece.samples
                } else {
                    metrics.append(piece)
                }
            }
            return true
        }
        return metrics
    }

    /// Imports the roster behind a descriptor; the reply holds every verdict.
    public mutating func importRoster(
        _ descriptor: Int32, partial: Bool, dry: Bool
    ) throws(ControlFailure) -> ImportRoster.Reply {
        var whole: ImportRoster.Reply?
        try callMore(
            ImportRoster.self, ImportRoster.Parameters(partial: partial, dry: dry),
            passing: descriptor
        ) { reply in
            if whole == nil { whole = reply } else { whole?.verdicts += reply.verdicts }
            return true
        }
        guard let whole else { throw .notUnderstood(ControlReason(.noReply)) }
        return whole
    }

    /// Puts the signed roster behind a descriptor in place.
    public mutating func applyRoster(
        _ descriptor: Int32
    ) throws(ControlFailure) -> ApplyRoster.Reply {
        try call(ApplyRoster.self, NoParameters(), passing: descriptor)
    }
}
