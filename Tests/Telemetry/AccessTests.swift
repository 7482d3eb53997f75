// Who may ask, and how often.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Telemetry

/// SHA-256 of "abc": FIPS 180-4, appendix B.1 of its first edition.
private let digestOfABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

@Suite struct `A token` {
    @Test func `opens the gateway whose file has its digest`() async throws {
        let tokens = try Tokens("# who may read\nhub \(digestOfABC)  # since spring\n")
        try await withGateway(StandInStation(entries: 1), tokens: tokens) { client async throws in
            for path in ["/v1/events", "/v1/station", "/v1/devices", "/metrics", "/readyz"] {
                let open = try await client.get(path, [.authorization: "Bearer abc"])
                #expect(open.status == .ok, "\(path)")
                let closed = try await client.get(path)
                #expect(closed.status == .unauthorized, "\(path)")
                #expect(closed.headers[.wwwAuthenticate] == #"Bearer realm="stationd""#)
                #expect(closed.problem == "token-needed")
            }
        }
    }

    @Test(arguments: [
        "Bearer abd", "Bearer", "Bearer ", "abc", "Basic abc", "Bearer abc abc",
        "Bearer \(digestOfABC)", "Bearer " + String(repeating: "a", count: 2_000),
    ])
    func `that is another one does not`(_ field: String) async throws {
        let tokens = try Tokens("hub \(digestOfABC)")
        let response = try await withGateway(StandInStation(), tokens: tokens) {
            try await $0.get("/v1/station", [.authorization: field])
        }
        #expect(response.status == .unauthorized)
    }

    @Test func `sent twice does not`() async throws {
        let tokens = try Tokens("hub \(digestOfABC)")
        #expect(tokens.holder(of: ["Bearer abc"]) == "hub")
        #expect(tokens.holder(of: ["bearer  abc"]) == "hub")
        #expect(tokens.holder(of: ["Bearer abc", "Bearer abc"]) == nil)
        #expect(tokens.holder(of: []) == nil)
    }

    @Test func `is not needed for what is the same at every station`() async throws {
        let tokens = try Tokens("hub \(digestOfABC)")
        try await withGateway(StandInStation(), tokens: tokens) { client async throws in
            #expect(try await client.get("/healthz").status == .ok)
            #expect(try await client.get("/openapi.json").status == .ok)
            // What is not there is not told to strangers either.
            #expect(try await client.get("/nothing").status == .unauthorized)
        }
    }

    @Test func `can be made, and its line opens for it`() throws {
        let made = Tokens.make(for: "hub")
        #expect(made.token.utf8.count == 64)
        let tokens = try Tokens(made.line)
        #expect(tokens.holder(of: ["Bearer " + made.token]) == "hub")
        #expect(Tokens.make(for: "hub").token != made.token)
    }
}

@Suite struct `A token file` {
    @Test func `that is wrong is told with every line at fault`() throws {
        let text = """
            hub \(digestOfABC)
            hub \(digestOfABC)
            # a remark
            page abc
            page
            page \(digestOfABC) more
            \(String(repeating: "n", count: 65)) \(digestOfABC)
            """
        let flaws = #expect(throws: Tokens.Flaws.self) { try Tokens(text) }
        #expect(flaws?.all.map(\.line) == [2, 4, 5, 6, 7])
    }

    @Test(arguments: ["", "\n\n", "# nobody\n"])
    func `without a token is no token file`(_ text: String) {
        let flaws = #expect(throws: Tokens.Flaws.self) { try Tokens(text) }
        #expect(flaws?.all.map(\.line) == [0])
    }

    @Test func `that is not there is told`() {
        let flaws = #expect(throws: Tokens.Flaws.self) { try Tokens(file: "/nowhere/tokens") }
        #expect(flaws?.all.first?.en.contains("No such file") == true)
        #expect(throws: Tokens.Flaws.self) { try Tokens(file: "/dev/null") }
        #expect(throws: Tokens.Flaws.self) { try Tokens(file: "/proc/self/exe") }
    }
}

@Suite struct `Where a gateway listens` {
    @Test(arguments: ["127.0.0.1:8480", "127.8.9.1:1", "[::1]:8480", "localhost:0"])
    func `may be this machine only, without tokens`(_ text: String) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.isLoopback)
        _ = try GatewaySettings(listen: address, tokens: nil, version: "test")
    }

    @Test(arguments: ["0.0.0.0:8480", "192.0.2.1:80", "[::]:8480", "[2001:db8::1]:8480"])
    func `may be anywhere with tokens, and not without`(_ text: String) throws {
        let address = try #require(ListenAddress(text))
        #expect(!address.isLoopback)
        let refusal = #expect(throws: GatewaySettings.Refusal.self) {
            try GatewaySettings(listen: address, tokens: nil, version: "test")
        }
        #expect(refusal?.text.en.contains("--token-file") == true)
        let tokens = try Tokens("hub \(digestOfABC)")
        _ = try GatewaySettings(listen: address, tokens: tokens, version: "test")
    }

    @Test(arguments: [
        "", ":", "8480", ":8480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "example.org:80", "::1:8480", "[127.0.0.1]:80", "[::1]", "[]:80",
        "1270.0.1:80", "0x7f.1:80", "127.0.0.1 :80",
    ])
    func `is a numeric address and a port, and nothing else`(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func `decides which names it goes by without tokens`() {
        for host in [
            "localhost", "localhost:8480", "LOCALHOST", "127.0.0.1:80", "[::1]:80", "[::1]",
        ] {
            #expect(ListenAddress.isLocal(host: host), "\(host)")
        }
        for host in [
            "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
            "192.0.2.1:80", ":80", "[::2]",
        ] {
            #expect(!ListenAddress.isLocal(host: host), "\(host)")
        }
    }
}

@Suite struct `A client that asks too often` {
    @Test func `is told how long to wait, and let in again afterwards`() {
        var limiter = RateLimiter(rate: 2, burst: 3, capacity: 8)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        for _ in 0..<3 { #expect(limiter.admit("a", at: start) == nil) }
        #expect(limiter.admit("a", at: start) == .milliseconds(500))
        #expect(limiter.admit("b", at: start) == nil)
        #expect(limiter.admit("a", at: start + .milliseconds(500)) == nil)
        #expect(limiter.admit("a", at: start + .milliseconds(500)) == .milliseconds(500))
        for _ in 0..<3 { #expect(limiter.admit("a", at: start + .seconds(60)) == nil) }
        #expect(limiter.admit("a", at: start + .seconds(60)) != nil)
    }

    @Test func `does not make the gateway remember everybody`() {
        var limiter = RateLimiter(rate: 1, burst: 2, capacity: 10)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        for number in 0..<1_000 {
            #expect(limiter.admit("\(number)", at: start + .milliseconds(Int64(number))) == nil)
        }
        #expect(limiter.clients == 10)
        // Those who have rested are forgotten first.
        #expect(limiter.admit("new", at: start + .seconds(60)) == nil)
        #expect(limiter.clients == 1)
    }

    @Test func `gets a problem with the time to wait`() async throws {
        try await withGateway(StandInStation()) { client async throws in
            // Several at once: on a busy machine one alone is slower than the bucket refills.
            let refused = try await withThrowingTaskGroup(of: TestResponse?.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<Int(GatewayLimits.requestBurst) {
                            let response = try await client.get("/healthz")
                            if response.status != .ok { return response }
                        }
                        return nil
                    }
                }
                return try await group.reduce(TestResponse?.none) { $0 ?? $1 }
            }
            #expect(refused?.status == .tooManyRequests)
            #expect(refused?.problem == "too-many-requests")
            #expect(refused?.headers[.retryAfter] == "1")
        }
    }

    @Test func `is an address, in IPv6 a network`() throws {
        func client(_ text: String) throws -> String {
            Caller.client(try SocketAddress(ipAddress: text, port: 1))
        }
        #expect(try client("192.0.2.7") == "192.0.2.7")
        #expect(try client("::ffff:192.0.2.7") == "192.0.2.7")
        #expect(try client("2001:db8:1:2:3:4:5:6") == client("2001:db8:1:2::9"))
        #expect(try client("2001:db8:1:2::9") != client("2001:db8:1:3::9"))
        #expect(Caller.client(nil).isEmpty)
    }
}
