// The HTTP interface as programs read it: OpenAPI 3.1, by hand beside the code it describes.

/// The description behind `/openapi.json`.
///
/// Tests compare it with the routes, with the limits and with what the pages really answer.
enum OpenAPI {
    static let document = """
        {
        "openapi": "3.1.0",
        \(info),
        "security": [{}, {"token": []}],
        "tags": [
        {"name": "journal", "description": "What happened, in order, without gaps"},
        {"name": "state", "description": "How things are now"},
        {"name": "commands", "description": "What a hub has signed"},
        {"name": "operation", "description": "For monitors"}
        ],
        "paths": {
        \([events, state, usage, roster, commands, operation].joined(separator: ",\n"))
        },
        "components": {
        "securitySchemes": {
        "token": {
        "type": "http", "scheme": "bearer",
        "description": "Needed wherever the gateway was started with --token-file; it must be \
        when others than its own machine can reach it."
        }
        },
        "headers": {
        \(headers)
        },
        "responses": {
        \(responses)
        },
        "schemas": {
        \(schemas.joined(separator: ",\n"))
        }
        }
        }

        """

    private static let schemas = [
        common, eventSchemas, stationSchemas, serviceSchemas, deviceSchemas, usageSchemas,
        rosterSchemas, commandSchemas,
    ]

    /// The interface's version: the second number grows with additions, the first with breaks.
    static let version = "1.2.0"

    private static let info = """
        "info": {
        "title": "stationd gateway / 驿站网关",
        "version": "\(version)",
        "summary": "Reads one station: its journal, its state, its devices, its metrics. Brings it \
        signed rosters and commands.",
        "description": "Only what is signed for the station can be brought to it. Errors are \
        application/problem+json (RFC 9457) with Chinese and English texts. Unknown members may be \
        added at any time: ignore them. Unknown query parameters are errors.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        }
        """

    /// The responses that every path which needs a token may give.
    static let guarded = """
        "400": {"$ref": "#/components/responses/BadRequest"},
        "401": {"$ref": "#/components/responses/TokenNeeded"},
        "405": {"$ref": "#/components/responses/MethodNotAllowed"},
        "413": {"$ref": "#/components/responses/BodyNotTaken"},
        "421": {"$ref": "#/components/responses/WrongHost"},
        "429": {"$ref": "#/components/responses/TooFast"},
        "431": {"$ref": "#/components/responses/HeadersTooLong"}
        """

    /// The responses that every path which asks the station may give besides.
    static let asking =
        guarded + """
            ,
            "502": {"$ref": "#/components/responses/StationForeign"},
            "503": {"$ref": "#/components/responses/StationAway"},
            "504": {"$ref": "#/components/responses/StationSilent"}
            """

    /// The responses that open paths may give.
    static let open = """
        "400": {"$ref": "#/components/responses/BadRequest"},
        "405": {"$ref": "#/components/responses/MethodNotAllowed"},
        "413": {"$ref": "#/components/responses/BodyNotTaken"},
        "429": {"$ref": "#/components/responses/TooFast"},
        "431": {"$ref": "#/components/responses/HeadersTooLong"}
        """
}
