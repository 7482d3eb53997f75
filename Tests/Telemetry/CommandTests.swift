// Commands at the gateway: carried as they are, by whom the token file names.

import Control
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import StationCore
import Testing

@testable import Telemetry

@Suite struct `A command at the gateway` {
    private static let text = "stationd-command\t1\n指令\n"
    /// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
    private static let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    private static let hub: HTTPFields = [.authorization: "Bearer abc"]

    private func tokens(_ scopes: String = " commands") throws -> Tokens {
        try Tokens("hub \(Self.digest)\(scopes)")
    }

    private func bring(
        _ source: StandInStation, _ bytes: [UInt8] = Array(text.utf8), scopes: String = " commands",
        _ fields: HTTPFields = hub, method: HTTPRequest.Method = .post,
        at uri: String = "/v1/commands"
    ) async throws -> TestResponse {
        try await withGateway(source, tokens: try tokens(scopes)) { client in
            try await client.executeRequest(
                uri: uri, method: method, headers: fields, body: ByteBuffer(bytes: bytes))
        }
    }

    @Test func `is carried byte for byte, and what became of it comes back`() async throws {
        let source = StandInStation()
        let answer = try await bring(source)
        #expect(answer.status == .ok && source.brought == [Self.text])
        #expect(try answer.json()["outcome"]?.text == "done")
        let later = try await withGateway(source) { try await $0.get("/v1/commands/c-1") }
        #expect(try later.json() == answer.json())
        let other = try await withGateway(source) { try await $0.get("/v1/commands/c%2D2") }
        #expect(other.status == .notFound && other.problem == "no-such-command")
    }

    @Test func `is brought, and nothing else is; nor is it read`() async throws {
        let source = StandInStation()
        for method in [HTTPRequest.Method.get, .head, .put, .delete] {
            let answer = try await bring(source, [], method: method)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow] == "POST")
        }
        let answer = try await bring(source, at: "/v1/commands/c-1")
        #expect(answer.status == .methodNotAllowed && answer.headers[.allow] == "GET, HEAD")
        #expect(source.brought.isEmpty)
    }

    @Test func `needs a token that is for it`() async throws {
        let source = StandInStation()
        for scopes in ["", " roster"] {
            let reader = try await bring(source, scopes: scopes)
            #expect(reader.status == .forbidden && reader.problem == "scope-needed")
            #expect(try reader.json()["known"]?[0]?.text == "commands")
        }
        let nobody = try await bring(source, Array("x".utf8), [:])
        #expect(nobody.status == .unauthorized)
        let open = try await withGateway(source) { client in
            try await client.executeRequest(
                uri: "/v1/commands", method: .post, headers: [:], body: ByteBuffer(string: "x"))
        }
        #expect(open.status == .forbidden && source.brought.isEmpty)
        let both = try await bring(source, scopes: " roster,commands")
        #expect(both.status == .ok && source.brought.count == 1)
    }

    @Test func `that is no text, or too long, does not reach the station`() async throws {
        let source = StandInStation()
        let noise = try await bring(source, [0xFF, 0xFE])
        #expect(noise.status == .unprocessableContent && noise.problem == "command-refused")
        #expect(try noise.json()["reason"]?.text == "notACommand")
        let long = try await bring(
            source, [UInt8](repeating: 0x61, count: GatewayLimits.command + 1))
        #expect(long.status == .contentTooLarge && source.brought.isEmpty)
    }

    @Test(arguments: [
        (ControlReason.Word.signature, 422, "command-refused"),
        (.expired, 422, "command-refused"), (.starting, 503, "station-busy"),
        (.tooManyCommands, 503, "station-busy"),
    ])
    func `that is refused says why, in both languages`(
        word: ControlReason.Word, status: Int, kind: String
    ) async throws {
        let source = StandInStation { $0.failure = .refused(.commandRefused(ControlReason(word))) }
        let answer = try await bring(source)
        #expect(answer.status.code == status && answer.problem == kind)
        let body = try answer.json()
        #expect(body["reason"]?.text == word.rawValue)
        #expect(body["zh"]?["detail"]?.text?.isEmpty == false)
        #expect(body["en"]?["detail"]?.text?.isEmpty == false)
    }
}
