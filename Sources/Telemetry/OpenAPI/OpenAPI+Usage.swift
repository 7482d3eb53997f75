// The path and the schemas of what was used.

import StationCore

extension OpenAPI {
    static let usage = """
        "/v1/usage": {
        "get": {
        "operationId": "getUsage", "tags": ["state"],
        "summary": "What was used: totals of days, of hours, or of all days together",
        "description": "Of every service and door there is a record for each day or hour, in \
        order, those of what is not dated last. `measured` false is no data: nobody looked, the \
        station was down or did not have it yet. It is not 0. Totals of the running hour grow.",
        "parameters": [
        {
        "name": "from", "in": "query", "required": true,
        "description": "The first day, in station time",
        "schema": {"type": "string", "format": "date"}
        },
        {
        "name": "to", "in": "query", "required": true,
        "description": "The last day: at most \(UsageGrouping.day.daysLimit) days with by=day, \
        \(UsageGrouping.hour.daysLimit) with hour, \(UsageGrouping.service.daysLimit) with \
        service",
        "schema": {"type": "string", "format": "date"}
        },
        {
        "name": "by", "in": "query", "required": false,
        "description": "Each day by itself, all days together, or each hour by itself (kept for \
        90 days)",
        "schema": {
        "type": "string", "default": "day",
        "enum": [\(UsageGrouping.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))]
        }
        }
        ],
        "responses": {
        "200": {
        "description": "What was counted",
        "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/UsageReport"}}
        }
        },
        \(asking)
        }
        }
        }
        """

    static let usageSchemas = """
        "UsageReport": {
        "type": "object", "required": ["from", "to", "by", "usage"],
        "properties": {
        "from": {"type": "string", "format": "date"},
        "to": {"type": "string", "format": "date"},
        "by": {"type": "string", "description": "day, service or hour"},
        "usage": {"type": "array", "items": {"$ref": "#/components/schemas/Usage"}}
        }
        },
        "Usage": {
        "description": "One thing in one day, one hour, or the whole span",
        "type": "object",
        "required": ["kind", "name", "undated", "measured", "measuredHours", "totals"],
        "properties": {
        "day": {
        "type": "string", "format": "date",
        "description": "Missing: all days together. Of what is not dated: the last day that was \
        known before it"
        },
        "hour": {
        "type": "integer", "minimum": 0, "maximum": 23, "description": "Missing: the whole day"
        },
        "kind": {
        "type": "string",
        "description": "service; door: who was let in there; visits: of people with a key or a \
        pass, the same within 30 minutes merged; lostEntries: never written, the rest lacks them"
        },
        "name": {
        "type": "string", "description": "The service's or the door's; empty for the station's"
        },
        "label": {"$ref": "#/components/schemas/Text"},
        "places": {
        "type": "integer", "description": "How many it can serve at once, as it is now"
        },
        "undated": {"type": "boolean", "description": "No clock could be believed then"},
        "measured": {"type": "boolean", "description": "False: no data, and not 0"},
        "measuredHours": {
        "type": "integer", "description": "In how many hours the station was up and had it"
        },
        "totals": {
        "type": "array", "items": {"$ref": "#/components/schemas/UsageTotal"},
        "description": "By source and unit; empty and measured: nobody came"
        }
        }
        },
        "UsageTotal": {
        "type": "object",
        "required": ["uses", "failed", "seconds", "quantity", "unit", "estimated"],
        "properties": {
        "source": {
        "type": "string",
        "description": "key, pass, button, sensor or command; missing: nobody asked"
        },
        "uses": {"type": "integer", "description": "Those that came about"},
        "failed": {"type": "integer", "description": "Those that came to nothing"},
        "seconds": {
        "type": "integer",
        "description": "How long they took together; a use counts whole where it ended"
        },
        "quantity": {
        "type": "integer",
        "description": "In the unit; of visits: how often those people passed an entrance"
        },
        "unit": {"type": "string", "description": "times, mL or W.h"},
        "estimated": {
        "type": "integer", "description": "Uses of which part of the amount was not seen"
        }
        }
        }
        """
}
