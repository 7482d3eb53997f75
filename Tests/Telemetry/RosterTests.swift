// Rosters over HTTP: who may bring one, what becomes of it, and what is said of the one in force.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import StationCore
import Testing

@testable import Control
@testable import Telemetry

/// SHA-256 of "abc".
private let digestOfABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
private let hub: HTTPFields = [.authorization: "Bearer abc"]

extension TestClientProtocol {
    fileprivate func put(
        _ text: String, _ fields: HTTPFields = hub, to uri: String = "/v1/roster"
    ) async throws -> TestResponse {
        var fields = fields
        fields[.contentLength] = String(text.utf8.count)
        return try await executeRequest(
            uri: uri, method: .put, headers: fields, body: ByteBuffer(string: text))
    }
}

@Suite struct `A roster` {
    private func tokens(_ scopes: String = " roster") throws -> Tokens {
        try Tokens("hub \(digestOfABC)\(scopes)")
    }

    @Test func `in force is told without anybody on it`() async throws {
        let response = try await withGateway(StandInStation()) { try await $0.get("/v1/roster") }
        #expect(response.status == .ok)
        let page = try response.json()
        #expect(page["version"]?.number == 3 && page["epoch"]?.text == "local-1")
        #expect(page["station"]?.text == StationRecord.sample.id)
        #expect(page["issuer"]?.text == "bb66" && page["digest"]?.text == "aa55")
        #expect(page["keys"]?.number == 2 && page["enrolled"]?.number == 1)
        #expect(page["told"]?.number == 1)
    }

    @Test func `that is brought gets to the station byte for byte`() async throws {
        let source = StandInStation()
        let text = String(repeating: "key\tk-1\n", count: 100_000)
        let response = try await withGateway(source, tokens: try tokens()) {
            try await $0.put(text)
        }
        #expect(response.status == .ok)
        #expect(try response.json()["version"]?.number == 3)
        #expect(source.rosters == [Array(text.utf8)])
    }

    @Test func `is brought only with a token that is for it`() async throws {
        let source = StandInStation()
        let open = try await withGateway(source) { try await $0.put("x") }
        #expect(open.status == .forbidden && open.problem == "scope-needed")
        let reader = try await withGateway(source, tokens: try tokens("")) {
            try await $0.put("x")
        }
        #expect(reader.status == .forbidden && reader.problem == "scope-needed")
        #expect(try reader.json()["known"]?[0]?.text == "roster")
        let nobody = try await withGateway(source, tokens: try tokens()) {
            try await $0.put("x", [:])
        }
        #expect(nobody.status == .unauthorized)
        #expect(source.rosters == [])
    }

    @Test(arguments: [
        (ControlReason.Word.notABundle, 400, "roster-unreadable"),
        (.line, 400, "roster-unreadable"), (.signature, 403, "roster-not-signed"),
        (.rollback, 409, "roster-rollback"), (.otherBase, 412, "roster-of-another-base"),
        (.otherStation, 422, "roster-of-another-station"),
        (.collision, 422, "roster-not-possible"), (.noKeys, 422, "roster-not-possible"),
        (.tooMany, 422, "roster-not-possible"), (.unknownEpoch, 424, "roster-of-another-key"),
        (.otherKey, 424, "roster-of-another-key"), (.noIssuer, 503, "roster-issuer-missing"),
        (.issuerLines, 503, "roster-issuer-missing"), (.noRoom, 507, "no-room"),
        (.notWritten, 507, "no-room"),
    ])
    func `that the station does not take is refused with its own status and word`(
        _ word: ControlReason.Word, _ status: Int, _ problem: String
    ) async throws {
        let source = StandInStation {
            $0.rosterRefusal = .refused(.badRoster(ControlReason(word, "41, 42")))
        }
        let response = try await withGateway(source, tokens: try tokens()) {
            try await $0.put("x")
        }
        #expect(response.status.code == status && response.problem == problem)
        let body = try response.json()
        #expect(body["reason"]?.text == word.rawValue)
        let reason = ControlReason(word, "41, 42")
        #expect(body["zh"]?["detail"]?.text?.contains(reason.text(.chinese).prefix(20)) == true)
        #expect(body["en"]?["detail"]?.text?.contains(reason.text(.english).prefix(20)) == true)
    }

    @Test(arguments: [
        (ControlFailure.refused(.noKey), 424, "roster-of-another-key"),
        (.refused(.busy(what: "clerk")), 503, "station-busy"),
        (.unreachable(path: "/nowhere", errno: 2), 503, "station-away"),
        (.timedOut, 504, "station-silent"), (.closed, 503, "station-away"),
    ])
    func `is told when the station does not answer`(
        _ failure: ControlFailure, _ status: Int, _ problem: String
    ) async throws {
        let source = StandInStation { $0.rosterRefusal = failure }
        let response = try await withGateway(source, tokens: try tokens()) {
            try await $0.put("x")
        }
        #expect(response.status.code == status && response.problem == problem)
    }

    @Test func `has one place, and every other one says what it takes`() async throws {
        try await withGateway(StandInStation(), tokens: try tokens()) { client async throws in
            let other = try await client.put("x", to: "/v1/station")
            #expect(other.status == .methodNotAllowed)
            #expect(other.headers[.allow] == "GET, HEAD")
            let post = try await client.executeRequest(
                uri: "/v1/roster", method: .post, headers: hub, body: nil)
            #expect(post.status == .methodNotAllowed)
            #expect(post.headers[.allow] == "GET, HEAD, PUT")
            let asked = try await client.put("x", to: "/v1/roster?dry=1")
            #expect(asked.status == .badRequest && asked.problem == "bad-parameter")
        }
    }

    @Test func `that is too long is refused before it comes`() async throws {
        let source = StandInStation()
        try await application(source, tokens: try tokens()).test(.live) { client async throws in
            let port = try #require(client.port)
            let head =
                "PUT /v1/roster HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\n"
            let long = try await exchange(
                head + "Content-Length: \(GatewayLimits.roster + 1)\r\n\r\nabc", port: port)
            #expect(long.hasPrefix("HTTP/1.1 413 ") && long.contains("body-too-long"), "\(long)")
            // It ends before it is whole: nothing reaches the station, and the place is free again.
            _ = try await exchange(head + "Content-Length: 10\r\n\r\nabc", port: port)
            #expect(source.rosters == [])
            var whole = ""
            for _ in 0..<50 {
                whole = try await exchange(head + "Content-Length: 3\r\n\r\nabc", port: port)
                // Its place is given back when the server has seen the end, which nobody is told.
                if !whole.contains("upload-under-way") { break }
            }
            #expect(whole.hasPrefix("HTTP/1.1 200 "), "\(whole)")
            let parts = try await exchange(
                head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
                port: port)
            #expect(parts.hasPrefix("HTTP/1.1 200 "), "\(parts)")
            #expect(source.rosters == [Array("abc".utf8), Array("abc".utf8)])
        }
    }

    @Test func `of a stranger is not read: the connection ends with the answer`() async throws {
        let source = StandInStation()
        try await application(source, tokens: try tokens()).test(.live) { client async throws in
            let port = try #require(client.port)
            let head = "PUT /v1/roster HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
            // It goes on sending, as far as anybody knows.
            let answer = try await exchange(
                Array((head + "\r\nabc").utf8), port: port, thenEnd: false)
            #expect(answer.hasPrefix("HTTP/1.1 401 "), "\(answer)")
            #expect(answer.lowercased().contains("connection: close"), "\(answer)")
        }
    }

    @Test func `is what a token file may name, and nothing else`() throws {
        let tokens = try Tokens("hub \(digestOfABC) roster\npage \(digestOfABC)")
        #expect(tokens.allows(.roster, to: "hub") && !tokens.allows(.roster, to: "page"))
        for wrong in ["rosters", "roster,", ",", "Roster", "roster, roster"] {
            let flaws = #expect(throws: Tokens.Flaws.self) {
                try Tokens("hub \(digestOfABC) \(wrong)")
            }
            #expect(flaws?.all.map(\.line) == [1], "\(wrong)")
        }
        let made = Tokens.make(for: "hub", scopes: [.roster])
        #expect(try Tokens(made.line).allows(.roster, to: "hub"))
    }
}
