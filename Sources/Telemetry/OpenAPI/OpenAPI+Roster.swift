// The path and the schema of the roster.

extension OpenAPI {
    static let roster = """
        "/v1/roster": {
        "get": {
        "operationId": "getRoster", "tags": ["state"],
        "summary": "The roster in force, and how much the station says besides",
        "responses": {
        "200": {
        "description": "The roster; version 0 without one",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/RosterState"}}
        }
        },
        \(asking)
        }
        },
        "put": {
        "operationId": "putRoster", "tags": ["state"],
        "summary": "Puts a signed roster in place: a whole one, or what has changed",
        "description": "All of it or nothing. The station itself checks the signature; the gateway \
        only carries it, for a token with the scope `roster`. One at a time. An answer that got \
        lost is no reason to send it again: a GET says which version is in force.",
        "security": [{"token": []}],
        "requestBody": {
        "required": true,
        "description": "As docs/roster.md has it, at most \(GatewayLimits.roster) bytes",
        "content": {"text/plain": {"schema": {"type": "string"}}}
        },
        "responses": {
        "200": {
        "description": "It is in force",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/RosterState"}}
        }
        },
        "403": {"$ref": "#/components/responses/RosterUnsigned"},
        "409": {"$ref": "#/components/responses/RosterRollback"},
        "412": {"$ref": "#/components/responses/RosterBase"},
        "422": {"$ref": "#/components/responses/RosterContent"},
        "424": {"$ref": "#/components/responses/RosterEpoch"},
        "507": {"$ref": "#/components/responses/NoRoom"},
        \(asking)
        }
        }
        }
        """

    static let rosterSchemas = """
        "RosterState": {
        "type": "object",
        "required": ["station", "version", "epoch", "digest", "keys", "forms"],
        "properties": {
        "station": {
        "type": "string", "description": "The station's id: the scope of the rosters that it takes"
        },
        "version": {"type": "integer", "description": "0: none is in force"},
        "epoch": {"type": "string", "description": "Of the station key that it was made with"},
        "digest": {"type": "string", "description": "SHA-256 of the table, hexadecimal"},
        "issuer": {"type": "string", "description": "The id of whoever signed it; missing: nobody"},
        "keys": {"type": "integer"},
        "forms": {"type": "integer", "description": "Match forms"},
        "enrolled": {
        "type": "integer",
        "description": "Keys with cards that were enrolled at the door; missing after a PUT"
        },
        "told": {
        "type": "integer",
        "description": "Keys that were told lost or blocked at the station; missing after a PUT"
        }
        }
        }
        """
}
