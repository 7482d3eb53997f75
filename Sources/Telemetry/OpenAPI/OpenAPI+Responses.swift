// The header fields and the refusals of the description.

extension OpenAPI {
    static let headers = """
        "StationID": {
        "description": "The station's id, percent-encoded",
        "schema": {"type": "string"}
        },
        "StationStore": {
        "description": "The store that the journal is kept in. A rebuilt, restored or cloned \
        journal has another one.",
        "schema": {"type": "string"}
        },
        "StationOldest": {
        "description": "The oldest sequence that the store has, 0 for none",
        "schema": {"type": "integer"}
        },
        "StationNewest": {
        "description": "The newest sequence that the store has, 0 for none",
        "schema": {"type": "integer"}
        },
        "StationNext": {
        "description": "The cursor to go on from",
        "schema": {"$ref": "#/components/schemas/Cursor"}
        },
        "StationTombstones": {
        "description": "How many of the events are tombstones",
        "schema": {"type": "integer"}
        },
        "RetryAfter": {
        "description": "Seconds after which another attempt makes sense",
        "schema": {"type": "integer"}
        },
        "Authenticate": {
        "description": "Bearer",
        "schema": {"type": "string"}
        },
        "Allow": {
        "description": "The methods that there are",
        "schema": {"type": "string"}
        }
        """

    static let responses = [
        refusal("BadRequest", "The request cannot be read, or a parameter is wrong"),
        refusal("TokenNeeded", "No token, or not one of this gateway", "WWW-Authenticate"),
        refusal("NoSuchDevice", "No device has this name; `known` lists those there are"),
        refusal("NoSuchCommand", "No command of that id was taken up lately"),
        refusal(
            "CommandRefused",
            "The command was not taken up; `reason` is the word of docs/commands.md"),
        refusal("MethodNotAllowed", "No such method here", "Allow"),
        refusal("NotAcceptable", "None of the formats that Accept names"),
        refusal(
            "CursorAhead",
            "The cursor is of this store but beyond its newest entry: the journal may have been "
                + "replaced by an older copy. `next` is the cursor to go on from."),
        refusal(
            "CursorGone",
            "The cursor is of another store than there is. `next` is the cursor to go on from."),
        refusal("BodyNotTaken", "A body where none is taken, or one that is too long"),
        refusal("RosterUnsigned", "Not signed by the station's issuer, or the token has no scope"),
        refusal("RosterRollback", "Not newer than what was in force"),
        refusal("RosterBase", "It changes another version than the one in force: send a whole one"),
        refusal(
            "RosterContent",
            "For another station, one card on keys of different holders, no key at all, or more "
                + "than a station holds"),
        refusal("RosterEpoch", "Made with a station key that is not here: install that first"),
        refusal("NoRoom", "No memory or no room on the medium"),
        refusal("WrongHost", "Without tokens only this machine's own names are answered"),
        refusal(
            "TooFast",
            "More than \(Int(GatewayLimits.requestsPerSecond)) requests a second of one client, "
                + "bursts of \(Int(GatewayLimits.requestBurst)) apart", "Retry-After"),
        refusal(
            "HeadersTooLong",
            "More than \(GatewayLimits.headerCount) header fields, \(GatewayLimits.headers) bytes "
                + "of them, or \(GatewayLimits.headerField) in one"),
        refusal("TooLong", "The answer would have more than \(GatewayLimits.response) bytes"),
        refusal("StationForeign", "Station and gateway do not understand each other"),
        refusal(
            "StationAway",
            "The station is away, not ready or busy, its journal cannot be read, it trusts no "
                + "issuer of rosters, another roster is arriving, or \(GatewayLimits.waits) "
                + "requests wait already; `type` and `reason` say which",
            "Retry-After"),
        refusal("StationSilent", "The station did not answer in time", "Retry-After"),
    ].joined(separator: ",\n")

    private static func refusal(
        _ name: String, _ description: String, _ field: String? = nil
    ) -> String {
        let components = [
            "WWW-Authenticate": "Authenticate", "Allow": "Allow", "Retry-After": "RetryAfter",
        ]
        let headers = field.map {
            """
            "headers": {"\($0)": {"$ref": "#/components/headers/\(components[$0] ?? $0)"}},

            """
        }
        return """
            "\(name)": {
            "description": "\(description)",
            \(headers ?? "")"content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
            }
            """
    }
}
