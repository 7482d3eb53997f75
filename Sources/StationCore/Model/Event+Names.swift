// What journals, hubs and metrics call each event, and how precious it is.

extension Event {
    /// The stable name, as stored and sent.
    public var name: String {
        switch self {
        case .granted: "access.granted"
        case .passGranted: "access.passGranted"
        case .passWithdrawn: "access.passWithdrawn"
        case .denied: "access.denied"
        case .unknownsCounted: "access.unknownsCounted"
        case .released: "door.released"
        case .rosterReplaced: "roster.replaced"
        case .keyInstalled: "key.installed"
        case .commanded: "door.commanded"
        case .commandRefused: "door.commandRefused"
        case .cardShown: "access.cardShown"
        case .readerServiced: "reader.serviced"
        case .enrolment: "key.enrolment"
        case .cardsWithdrawn: "key.cardsWithdrawn"
        case .cardsConfirmed: "key.cardsConfirmed"
        case .approval: "approval.changed"
        case .keyTold: "key.told"
        case .commandTaken: "command.taken"
        case .commandEnded: "command.ended"
        case .secured: "door.secured"
        case .opened: "door.opened"
        case .closed: "door.closed"
        case .forced: "door.forced"
        case .heldOpenSoon: "door.heldOpenSoon"
        case .heldOpen: "door.heldOpen"
        case .alarmEnded: "door.alarmEnded"
        case .exitRequested: "door.exitRequested"
        case .changesCounted: "door.changesCounted"
        case .exitsCounted: "door.exitsCounted"
        case .modeChanged: "door.modeChanged"
        case .grantUnused: "door.grantUnused"
        case .closingVetoed: "door.closingVetoed"
        case .fireCleared: "door.fireCleared"
        case .passbackForgotten: "door.passbackForgotten"
        case .faultRaised: "device.faultRaised"
        case .faultCleared: "device.faultCleared"
        case .readerInsecure: "reader.insecure"
        case .actionOrdered: "action.ordered"
        case .actionEnded: "action.ended"
        case .pointChanged: "point.changed"
        case .pointsCounted: "point.changesCounted"
        case .totalReset: "point.totalReset"
        case .pointSampled: "point.sampled"
        case .guarded: "device.guard"
        case .useBegan: "use.began"
        case .useEnded: "use.ended"
        case .useRefused: "use.refused"
        case .compartment: "box.changed"
        case .servicePart: "part.changed"
        case .hoursChanged: "hours.changed"
        case .noticeSet: "notice.set"
        case .noticeEnded: "notice.ended"
        case .serviceFault(_, _, _, stands: true): "part.faultRaised"
        case .serviceFault(_, _, _, stands: false): "part.faultCleared"
        case .started: "station.started"
        case .stopped: "station.stopped"
        case .stationFaultRaised: "station.faultRaised"
        case .stationFaultCleared: "station.faultCleared"
        case .journalWaiting: "station.journalWaiting"
        case .entriesLost: "station.entriesLost"
        case .storeReplaced: "station.storeReplaced"
        case .readerDiagnosed: "reader.diagnosed"
        case .misreadsCounted: "reader.misreadsCounted"
        case .edgesLost: "device.edgesLost"
        case .clockChanged: "station.clockChanged"
        }
    }

    /// Decides how soon it is committed and how late it is dropped.
    public var entryClass: EntryClass {
        switch self {
        case .granted, .passGranted, .passWithdrawn, .denied, .unknownsCounted, .released,
            .rosterReplaced, .keyInstalled, .commanded, .commandRefused, .cardShown,
            .readerServiced, .enrolment, .cardsWithdrawn, .cardsConfirmed, .keyTold, .approval,
            .commandTaken, .commandEnded, .entriesLost, .readerInsecure, .actionOrdered,
            .actionEnded, .guarded, .useBegan, .useEnded, .useRefused, .hoursChanged, .noticeSet,
            .noticeEnded, .compartment(_, _, .reopened, _), .compartment(_, _, .ordered, _),
            .compartment(_, _, .forced, _), .compartment(_, _, .cleared, _),
            .servicePart(_, _, .unlocked, _, _), .servicePart(_, _, .stopAsked, _, _),
            .servicePart(_, _, .resetAsked, _, _), .servicePart(_, _, .restockAsked, _, _),
            .servicePart(_, _, .wasPutIn, _, _), .servicePart(_, _, .wasTaken, _, _),
            .servicePart(_, _, .owed, _, _), .servicePart(_, _, .settled, _, _),
            .servicePart(_, _, .helpAccepted, _, _), .servicePart(_, _, .helpDeclined, _, _),
            .servicePart(_, _, .helped, _, _), .servicePart(_, _, .helpCancelled, _, _),
            .faultRaised(_, .tampered), .faultCleared(_, .tampered):
            .p0
        case .secured, .opened, .closed, .forced, .heldOpenSoon, .heldOpen, .alarmEnded,
            .exitRequested, .changesCounted, .exitsCounted, .modeChanged, .grantUnused,
            .closingVetoed, .fireCleared, .passbackForgotten,
            .faultRaised, .faultCleared, .started, .stopped, .stationFaultRaised,
            .stationFaultCleared, .journalWaiting, .storeReplaced, .pointChanged, .totalReset,
            .pointsCounted, .compartment, .servicePart, .serviceFault:
            .p1
        case .readerDiagnosed, .misreadsCounted, .edgesLost, .clockChanged:
            .p2
        case .pointSampled: .p3
        }
    }

    /// When the snapshot is due that has it: what the next run has to know.
    public enum Keeping: Sendable, Equatable {
        /// Whenever it is written next: the journal says it as well.
        case later
        /// With the next tick, or a second after the last time.
        case soon
        /// With the next tick.
        case now
    }

    public var keeping: Keeping {
        switch self {
        // A use of a pass must not be given back by a power cut, and a mode outlives us.
        // Nothing but the snapshot has a notice's text.
        case .modeChanged, .passGranted, .passWithdrawn, .noticeSet, .noticeEnded: .now
        case .guarded(_, _, let step, _, _): step.stands == nil ? .later : .now
        // What nobody asked for, a counter's every passage, wears no medium.
        case .useBegan(_, _, .sensor), .useEnded(_, _, .sensor, _, _, _): .later
        // Whose a box is must be known even if the journal is damaged by the next cut.
        case .useBegan, .useEnded, .hoursChanged: .soon
        case .compartment(_, _, let step, _):
            switch step {
            case .cleared, .blocked, .unblocked, .unknown, .jammed, .forced, .itemForgotten: .soon
            case .reopened, .ordered, .opened, .closed, .unreachable, .leftOpen, .overtime,
                .flapping:
                .later
            }
        case .servicePart(_, _, let step, _, _):
            switch step {
            case .restocked, .outOfOrder, .inOrder, .filterChanged, .claimed, .reset, .paused,
                .unpaused, .putIn, .wasPutIn, .takeBack, .take, .wasTaken, .owed, .helpAsked,
                .helpAccepted, .helpDeclined, .helpOverdue:
                .soon
            default: .later
            }
        case .serviceFault(_, _, let fault, _):
            switch fault {
            case .relayStuck, .burning, .restockDue: .soon
            default: .later
            }
        default: .later
        }
    }

    /// The device it concerns, when there is one.
    public var device: DeviceID? {
        switch self {
        case .granted(_, let reader, _, _), .passGranted(_, let reader, _, _, _),
            .passWithdrawn(_, let reader, _, _, _), .denied(_, let reader, _, _),
            .cardShown(let reader, _),
            .unknownsCounted(let reader, _), .misreadsCounted(let reader, _),
            .readerDiagnosed(let reader, _, _), .readerInsecure(let reader, _),
            .readerServiced(let reader, _, _), .enrolment(let reader, _, _, _, _),
            .useRefused(_, let reader, _, _):
            reader
        case .faultRaised(let device, _), .faultCleared(let device, _), .edgesLost(let device, _),
            .actionOrdered(let device, _, _, _), .actionEnded(let device, _, _, _),
            .pointChanged(let device, _, _, _), .totalReset(let device, _, _),
            .pointSampled(let device, _, _, _), .pointsCounted(let device, _),
            .guarded(let device, _, _, _, _):
            device
        default: nil
        }
    }

    /// The door it concerns, when there is one.
    public var door: DoorID? {
        switch self {
        case .granted(let door, _, _, _), .passGranted(let door, _, _, _, _),
            .passWithdrawn(let door, _, _, _, _), .denied(let door, _, _, _),
            .released(let door, _, _, _, _), .commanded(let door, _, _),
            .commandRefused(let door, _, _, _), .secured(let door),
            .opened(let door), .closed(let door), .forced(let door), .heldOpenSoon(let door),
            .heldOpen(let door), .alarmEnded(let door), .exitRequested(let door),
            .modeChanged(let door, _, _), .grantUnused(let door), .changesCounted(let door, _),
            .exitsCounted(let door, _), .closingVetoed(let door), .fireCleared(let door),
            .passbackForgotten(let door, _):
            door
        default: nil
        }
    }
}

extension GrantNote {
    public var name: String {
        switch self {
        case .none: "none"
        case .grace: "grace"
        case .clockUntrusted: "clockUntrusted"
        case .journalSlow: "journalSlow"
        case .passback: "passback"
        }
    }
}

extension ReleaseCause {
    public var name: String {
        switch self {
        case .key: "key"
        case .exitButton: "exitButton"
        case .fire: "fire"
        case .schedule: "schedule"
        case .command: "command"
        }
    }
}

extension Authority {
    public var name: String {
        switch self {
        case .fire: "fire"
        case .lockdown: "lockdown"
        case .crew: "crew"
        case .hub: "hub"
        case .schedule: "schedule"
        case .card: "card"
        }
    }
}

extension DoorMode {
    public var name: String {
        switch self {
        case .locked: "locked"
        case .unlocked: "unlocked"
        case .accessed: "accessed"
        case .blocked: "blocked"
        case .lockedDown: "lockedDown"
        case .lockedOpen: "lockedOpen"
        }
    }
}

extension DoorCommand {
    public var name: String {
        switch self {
        case .access: "access"
        case .unlock: "unlock"
        case .lock: "lock"
        case .block: "block"
        case .unblock: "unblock"
        case .lockDown: "lockDown"
        case .releaseLockDown: "releaseLockDown"
        case .resetFire: "resetFire"
        case .forgetPassback: "forgetPassback"
        }
    }
}

extension ReaderService {
    public var name: String {
        switch self {
        case .reset: "reset"
        case .installBegun: "installBegun"
        case .installed: "installed"
        case .installEnded: "installEnded"
        case .installRefused: "installRefused"
        case .installNotKept: "installNotKept"
        case .installDoubtful: "installDoubtful"
        case .moveBegun: "moveBegun"
        case .moved: "moved"
        case .moveFailed: "moveFailed"
        case .tested: "tested"
        }
    }
}

extension StoreChange {
    public var name: String {
        switch self {
        case .corrupt: "corrupt"
        case .rewound: "rewound"
        case .renamed: "renamed"
        }
    }
}

extension Fault {
    /// What the station itself can suffer, apart from its devices.
    public static let ofStation: [Fault] = [
        .journalSlow, .journalFailed, .socketClosed,
        .snapshotFailed, .rosterUnusable, .modesUnknown, .stuck, .clerkStuck, .passesUnusable,
        .cardsUnusable, .usesUnknown, .marksUnusable,
    ]

    public var name: String {
        switch self {
        case .missing: "missing"
        case .busy: "busy"
        case .lost: "lost"
        case .frozen: "frozen"
        case .contactFlaky: "contactFlaky"
        case .overrun: "overrun"
        case .linesSwapped: "linesSwapped"
        case .journalSlow: "journalSlow"
        case .journalFailed: "journalFailed"
        case .stuck: "stuck"
        case .socketClosed: "socketClosed"
        case .silent: "silent"
        case .garbled: "garbled"
        case .wrongModel: "wrongModel"
        case .insecure: "insecure"
        case .snapshotFailed: "snapshotFailed"
        case .rosterUnusable: "rosterUnusable"
        case .modesUnknown: "modesUnknown"
        case .tampered: "tampered"
        case .powerLow: "powerLow"
        case .clerkStuck: "clerkStuck"
        case .passesUnusable: "passesUnusable"
        case .cardsUnusable: "cardsUnusable"
        case .repeating: "repeating"
        case .readerKeysUnusable: "readerKeysUnusable"
        case .refusing: "refusing"
        case .usesUnknown: "usesUnknown"
        case .guardStands: "guardStands"
        case .notSecured: "notSecured"
        case .marksUnusable: "marksUnusable"
        }
    }
}

extension ReadDiagnosis {
    /// What can be wrong with pulses; the others are for bytes and keys.
    public static let ofWiegand: [ReadDiagnosis] = [
        .parity, .linesSwapped, .doubledEdges, .lostBits, .extraBits, .overflow, .glitch,
        .collision, .edgesLost, .keypad,
    ]

    public var name: String {
        switch self {
        case .parity: "parity"
        case .linesSwapped: "linesSwapped"
        case .doubledEdges: "doubledEdges"
        case .lostBits: "lostBits"
        case .extraBits: "extraBits"
        case .overflow: "overflow"
        case .glitch: "glitch"
        case .collision: "collision"
        case .edgesLost: "edgesLost"
        case .keypad: "keypad"
        case .damaged: "damaged"
        case .typed: "typed"
        case .strangeCard: "strangeCard"
        case .takenAway: "takenAway"
        case .unreadable: "unreadable"
        case .halfUID: "halfUID"
        }
    }
}

extension PointReading.Quality {
    public var name: String {
        switch self {
        case .unread: "unread"
        case .good: "good"
        case .estimated: "estimated"
        case .stale: "stale"
        case .outOfRange: "outOfRange"
        case .absent: "absent"
        }
    }
}

extension UseSource {
    public var name: String {
        switch self {
        case .key: "key"
        case .pass: "pass"
        case .button: "button"
        case .sensor: "sensor"
        case .command: "command"
        }
    }
}

extension UseEnd {
    public var name: String {
        switch self {
        case .ended: "ended"
        case .delivered: "delivered"
        case .full: "full"
        case .timeLimit: "timeLimit"
        case .quota: "quota"
        case .noLoad: "noLoad"
        case .unplugged: "unplugged"
        case .overload: "overload"
        case .overTemperature: "overTemperature"
        case .smoke: "smoke"
        case .meterSilent: "meterSilent"
        case .noFlow: "noFlow"
        case .guarded: "guarded"
        case .deviceFailed: "deviceFailed"
        case .mainsLost: "mainsLost"
        case .interrupted: "interrupted"
        case .stopped: "stopped"
        case .closed: "closed"
        case .notWritten: "notWritten"
        }
    }
}

extension CompartmentStep {
    public var name: String {
        switch self {
        case .reopened: "reopened"
        case .ordered: "opening"
        case .opened: "opened"
        case .closed: "closed"
        case .jammed: "jammed"
        case .unreachable: "unreachable"
        case .forced: "forced"
        case .leftOpen: "leftOpen"
        case .itemForgotten: "itemForgotten"
        case .overtime: "overtime"
        case .unknown: "unknown"
        case .cleared: "cleared"
        case .blocked: "blocked"
        case .unblocked: "unblocked"
        case .flapping: "flapping"
        }
    }
}
