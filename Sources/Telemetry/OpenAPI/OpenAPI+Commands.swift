// Commands in the description.

extension OpenAPI {
    static let commands = """
        "/v1/commands": {
        "post": {
        "operationId": "runCommand", "tags": ["commands"],
        "summary": "Brings a hub's signed command",
        "description": "The gateway only carries it: its signature is its authority, and the \
        station checks that. It acts once; brought again, the answer is what became of it. After a \
        504 or a lost answer: bring it again, or ask for it by its id. It takes a token with the \
        scope `commands`.",
        "security": [{"token": []}],
        "requestBody": {
        "required": true,
        "content": {
        "text/plain": {
        "schema": {"type": "string", "maxLength": \(GatewayLimits.command)}
        }
        }
        },
        "responses": {
        "200": {
        "description": "It was taken up; `outcome` says how it ended",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Command"}}
        }
        },
        "422": {"$ref": "#/components/responses/CommandRefused"},
        \(asking)
        }
        }
        },
        "/v1/commands/{id}": {
        "get": {
        "operationId": "getCommand", "tags": ["commands"],
        "summary": "What became of a command that was taken up",
        "parameters": [
        {
        "name": "id", "in": "path", "required": true, "schema": {"type": "string"},
        "description": "The command's own"
        }
        ],
        "responses": {
        "200": {
        "description": "The command",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Command"}}
        }
        },
        "404": {"$ref": "#/components/responses/NoSuchCommand"},
        \(asking)
        }
        }
        }
        """

    static let commandSchemas = """
        "Notice": {
        "type": "object",
        "description": "What is to be read at the station until then; missing: nothing",
        "required": ["text", "until", "time"],
        "properties": {
        "text": {"$ref": "#/components/schemas/Text"},
        "until": {"type": "integer", "description": "Milliseconds since 1970"},
        "time": {"type": "string", "format": "date-time", "description": "The same"}
        }
        },
        "Command": {
        "type": "object",
        "required": ["id", "subject", "expires", "time"],
        "properties": {
        "id": {"type": "string"},
        "subject": {
        "type": "string", "description": "door, box, part, service, hours, guard, reader or notice"
        },
        "expires": {"type": "integer", "description": "Milliseconds since 1970"},
        "time": {"type": "string", "format": "date-time", "description": "The same"},
        "outcome": {
        "type": "string",
        "description": "done; interrupted (it may have acted, and never will again); notRecorded \
        (it did not act); or why it was refused. Absent: it is under way"
        }
        }
        }
        """
}
