// Where boxes hang: a serial line, or a gateway that speaks Modbus TCP.

import CLinux
import Glibc
import StationCore

/// What `--port` names.
enum BusPlace: Equatable {
    case serial(String)
    /// A gateway's host and port.
    case tcp(host: String, port: String)

    /// Modbus TCP's own port.
    private static let usualPort = "502"

    /// `/dev/ttyUSB0`, `tcp:192.168.1.20` or `tcp:[fe80::1]:1502`; `nil`: neither.
    init?(_ text: String) {
        guard text.hasPrefix("tcp:") else {
            guard !text.isEmpty else { return nil }
            self = .serial(text)
            return
        }
        var rest = text.dropFirst(4)
        var host = rest
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
        } else {
            let colon = rest.lastIndex(of: ":")
            host = colon.map { rest[..<$0] } ?? rest
            rest = colon.map { rest[$0...] } ?? ""
        }
        var port = Self.usualPort
        if !rest.isEmpty {
            guard rest.first == ":", UInt16(rest.dropFirst()).map({ $0 > 0 }) ?? false else {
                return nil
            }
            port = String(rest.dropFirst())
        }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    var text: String {
        switch self {
        case .serial(let path): path
        case .tcp(let host, let port): "\(host):\(port)"
        }
    }
}

/// How a line is set.
struct LineSpeed: Hashable {
    var baud: Int
    var parity: SerialLink.Parity
    var stopBits: Int

    /// Start, data, parity and stop bits of a character.
    var bits: Int { 9 + stopBits + (parity == .none ? 0 : 1) }

    /// `9600 8N1`
    var text: String {
        let letter =
            switch parity {
            case .none: "N"
            case .even: "E"
            case .odd: "O"
            }
        return "\(baud) 8\(letter)\(stopBits)"
    }
}

/// An open port. Nothing here waits but opening a connection.
final class BusPort {
    private enum End {
        case serial(SerialPort)
        case gateway(Int32, ModbusTCPBridge)
    }

    let place: BusPlace
    private var end: End
    /// What the port did not take at once.
    private var unsent: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 4_096)
    /// How long a gateway may take to be reached, in milliseconds.
    private static let patience: Int32 = 5_000

    init(_ place: BusPlace, _ speed: LineSpeed) throws(Problem) {
        self.place = place
        switch place {
        case .serial(let path):
            do {
                let port = try SerialPort(
                    path, baud: UInt32(clamping: speed.baud), parity: speed.parity,
                    stopBits: speed.stopBits)
                end = .serial(port)
            } catch {
                throw .port(path: path, error)
            }
        case .tcp(let host, let port):
            end = .gateway(try Self.connect(host, port), ModbusTCPBridge())
        }
    }

    deinit { if case .gateway(let descriptor, _) = end { close(descriptor) } }

    var descriptor: Int32 {
        switch end {
        case .serial(let port): port.descriptor
        case .gateway(let descriptor, _): descriptor
        }
    }

    /// Whether something waits until the port takes it.
    var isFull: Bool { !unsent.isEmpty }

    /// Writes a frame, as a serial line has it.
    func write(_ bytes: [UInt8]) throws(Problem) {
        switch end {
        case .serial: unsent += bytes
        case .gateway(let descriptor, var bridge):
            unsent += bridge.sent(bytes) ?? []
            end = .gateway(descriptor, bridge)
        }
        try sendRest()
    }

    func sendRest() throws(Problem) {
        while !unsent.isEmpty {
            let count: Int
            switch end {
            case .serial(let port):
                do { count = try port.write(unsent) } catch {
                    throw .port(path: place.text, error)
                }
            case .gateway(let descriptor, _):
                count = try taken(
                    send(descriptor, unsent, unsent.count, Int32(MSG_NOSIGNAL)))
            }
            guard count > 0 else { return }
            unsent.removeFirst(count)
        }
    }

    /// What is there, as a serial line has it; empty when there is nothing.
    func read() throws(Problem) -> [UInt8] {
        switch end {
        case .serial(let port):
            do { return Array(buffer[..<(try port.read(into: &buffer))]) } catch {
                throw .port(path: place.text, error)
            }
        case .gateway(let descriptor, var bridge):
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count != 0 else { throw .gateway(place.text, errno: ECONNRESET) }
            let bytes = bridge.received(buffer[..<(try taken(count))])
            end = .gateway(descriptor, bridge)
            if bridge.isBroken { throw .gateway(place.text, errno: EPROTO) }
            return bytes
        }
    }

    private func taken(_ count: Int) throws(Problem) -> Int {
        if count >= 0 { return count }
        guard errno == EAGAIN || errno == EINTR else {
            throw .gateway(place.text, errno: errno)
        }
        return 0
    }

    // MARK: A gateway

    private static func connect(_ host: String, _ port: String) throws(Problem) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0, let first = list else {
            throw .gateway("\(host):\(port)", errno: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(first) }
        var number = ECONNREFUSED
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let entry = next {
            switch open(entry.pointee) {
            case .success(let descriptor): return descriptor
            case .failure(let failure): number = failure.number
            }
            next = entry.pointee.ai_next
        }
        throw .gateway("\(host):\(port)", errno: number)
    }

    private struct Refused: Error { let number: Int32 }

    private static func open(_ address: addrinfo) -> Result<Int32, Refused> {
        let descriptor = socket(
            address.ai_family,
            address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue)
                | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard descriptor >= 0 else { return .failure(Refused(number: errno)) }
        var number: Int32 = 0
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
            number = errno
            if number == EINPROGRESS { number = outcome(of: descriptor) }
        }
        guard number == 0 else {
            close(descriptor)
            return .failure(Refused(number: number))
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(4))
        return .success(descriptor)
    }

    private static func outcome(of descriptor: Int32) -> Int32 {
        var door = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&door, 1, patience) > 0 else { return ETIMEDOUT }
        var number: Int32 = 0
        var length = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
        return number
    }
}
