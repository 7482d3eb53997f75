// The schemas of the station and its devices.

extension OpenAPI {
    static let stationSchemas = """
        "Station": {
        "type": "object",
        "required": [
        "id", "name", "phone", "version", "simulated", "configuration", "boot", "ready",
        "uptimeMilliseconds", "clock", "roster", "keyEpochs", "doors", "journal", "devices",
        "faultyDevices", "faults"
        ],
        "properties": {
        "id": {"type": "string"},
        "name": {"$ref": "#/components/schemas/Text"},
        "phone": {"type": "string", "description": "Whom riders call"},
        "version": {"type": "string"},
        "simulated": {"type": "boolean", "description": "No real door moves"},
        "configuration": {
        "type": "string", "description": "Digest of the configuration that runs"
        },
        "boot": {"type": "string"},
        "ready": {"type": "boolean"},
        "uptimeMilliseconds": {"type": "integer"},
        "clock": {"$ref": "#/components/schemas/Clock"},
        "roster": {"$ref": "#/components/schemas/Roster"},
        "keyEpochs": {"type": "array", "items": {"type": "string"}},
        "doors": {"type": "array", "items": {"$ref": "#/components/schemas/Door"}},
        "journal": {"$ref": "#/components/schemas/Journal"},
        "devices": {"type": "integer", "description": "How many there are"},
        "faultyDevices": {"type": "array", "items": {"type": "string"}},
        "faults": {
        "type": "array", "items": {"$ref": "#/components/schemas/Fault"},
        "description": "Of the station itself: journalSlow, journalFailed, socketClosed, \
        snapshotFailed, rosterUnusable, modesUnknown, stuck, clerkStuck, passesUnusable, \
        cardsUnusable, readerKeysUnusable, usesUnknown, marksUnusable"
        },
        "services": {
        "description": "Missing: the station is of a version before there were any",
        "type": "array", "items": {"$ref": "#/components/schemas/Service"}
        },
        "hours": {
        "description": "Its sets of opening hours; missing as services are",
        "type": "array", "items": {"$ref": "#/components/schemas/Hours"}
        },
        "notice": {"$ref": "#/components/schemas/Notice"},
        "readerKeys": {
        "type": "string", "enum": ["plain", "sealed", "unusable"],
        "description": "How the keys of readers on OSDP lines lie on the medium; missing: none"
        }
        }
        },
        "Clock": {
        "type": "object",
        "required": [
        "quality", "trusted", "wall", "time", "wallOffset", "bootTime", "utcOffset", "floor"
        ],
        "properties": {
        "quality": {"type": "string", "description": "none, restored, holdover or synced"},
        "trusted": {"type": "boolean", "description": "Dates and hours are judged by it"},
        "wall": {"type": "integer", "description": "Milliseconds since 1970"},
        "time": {"type": "string", "format": "date-time"},
        "wallOffset": {
        "type": "integer", "description": "Nanoseconds from CLOCK_MONOTONIC to CLOCK_REALTIME"
        },
        "bootTime": {"type": "integer", "description": "CLOCK_BOOTTIME in nanoseconds"},
        "utcOffset": {"type": "integer", "description": "Seconds east of UTC"},
        "floor": {
        "type": "integer", "description": "It is certainly not earlier; milliseconds since 1970"
        }
        }
        },
        "Roster": {
        "description": "Version 0 without a roster",
        "type": "object", "required": ["version", "keys", "forms", "epoch", "digest"],
        "properties": {
        "version": {"type": "integer"}, "keys": {"type": "integer"},
        "forms": {"type": "integer"}, "epoch": {"type": "string"},
        "digest": {"type": "string"},
        "issuer": {
        "type": "string", "description": "The id of whoever signed it; absent for a CSV file's"
        },
        "enrolled": {
        "type": "integer", "description": "Keys with cards that were enrolled at the door"
        },
        "told": {
        "type": "integer", "description": "Keys that were told lost or blocked at the station"
        }
        }
        },
        "Door": {
        "type": "object",
        "required": ["name", "label", "mode", "physical", "lock", "shared", "inUse"],
        "properties": {
        "name": {"type": "string"},
        "label": {"$ref": "#/components/schemas/Text"},
        "mode": {
        "type": "string",
        "description": "locked, unlocked, accessed, blocked, lockedDown or lockedOpen"
        },
        "physical": {"type": "string", "description": "open, closed or unknown"},
        "lock": {"type": "string", "description": "secured or released"},
        "alarm": {
        "type": "string", "description": "forced, heldOpen, tampered or contactFault"
        },
        "shared": {"type": "boolean", "description": "An estate's own panel is in charge"},
        "egress": {
        "type": "string",
        "description": "How people get out when nothing works: hardware or handle"
        },
        "inUse": {
        "type": "boolean",
        "description": "Somebody is let through, or waits for the journal to be"
        }
        }
        },
        "Journal": {
        "type": "object",
        "required": [
        "state", "oldestSequence", "lastSequence", "volatile", "waited", "commits", "bytes"
        ],
        "properties": {
        "state": {
        "type": "string", "description": "opening, running, slow, failed or silent"
        },
        "store": {"type": "string"},
        "oldestSequence": {"type": "integer"},
        "lastSequence": {"type": "integer"},
        "head": {"type": "string", "description": "The chain's digest"},
        "volatile": {
        "type": "boolean", "description": "The medium is dead, entries are in memory only"
        },
        "waited": {"type": "boolean", "description": "Grants wait for their commit"},
        "commits": {"type": "integer"},
        "bytes": {"type": "integer"},
        "commitMedian": {"type": "integer", "description": "Microseconds"},
        "commitP99": {"type": "integer", "description": "Microseconds"},
        "commitMax": {"type": "integer", "description": "Microseconds"}
        }
        }
        """

    static let deviceSchemas = """
        "Devices": {
        "type": "object", "required": ["devices"],
        "properties": {
        "devices": {"type": "array", "items": {"$ref": "#/components/schemas/Device"}}
        }
        },
        "Device": {
        "type": "object",
        "required": [
        "name", "label", "profile", "driver", "doors", "state", "faults", "counters"
        ],
        "properties": {
        "name": {"type": "string"},
        "label": {"$ref": "#/components/schemas/Text"},
        "profile": {"type": "string"},
        "driver": {"type": "string"},
        "views": {
        "description": "Of a reader: how the roster is searched, in order",
        "type": "array", "items": {"type": "string"}
        },
        "doors": {
        "type": "array", "items": {"type": "string"}, "description": "Doors that it serves"
        },
        "state": {"type": "string", "description": "ok or faulty"},
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "counters": {
        "description": "What it counted since the station's start",
        "type": "object", "additionalProperties": {"type": "integer"}
        },
        "points": {
        "description": "What it measures and says; missing: it has no points",
        "type": "array", "items": {"$ref": "#/components/schemas/Point"}
        },
        "actions": {
        "description": "What it can be told; missing: nothing",
        "type": "array", "items": {"$ref": "#/components/schemas/Action"}
        },
        "guards": {
        "description": "Its safety rules; missing: it has none",
        "type": "array", "items": {"$ref": "#/components/schemas/Guard"}
        }
        }
        },
        "Action": {
        "type": "object", "required": ["name", "arguments"],
        "properties": {
        "name": {"type": "string"},
        "arguments": {"type": "array", "items": {"$ref": "#/components/schemas/Argument"}}
        }
        },
        "Argument": {
        "type": "object", "required": ["name", "lowest", "highest"],
        "properties": {
        "name": {"type": "string"},
        "lowest": {"type": "string", "description": "A decimal number"},
        "highest": {"type": "string", "description": "A decimal number"}
        }
        },
        "Guard": {
        "type": "object", "required": ["name", "stands", "acts", "secured", "escalated"],
        "properties": {
        "name": {"type": "string"},
        "stands": {"type": "boolean", "description": "It has tripped and is not over"},
        "since": {"type": "integer", "description": "Milliseconds since 1970"},
        "time": {"type": "string", "format": "date-time"},
        "acts": {"type": "boolean", "description": "Whether it has anything done"},
        "secured": {
        "type": "boolean", "description": "Whether what it had done is confirmed"
        },
        "unseen": {
        "type": "boolean",
        "description": "It was told, and nothing shows whether that was obeyed"
        },
        "escalated": {
        "type": "boolean", "description": "Whether the outer actuator had to act"
        }
        }
        },
        "Point": {
        "type": "object", "required": ["name", "kind", "quality"],
        "properties": {
        "name": {"type": "string"},
        "kind": {"type": "string", "description": "level, total, state or event"},
        "unit": {"type": "string", "description": "As UCUM writes it"},
        "value": {
        "type": "string",
        "description": "A decimal number; missing: nobody knows it, or it is a state"
        },
        "state": {"type": "string", "description": "Missing: nobody knows it, or it is a number"},
        "quality": {
        "type": "string",
        "description": "unread, good, estimated, stale, outOfRange or absent"
        },
        "ageMilliseconds": {"type": "integer", "description": "Missing: never read"}
        }
        },
        "Fault": {
        "type": "object", "required": ["kind", "since", "time"],
        "properties": {
        "kind": {"type": "string"},
        "since": {"type": "integer", "description": "Milliseconds since 1970"},
        "time": {"type": "string", "format": "date-time"},
        "detail": {
        "type": "string",
        "description": "Of insecure: why a reader's secure channel is not believed"
        }
        }
        }
        """
}
