// The schemas of services and opening hours.

extension OpenAPI {
    static let serviceSchemas = """
        "Service": {
        "description": "What anybody may know of a service; never who uses it",
        "type": "object",
        "required": ["name", "kind", "label", "availability", "paused", "free", "all"],
        "properties": {
        "name": {"type": "string"},
        "kind": {
        "type": "string",
        "description": "lockers, charging, dispenser, appliance, cabinet, place, counter, desk, \
        lights or climate"
        },
        "label": {"$ref": "#/components/schemas/Text"},
        "availability": {
        "type": "string",
        "description": "open, degraded (it can be had, and something is wrong), closed or \
        outOfOrder"
        },
        "reason": {
        "type": "string",
        "description": "What is wrong: starting, guarded, deviceMissing, deviceFailed, notSecured, \
        meterMissing, noFlow, leaking, supplyLow, supplyEmpty, filterDue, poorWater, byPerson, \
        restockDue, leftOpen or outOfRange; why it is paused: cleaning, repair, weather, staff or \
        other"
        },
        "until": {
        "type": "integer",
        "description": "Of closed: when it opens, in milliseconds since 1970; missing: nobody knows"
        },
        "time": {"type": "string", "format": "date-time"},
        "paused": {
        "type": "boolean", "description": "A person has paused it, whatever its hours say"
        },
        "hours": {
        "type": "string", "description": "The set of hours that it keeps; missing: day and night"
        },
        "free": {
        "type": "integer",
        "description": "Parts that work and that nobody uses, opening hours apart"
        },
        "all": {"type": "integer", "description": "How many parts it has"}
        }
        },
        "Hours": {
        "type": "object", "required": ["name", "label", "open", "cause", "days"],
        "properties": {
        "name": {"type": "string"},
        "label": {"$ref": "#/components/schemas/Text"},
        "open": {"type": "boolean"},
        "cause": {
        "type": "string",
        "description": "What decides it now: week, season, holiday, workedDay, date, today (a \
        master's word), severeWeather or clockUnknown"
        },
        "until": {
        "type": "integer",
        "description": "The first moment of the other state, in milliseconds since 1970"
        },
        "time": {"type": "string", "format": "date-time"},
        "days": {
        "description": "This day and the six after it; none while no clock can be believed",
        "type": "array", "items": {"$ref": "#/components/schemas/HoursDay"}
        }
        }
        },
        "HoursDay": {
        "type": "object", "required": ["date", "open"],
        "properties": {
        "date": {"type": "string", "format": "date"},
        "open": {
        "type": "string",
        "description": "08:00-12:00, 13:30-18:00 or closed; an end that is not later than its \
        start lies on the next day"
        }
        }
        }
        """
}
