// What the tests of this folder share: a gateway around a stand-in, and JSON to look into.

import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import NIOPosix
import Telemetry
import Testing

/// JSON of any shape.
enum JSONValue: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    init(_ bytes: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    subscript(_ name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    subscript(_ place: Int) -> JSONValue? {
        if case .list(let values) = self, values.indices.contains(place) {
            values[place]
        } else {
            nil
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var list: [JSONValue] { if case .list(let values) = self { values } else { [] } }
    var names: Set<String> {
        if case .object(let members) = self { Set(members.keys) } else { [] }
    }
}

extension TestResponse {
    func json() throws -> JSONValue { try JSONValue(body.readableBytesView) }

    var text: String { String(buffer: body) }

    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// The ending of the problem's type.
    var problem: String? {
        let type = try? json()["type"]?.text
        return type.flatMap { $0.split(separator: ":").last.map(String.init) }
    }

    /// The sequences of a batch's events.
    func sequences() throws -> [Int64] {
        try json().list.map { Int64($0["sequence"]?.text ?? "") ?? -1 }
    }
}

/// Runs a test against a gateway without a network.
func withGateway<Value>(
    _ source: StandInStation, tokens: Tokens? = nil,
    loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any(),
    _ test: @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    try await application(source, tokens: tokens, loop: loop).test(.router, test)
}

func application(
    _ source: StandInStation, tokens: Tokens? = nil,
    loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any()
) throws -> some ApplicationProtocol {
    let listen = try #require(ListenAddress("127.0.0.1:0"))
    let settings = try GatewaySettings(listen: listen, tokens: tokens, version: "test")
    return Gateway(source: source, settings: settings, loop: loop)
        .application(group: MultiThreadedEventLoopGroup.singleton)
}

extension TestClientProtocol {
    func get(_ uri: String, _ fields: HTTPFields = [:]) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .get, headers: fields, body: nil)
    }
}

/// Lets others run until something is so; fails when it never is.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () -> Bool
) async {
    for _ in 0..<1_000_000 {
        if isSo() { return }
        await Task.yield()
    }
    Issue.record(what, sourceLocation: sourceLocation)
}
