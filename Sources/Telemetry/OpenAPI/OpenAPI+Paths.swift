// The paths of the description.

extension OpenAPI {
    static let events = """
        "/v1/events": {
        "get": {
        "operationId": "readEvents",
        "tags": ["journal"],
        "summary": "Entries of the journal after a cursor, oldest first",
        "description": "Keep station-next of each answer together with what you stored, in one \
        transaction, and send it as `after` next time: then nothing is lost and nothing counts \
        twice. An event is unique by source and id. Sequences of a store have no gaps; those that \
        the station has dropped come as one event of type io.stationd.journal.tombstone.",
        "parameters": [
        {
        "name": "after", "in": "query", "required": false,
        "description": "A cursor, <store>:<sequence>: the station-next of the answer before. \
        Without it: from the oldest entry there is.",
        "schema": {"$ref": "#/components/schemas/Cursor"}
        },
        {
        "name": "limit", "in": "query", "required": false,
        "description": "How many entries at most. There may be fewer although there are more: \
        go on while station-next is not at station-newest.",
        "schema": {
        "type": "integer", "minimum": 1, "maximum": \(GatewayLimits.batch),
        "default": \(GatewayLimits.defaultBatch)
        }
        },
        {
        "name": "wait", "in": "query", "required": false,
        "description": "Seconds to wait for a first entry when there is none (long poll).",
        "schema": {
        "type": "integer", "minimum": 0, "maximum": \(GatewayLimits.wait), "default": 0
        }
        }
        ],
        "responses": {
        "200": {
        "description": "What there is; an empty batch when there is nothing new",
        "headers": {
        "station-id": {"$ref": "#/components/headers/StationID"},
        "station-store": {"$ref": "#/components/headers/StationStore"},
        "station-oldest": {"$ref": "#/components/headers/StationOldest"},
        "station-newest": {"$ref": "#/components/headers/StationNewest"},
        "station-next": {"$ref": "#/components/headers/StationNext"},
        "station-tombstones": {"$ref": "#/components/headers/StationTombstones"}
        },
        "content": {
        "application/cloudevents-batch+json": {
        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}
        },
        "application/json": {"schema": {"$ref": "#/components/schemas/Envelope"}}
        }
        },
        "406": {"$ref": "#/components/responses/NotAcceptable"},
        "409": {"$ref": "#/components/responses/CursorAhead"},
        "410": {"$ref": "#/components/responses/CursorGone"},
        \(asking)
        }
        }
        }
        """

    static let state = """
        "/v1/station": {
        "get": {
        "operationId": "getStation", "tags": ["state"],
        "summary": "What the station is, and what it offers now: services and opening hours",
        "responses": {
        "200": {
        "description": "The station",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Station"}}
        }
        },
        \(asking)
        }
        }
        },
        "/v1/devices": {
        "get": {
        "operationId": "listDevices", "tags": ["state"],
        "summary": "All devices with their faults and counters",
        "responses": {
        "200": {
        "description": "The devices, in the station file's order",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Devices"}}
        }
        },
        \(asking)
        }
        }
        },
        "/v1/devices/{name}": {
        "get": {
        "operationId": "getDevice", "tags": ["state"],
        "summary": "One device",
        "parameters": [
        {
        "name": "name", "in": "path", "required": true, "schema": {"type": "string"},
        "description": "As the station file has it"
        }
        ],
        "responses": {
        "200": {
        "description": "The device",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Device"}}
        }
        },
        "404": {"$ref": "#/components/responses/NoSuchDevice"},
        \(asking)
        }
        }
        }
        """

    static let operation = """
        "/metrics": {
        "get": {
        "operationId": "getMetrics", "tags": ["operation"],
        "summary": "The station's metrics and the gateway's own",
        "description": "Answers even while the station is away: station_gateway_station_up is 0 \
        then, and only the gateway's own metrics are there.",
        "responses": {
        "200": {
        "description": "Prometheus text 0.0.4, or OpenMetrics 1.0 by Accept",
        "content": {
        "text/plain": {"schema": {"type": "string"}},
        "application/openmetrics-text": {"schema": {"type": "string"}}
        }
        },
        "500": {"$ref": "#/components/responses/TooLong"},
        \(guarded)
        }
        }
        },
        "/healthz": {
        "get": {
        "operationId": "isAlive", "tags": ["operation"], "security": [],
        "summary": "Whether the gateway runs; says nothing of the station",
        "responses": {
        "200": {
        "description": "It runs",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Alive"}}
        }
        },
        \(open)
        }
        }
        },
        "/readyz": {
        "get": {
        "operationId": "isReady", "tags": ["operation"],
        "summary": "Whether the station can be reached and is ready to open doors",
        "responses": {
        "200": {
        "description": "It is",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}
        }
        },
        \(asking)
        }
        }
        },
        "/openapi.json": {
        "get": {
        "operationId": "getDescription", "tags": ["operation"], "security": [],
        "summary": "This description",
        "responses": {
        "200": {
        "description": "OpenAPI 3.1",
        "content": {"application/json": {"schema": {"type": "object"}}}
        },
        \(open)
        }
        }
        }
        """
}
