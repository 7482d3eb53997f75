// What the other paths say, and what is said when something is wrong.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Telemetry

@Suite struct `The gateway` {
    @Test func `tells what the station is`() async throws {
        let response = try await withGateway(StandInStation()) {
            try await $0.get("/v1/station")
        }
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(try response.json()["name"]?["zh"]?.text == "暖心驿站")
        #expect(try response.json()["doors"]?[0]?["mode"]?.text == "locked")
    }

    @Test func `tells what the station offers, and never who uses it`() async throws {
        try await withGateway(StandInStation()) { client async throws in
            let page = try await client.get("/v1/station").json()
            #expect(page["services"]?[0]?["availability"]?.text == "closed")
            #expect(page["services"]?[0]?["free"]?.number == 1)
            #expect(page["services"]?[0]?["parts"] == nil)
            #expect(page["hours"]?[0]?["days"]?[0]?["open"]?.text == "08:00-22:00")
        }
    }

    @Test func `tells of a station that knows no services what it knows`() async throws {
        try await withGateway(StandInStation { $0.isOld = true }) { client async throws in
            let page = try await client.get("/v1/station")
            #expect(page.status == .ok)
            #expect(try page.json()["services"] == nil)
        }
    }

    @Test func `tells of all devices, and of one by its name`() async throws {
        let source = StandInStation { $0.devices.append(.sample("东门 读卡器/1")) }
        try await withGateway(source) { client async throws in
            let all = try await client.get("/v1/devices").json()["devices"]
            #expect(all?.list.count == 3)
            let one = try await client.get("/v1/devices/north-strike")
            #expect(try one.json() == all?[1])
            let escaped = percentEncoded("东门 读卡器/1")
            let third = try await client.get("/v1/devices/" + escaped)
            #expect(try third.json()["name"]?.text == "东门 读卡器/1")
        }
    }

    @Test func `knows no other device, and says which there are`() async throws {
        try await withGateway(StandInStation()) { client async throws in
            let response = try await client.get("/v1/devices/north-gaet")
            #expect(response.status == .notFound)
            #expect(response.problem == "no-such-device")
            #expect(try response.json()["known"]?.list.count == 2)
            #expect(try await client.get("/v1/devices/%zz").status == .badRequest)
            #expect(try await client.get("/v1/devices/%00").status == .badRequest)
            #expect(try await client.get("/v1/devices/%c3%28").status == .badRequest)
            #expect(try await client.get("/v1/devices/").problem == "no-such-path")
            #expect(try await client.get("/v1/devices/a/b").problem == "no-such-path")
        }
    }

    @Test func `is alive while the station is away, and says that it is not ready`() async throws {
        let source = StandInStation {
            $0.failure = .unreachable(path: "/run/stationd/control", errno: 2)
        }
        try await withGateway(source) { client async throws in
            #expect(try await client.get("/healthz").status == .ok)
            for path in ["/readyz", "/v1/events", "/v1/station", "/v1/devices"] {
                let response = try await client.get(path)
                #expect(response.status == .serviceUnavailable)
                #expect(response.problem == "station-away")
                #expect(response.headers[.retryAfter] == "5")
                #expect(try response.json()["reason"]?.text == "unreachable")
                // A path of this machine is nobody's business.
                #expect(!response.text.contains("/run/"))
            }
        }
    }

    @Test func `is ready when the station is`() async throws {
        let source = StandInStation()
        try await withGateway(source) { client async throws in
            let ready = try await client.get("/readyz")
            #expect(ready.status == .ok)
            #expect(try ready.json()["station"]?.text == "kaiyuan-warm-key")

            source.change { $0.station.ready = false }
            let notYet = try await client.get("/readyz")
            #expect(notYet.status == .serviceUnavailable)
            #expect(notYet.problem == "station-not-ready")
        }
    }

    @Test(arguments: [
        (ControlFailure.closed, 503, "station-away"),
        (.timedOut, 504, "station-silent"),
        (.notUnderstood(ControlReason(.notJSON)), 502, "station-not-understood"),
        (.refused(.busy(what: "core")), 503, "station-busy"),
        (.refused(.noAnswer(what: "journal")), 504, "station-silent"),
        (.refused(.journalUnavailable(state: "opening")), 503, "journal-away"),
        (.refused(.notAllowed(method: "m", needs: "reader")), 503, "station-refuses"),
        (.refused(.methodNotFound("io.stationd.X")), 502, "station-not-understood"),
    ])
    func `passes on why the station does not answer`(
        _ failure: ControlFailure, _ status: Int, _ problem: String
    ) async throws {
        let source = StandInStation { $0.failure = failure }
        let response = try await withGateway(source) { try await $0.get("/v1/events") }
        #expect(response.status.code == status)
        #expect(response.problem == problem)
        #expect(try response.json()["reason"]?.text?.isEmpty == false)
    }

    @Test(arguments: [
        "/", "", "/v1", "/v1/", "/v1/events/", "/V1/events", "//v1/events", "/v1//events",
        "/v1/%65vents", "/v1/events%3Flimit=1", "/metrics/", "/../v1/events", "*",
        "http://127.0.0.1/nothing", "/v1/events;x", "/\u{0}", "/%", "/驿站",
    ])
    func `has nothing at any other path`(_ path: String) async throws {
        let response = try await withGateway(StandInStation()) { try await $0.get(path) }
        #expect(response.status == .notFound)
        #expect(response.problem == "no-such-path")
    }

    @Test func `can only be read`() async throws {
        try await withGateway(StandInStation(entries: 1)) { client async throws in
            for method in [HTTPRequest.Method.post, .put, .delete, .patch, .options, .trace] {
                let response = try await client.executeRequest(
                    uri: "/v1/events", method: method, headers: [:], body: nil)
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "GET, HEAD")
                #expect(response.problem == "method-not-allowed")
            }
            let head = try await client.executeRequest(
                uri: "/v1/events", method: .head, headers: [:], body: nil)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
            #expect(head.field("station-next") == "a1b2:1")
        }
    }

    @Test func `offers two formats of events and no third`() async throws {
        try await withGateway(StandInStation(entries: 1)) { client async throws in
            let page = try await client.get("/v1/events", [.accept: "text/html"])
            #expect(page.status == .notAcceptable)
            #expect(page.problem == "not-acceptable")
            let any = try await client.get("/v1/events", [.accept: "text/html, */*;q=0.1"])
            #expect(any.headers[.contentType] == Pages.batchType)
        }
    }

    @Test func `says every problem in two languages, without a word missing`() throws {
        for kind in Problem.Kind.allCases {
            #expect(kind.title.zh.unicodeScalars.contains { $0.value > 0x2E80 })
            #expect(!kind.title.en.isEmpty)
            #expect((400...599).contains(kind.status.code))
        }
        let problem = Problem.unknownParameter("\u{7}<script>\n", known: ["after"])
        let body = try JSONValue(problem.answer(path: "/v1/events").body)
        #expect(body["status"]?.number == 400)
        #expect(body["title"]?.text == body["en"]?["title"]?.text)
        #expect(body["detail"]?.text == body["en"]?["detail"]?.text)
        #expect(body["instance"]?.text == "/v1/events")
        #expect(body["detail"]?.text?.contains("\u{7}") == false)
    }

    @Test func `repeats at most a little of what a client sent`() async throws {
        let long = String(repeating: "驿", count: 3_000)
        let response = try await withGateway(StandInStation()) {
            try await $0.get("/v1/events?" + long + "=1")
        }
        #expect(response.status == .badRequest)
        #expect(response.body.readableBytes < 4_000)
    }
}

@Suite struct `The formats that a client accepts` {
    @Test(
        arguments: [
            (nil, "a/b"), ("", "a/b"), ("*/*", "a/b"), ("x/y", "x/y"), ("a/*", "a/b"),
            ("a/b;q=0.1, x/y;q=0.2", "x/y"), ("x/y;q=0, */*", "a/b"), ("X/Y", "x/y"),
            ("x/y; version=1; q=0.9, a/b;q=0.3", "x/y"), ("a/b;q=x", "a/b"), ("nonsense", "a/b"),
            ("a/b;q=0", nil), ("c/d", nil), (";;;,,,", "a/b"),
            (String(repeating: "c/d,", count: 100) + "a/b", nil),
        ] as [(String?, String?)])
    func `are weighed by quality, the more specific range first`(
        _ field: String?, _ expected: String?
    ) {
        #expect(Accept(field).best(of: ["a/b", "x/y"]) == expected)
    }

    @Test func `let Prometheus have what it asks for`() {
        let modern = """
            application/openmetrics-text;version=1.0.0;q=0.5,\
            application/openmetrics-text;version=0.0.1;q=0.4,\
            text/plain;version=0.0.4;q=0.3,*/*;q=0.2
            """
        #expect(Exposition.Format(Accept(modern)) == .openMetrics)
        #expect(Exposition.Format(Accept("text/plain;version=0.0.4")) == .prometheus)
        #expect(Exposition.Format(Accept("*/*")) == .prometheus)
        #expect(Exposition.Format(Accept(nil)) == .prometheus)
    }
}

@Suite struct `Percent-encoding` {
    @Test func `gives back every text`() {
        for text in ["", "a", "驿站", "a b%c/d?e", "\u{FF}", "~._-"] {
            #expect(percentDecoded(percentEncoded(text)) == text)
        }
    }

    @Test(arguments: [
        "%", "%4", "%4g", "a%", "%%41", "%C3", "%C3%28", "%00", "%0a", "%7F", "%ED%A0%80",
    ])
    func `that is damaged is refused`(_ text: String) {
        #expect(percentDecoded(text) == nil)
    }
}
