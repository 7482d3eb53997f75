// Every path that the gateway answers.

import HTTPTypes

/// Where a request goes.
enum Route: Equatable, Sendable {
    case events
    case station
    case devices
    /// By the device's name; `nil` when the path's escapes are broken.
    case device(String?)
    case usage
    case roster
    /// Where a hub's commands are brought.
    case commands
    /// By the command's id; `nil` when the path's escapes are broken.
    case command(String?)
    case metrics
    case alive
    case ready
    case description

    private static let devicePrefix = "/v1/devices/"
    private static let commandPrefix = "/v1/commands/"

    /// - Parameter path: as sent, without its query. Escapes are undone in a device's name only.
    init?(_ path: some StringProtocol) {
        switch String(path) {
        case "/v1/events": self = .events
        case "/v1/station": self = .station
        case "/v1/devices": self = .devices
        case "/v1/usage": self = .usage
        case "/v1/roster": self = .roster
        case "/v1/commands": self = .commands
        case "/metrics": self = .metrics
        case "/healthz": self = .alive
        case "/readyz": self = .ready
        case "/openapi.json": self = .description
        case let path where path.hasPrefix(Self.devicePrefix):
            let name = path.dropFirst(Self.devicePrefix.count)
            guard !name.isEmpty, !name.contains("/") else { return nil }
            self = .device(percentDecoded(name))
        case let path where path.hasPrefix(Self.commandPrefix):
            let id = path.dropFirst(Self.commandPrefix.count)
            guard !id.isEmpty, !id.contains("/") else { return nil }
            self = .command(percentDecoded(id))
        default: return nil
        }
    }

    /// The path as documents and metrics name it: a bounded number of names.
    var template: String {
        switch self {
        case .events: "/v1/events"
        case .station: "/v1/station"
        case .devices: "/v1/devices"
        case .device: "/v1/devices/{name}"
        case .usage: "/v1/usage"
        case .roster: "/v1/roster"
        case .commands: "/v1/commands"
        case .command: "/v1/commands/{id}"
        case .metrics: "/metrics"
        case .alive: "/healthz"
        case .ready: "/readyz"
        case .description: "/openapi.json"
        }
    }

    static let all: [Route] = [
        .events, .station, .devices, .device(nil), .usage, .roster, .commands, .command(nil),
        .metrics, .alive, .ready, .description,
    ]

    /// Whether anybody may ask: what it says is the same at every station.
    var isOpen: Bool {
        switch self {
        case .alive, .description: true
        case .events, .station, .devices, .device, .usage, .roster, .commands, .command, .metrics,
            .ready:
            false
        }
    }

    /// The parameters that it takes.
    var parameters: [String] {
        switch self {
        case .events: ["after", "limit", "wait"]
        case .usage: ["from", "to", "by"]
        case .station, .devices, .device, .roster, .commands, .command, .metrics, .alive, .ready,
            .description:
            []
        }
    }

    /// What a token must be for to bring something here; `nil`: nothing is brought.
    var upload: Tokens.Scope? {
        switch self {
        case .roster: .roster
        case .commands: .commands
        default: nil
        }
    }

    /// The most bytes that may be brought at once.
    var uploadLimit: Int { self == .commands ? GatewayLimits.command : GatewayLimits.roster }

    /// How it may be asked.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .roster: [.get, .head, .put]
        case .commands: [.post]
        default: [.get, .head]
        }
    }

    /// Whether a request with that method brings something.
    func isBrought(by method: HTTPRequest.Method) -> Bool {
        upload != nil && (method == .put || method == .post) && methods.contains(method)
    }
}
