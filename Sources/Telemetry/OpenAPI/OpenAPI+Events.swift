// The schemas of errors and events.

extension OpenAPI {
    static let common = """
        "Text": {
        "description": "The same in Chinese and in English",
        "type": "object", "required": ["zh", "en"],
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}
        },
        "Problem": {
        "description": "Why there is no answer, and what to do (RFC 9457)",
        "type": "object", "required": ["type", "title", "status", "detail", "zh", "en"],
        "properties": {
        "type": {
        "type": "string",
        "enum": [\(Problem.Kind.allCases.map {
            "\"urn:stationd:problem:\($0.rawValue)\""
        }.joined(separator: ", "))]
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The path of the request"},
        "zh": {"$ref": "#/components/schemas/ProblemText"},
        "en": {"$ref": "#/components/schemas/ProblemText"},
        "parameter": {"type": "string", "description": "The parameter at fault"},
        "known": {
        "type": "array", "items": {"type": "string"},
        "description": "Names that would have been right"
        },
        "reason": {"type": "string", "description": "A stable word for programs"},
        "store": {"type": "string"},
        "oldest": {"type": "integer"},
        "newest": {"type": "integer"},
        "next": {"$ref": "#/components/schemas/Cursor"}
        }
        },
        "ProblemText": {
        "type": "object", "required": ["title", "detail"],
        "properties": {"title": {"type": "string"}, "detail": {"type": "string"}}
        },
        "Cursor": {
        "description": "A place in the journal, <store>:<sequence>: everything up to and with it \
        was read. Sequence 0 is before the first entry.",
        "type": "string", "pattern": "^[!-~]{1,64}:[0-9]{1,19}$"
        },
        "Alive": {
        "type": "object", "required": ["alive"], "properties": {"alive": {"const": true}}
        },
        "Ready": {
        "type": "object", "required": ["ready", "station"],
        "properties": {"ready": {"const": true}, "station": {"type": "string"}}
        }
        """

    static let eventSchemas = """
        "Envelope": {
        "description": "The batch, with what its header fields say in the body",
        "type": "object",
        "required": ["station", "store", "oldest", "newest", "next", "tombstones", "events"],
        "properties": {
        "station": {"type": "string"},
        "store": {"type": "string"},
        "oldest": {"type": "integer"},
        "newest": {"type": "integer"},
        "next": {"$ref": "#/components/schemas/Cursor"},
        "tombstones": {"type": "integer"},
        "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}
        }
        },
        "Event": {
        "description": "A journal entry as a CloudEvent 1.0",
        "type": "object",
        "required": [
        "specversion", "id", "source", "type", "datacontenttype", "sequence", "data"
        ],
        "properties": {
        "specversion": {"const": "1.0"},
        "id": {
        "type": "string", "pattern": "^[0-9]+(-[0-9]+)?$",
        "description": "The sequence; first-last for a tombstone"
        },
        "source": {
        "type": "string", "format": "uri-reference",
        "description": "/station/<station>/<store>"
        },
        "type": {
        "type": "string", "pattern": "^io\\\\.stationd\\\\.",
        "description": "io.stationd.<kind>, such as io.stationd.access.granted"
        },
        "subject": {"type": "string", "description": "The door, else the device"},
        "time": {
        "type": "string", "format": "date-time",
        "description": "As the station's clock said, in station time; see timequality"
        },
        "datacontenttype": {"const": "application/json"},
        "sequence": {
        "type": "string", "pattern": "^[0-9]{20}$",
        "description": "Zero-padded; the last one of a tombstone. Orders a source's events."
        },
        "bootid": {"type": "string", "description": "One run of the station's kernel"},
        "monotime": {
        "type": "string", "pattern": "^-?[0-9]+$",
        "description": "CLOCK_BOOTTIME in nanoseconds: dates events of a boot exactly once one \
        of them is dated"
        },
        "timequality": {
        "type": "string", "description": "none, restored, holdover or synced"
        },
        "priority": {
        "type": "integer", "minimum": 0, "maximum": 3,
        "description": "0 access and commands, 1 alarms and states, 2 health, 3 samples"
        },
        "chain": {
        "type": "string",
        "description": "The journal chain's digest up to here. Another one for the same source \
        and id means that two stations run from copies of one card."
        },
        "data": {
        "anyOf": [
        {"$ref": "#/components/schemas/EntryData"},
        {"$ref": "#/components/schemas/TombstoneData"}
        ]
        }
        }
        },
        "TombstoneData": {
        "description": "Sequences that the station no longer has",
        "type": "object", "required": ["first", "last", "count", "reason"],
        "properties": {
        "first": {"type": "integer"}, "last": {"type": "integer"},
        "count": {"type": "integer"}, "reason": {"type": "string"}
        }
        },
        "EntryData": {
        "description": "What happened; which members are there depends on the kind",
        "type": "object",
        "properties": {
        "key": {
        "type": "string",
        "description": "The key concerned, or uid:<number> of who gave an order, until its term \
        is over"
        },
        "holder": {"type": "string", "description": "Its holder, or the user's name, likewise"},
        "erased": {"const": true, "description": "Key and holder were erased: term over"},
        "door": {"type": "string"}, "doorLabel": {"$ref": "#/components/schemas/Text"},
        "reader": {"type": "string"}, "device": {"type": "string"},
        "view": {
        "type": "string",
        "description": "The rendering of a card number that was tried, never the number"
        },
        "note": {
        "type": "string",
        "description": "What a grant overlooked: none, grace, clockUntrusted, passback; \
        journalSlow: a release that came before its grant was durable"
        },
        "reason": {
        "type": "string",
        "description": "Why a tap was not let through; why a service is paused: cleaning, repair, \
        weather, staff or other"
        },
        "wording": {"type": "string", "description": "Id of the sentence that the rider met"},
        "cause": {
        "type": "string", "description": "key, exitButton, fire, schedule or command"
        },
        "grant": {"type": "integer", "description": "Sequence of the grant behind a release"},
        "latencyMicroseconds": {
        "type": "integer", "description": "From the card's last edge to the lock's line"
        },
        "mode": {"type": "string"}, "command": {"type": "string"}, "by": {"type": "string"},
        "fault": {"type": "string"}, "flaw": {"type": "string"},
        "diagnosis": {"type": "string"},
        "service": {"type": "string", "description": "What was done to a reader"},
        "step": {
        "type": "string",
        "description": "What came of a card's enrolment; what happened at a guard, a box, or a \
        part of a service"
        },
        "bits": {"type": "integer"}, "count": {"type": "integer"},
        "version": {"type": "integer"}, "keys": {"type": "integer"},
        "refused": {"type": "integer"}, "epoch": {"type": "string"},
        "waiting": {"type": "boolean"}, "quality": {"type": "string"},
        "stepMilliseconds": {"type": "integer"},
        "use": {"type": "integer", "description": "Which use of a day pass, from 1"},
        "validToMilliseconds": {"type": "integer"},
        "withdrawn": {"type": "integer", "description": "Uses of a pass that do not count"},
        "refusal": {
        "type": "string",
        "description": "Why an order came to nothing: doorMode, lockMissing, lockDuty, \
        notRecorded, overtaken, outranked, interlock, fire"
        },
        "user": {
        "type": "integer", "description": "The machine's user who did it, or was shown a holder"
        },
        "told": {
        "type": "string",
        "description": "What the station says of a key: lost, blocked, lifted, confirmed"
        },
        "operation": {"type": "string", "description": "What two masters are asked to agree to"},
        "approval": {
        "type": "string", "description": "requested, agreed, approved, lapsed or cancelled"
        },
        "point": {"type": "string"},
        "value": {"type": "string", "description": "A decimal number"},
        "unit": {"type": "string", "description": "As UCUM writes it"},
        "state": {"type": "string"},
        "action": {"type": "string", "description": "What a device was told"},
        "order": {"type": "integer", "description": "The same of an action's order and its end"},
        "outcome": {
        "type": "string",
        "description": "Of an action: confirmed, accepted, failed or unknown; of a hub's command: \
        done, interrupted, or why not"
        },
        "subject": {"type": "string", "description": "What a hub's command is about"},
        "textDigest": {
        "type": "string", "description": "The first 16 digits of the SHA-256 of its text"
        },
        "guard": {"type": "string"},
        "serviceName": {"type": "string", "description": "Of a use, a box or a part"},
        "place": {"type": "string", "description": "What is painted on the part"},
        "source": {
        "type": "string", "description": "How a use came about: key, pass, button, sensor, command"
        },
        "end": {"type": "string", "description": "How a use ended"},
        "seconds": {"type": "integer", "description": "How long a use took"},
        "amount": {"type": "integer", "description": "How much a use was"},
        "amountUnit": {"type": "string", "description": "times, mL or W.h"},
        "estimated": {"type": "boolean", "description": "Part of the amount was not seen"},
        "untilMilliseconds": {
        "type": "integer",
        "description": "Until when a pause, hours for severe weather, a hub's command or a notice \
        hold; since 1970"
        },
        "hours": {"type": "string", "description": "A set of opening hours"},
        "change": {
        "type": "string",
        "description": "What somebody decided over them: today, severeWeather or planned"
        },
        "date": {"type": "string", "format": "date", "description": "Of today"},
        "open": {"type": "string", "description": "That day's hours, or closed"}
        }
        }
        """
}
