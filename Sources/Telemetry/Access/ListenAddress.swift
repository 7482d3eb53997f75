// Where the gateway listens, and whether others than this machine can reach it there.

import NIOCore

/// A numeric address and a port. Names are not looked up: what is bound must be plain to see.
public struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// Without brackets.
    public let host: String
    /// 0 for any that is free.
    public let port: Int
    /// Whether only this machine can connect.
    public let isLoopback: Bool

    /// From `127.0.0.1:8480`, `[::1]:8480` or `localhost:8480`; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host == "localhost" { host = "127.0.0.1" }
        let isBracketed = host.first == "[" && host.last == "]" && host.count > 2
        if isBracketed { host = host.dropFirst().dropLast() }
        guard host.contains(":") == isBracketed,
            let address = try? SocketAddress(ipAddress: String(host), port: Int(port))
        else { return nil }
        self.host = String(host)
        self.port = Int(port)
        let numbers = address.ipAddress ?? ""
        isLoopback = numbers == "::1" || (!isBracketed && numbers.hasPrefix("127."))
    }

    /// As in an URL.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether a `Host` field names this machine.
    ///
    /// A page on the web can point a name of its own at 127.0.0.1 and so read a server that trusts
    /// its neighbours (DNS rebinding); the name in the field gives it away.
    static func isLocal(host field: String) -> Bool {
        var host = field[...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = host[..<colon] }
        if host.lowercased() == "localhost" { return true }
        return ListenAddress(String(host) + ":0")?.isLoopback == true
    }
}
