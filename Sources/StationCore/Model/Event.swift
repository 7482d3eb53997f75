// The journal's catalogue: every fact that can be written down, declared once.
//
// Each case says what happened, its cause, and what the crew does about it. The name and class of a
// case are what journals, hubs and metrics see; names never change, cases are only added.

public import EventLoop

/// A fact in the past tense.
public enum Event: Sendable, Equatable {
    // MARK: Access (P0)

    /// A key was let through. Cause: a tap that passed every step. Crew: nothing.
    case granted(door: DoorID, reader: DeviceID, view: View, note: GrantNote)
    /// Somebody with a day pass was let through, the entry's key is the pass. Cause: a code that is
    /// signed by an issuer whom the station trusts; `use` counts from 1. Crew: nothing.
    case passGranted(
        door: DoorID, reader: DeviceID, use: UInt16, validTo: WallTime, note: GrantNote)
    /// A use of a day pass that was written down let nobody through and does not count; the entry's
    /// key is the pass. Cause: the denial before it. `withdrawn` uses of it do not count by now.
    /// Crew: nothing.
    case passWithdrawn(
        door: DoorID, reader: DeviceID, use: UInt16, withdrawn: UInt16, validTo: WallTime)
    /// A tap was not let through. Cause: `reason`. Crew: see the reason's sentence.
    case denied(door: DoorID, reader: DeviceID, view: View?, reason: Denial)
    /// More unknown credentials, or passes that are not good any more, than are written singly.
    /// Cause: guessing, or a faulty reader.
    /// Crew: look at the reader's diagnosis, then at who stands there.
    case unknownsCounted(reader: DeviceID, count: UInt32)
    /// The lock was freed. Cause: `cause`; for a key, `grant` is the granting entry's ticket, for a
    /// command that of the order's. `latency` runs from the credential's last edge, or the order,
    /// to the line; `note` is `journalSlow` when the grant was not durable yet. A key's release
    /// without a grant: its entry is among those lost. Crew: nothing.
    case released(
        door: DoorID, cause: ReleaseCause, grant: Ticket?, latency: Interval,
        note: GrantNote = .none)
    /// A roster was put in place of the one before, whole. Cause: import or hub. Crew: nothing.
    case rosterReplaced(version: UInt64, keys: UInt32, refused: UInt32)
    /// A station key came into being or was installed. Cause: `stationctl key`. Crew: nothing.
    case keyInstalled(epoch: ShortText)
    /// A person or the hub told a door something; the entry's key and holder are the person, where
    /// that is known. Cause: `command`. What came of it follows. Crew: nothing.
    case commanded(door: DoorID, command: DoorCommand, by: Authority)
    /// The door did not do what it was told. Cause: `reason`. Crew: see the reason's sentence.
    case commandRefused(door: DoorID, command: DoorCommand, by: Authority, reason: OrderRefusal)
    /// A crew member was shown whose card it is; the entry's key and holder are the card's. Cause:
    /// `stationctl tap`, by the machine's user of that number. Crew: nothing.
    case cardShown(reader: DeviceID, user: UInt32)
    /// A person did something to a reader, or what a person had begun there came to an end; the
    /// entry's key and holder are the person, where that is known. Cause: `service`. Crew: see the
    /// service's sentence.
    case readerServiced(reader: DeviceID, service: ReaderService, by: Authority)

    /// A card was being made a key at the door. Cause: `step`; the entry's key is the key to be,
    /// the master's for `approved`, and for `known` and `collides` the one that the card is
    /// already: there `device` is the reader that would take it for that. `user` asked for it or
    /// ended it. Crew: see the step's sentence.
    case enrolment(
        reader: DeviceID, step: EnrolmentStep, device: DeviceID?, user: UInt32?, by: Authority)
    /// Cards that were enrolled at the door are no keys any more; the entry's key is whose they
    /// were. Cause: an order of the machine's user of that number. Crew: nothing.
    case cardsWithdrawn(user: UInt32?, by: Authority)
    /// A roster that came has taken over keys that were enrolled at the door, and says from now on
    /// what they open; the entry's key is the one, and none where `count` says of how many. Cause:
    /// it has their ids, or the numbers of their cards. Crew: nothing.
    case cardsConfirmed(count: UInt32, by: Authority)
    /// An operation that two masters have to agree to; the entry's key and holder are theirs who
    /// asked, or who agreed. Cause: `step`; `user` asked. Crew: see the step's sentence.
    case approval(MasterOperation, ApprovalStep, user: UInt32?, by: Authority)
    /// The station's own word about a key, or the end of one; the entry's key is the one it is
    /// about, and none where `count` says of how many. Cause: `word`, by the machine's user of that
    /// number, or a roster that says so itself. Crew: nothing.
    case keyTold(word: KeyWord, count: UInt32, user: UInt32?, by: Authority)

    /// A hub's signed command was taken up; the entry's key is the command, its holder the hub.
    /// Cause: a command whose time has come and that was never taken up before. `digest` tells
    /// commands of one id apart. Crew: nothing.
    case commandTaken(subject: CommandSubject, expires: WallTime, digest: UInt64)
    /// That came to an end; the entry's key is the command. Cause: `outcome`. Crew: see the
    /// outcome's sentence.
    case commandEnded(CommandOutcome)

    // MARK: Doors (P1)

    /// The lock holds again. Cause: the release time ended, or the door was opened (or closed).
    case secured(door: DoorID)
    /// The door leaf left its contact. Cause: somebody used the door.
    case opened(door: DoorID)
    /// The door leaf is back at its contact.
    case closed(door: DoorID)
    /// The door was opened and nobody was let through. Crew: go and look; check strike and contact.
    case forced(door: DoorID)
    /// The door will be held open too long shortly. Cause: it is still open. Crew: nothing yet.
    case heldOpenSoon(door: DoorID)
    /// The door is open longer than it may be. Crew: close it; check closer and contact.
    case heldOpen(door: DoorID)
    /// Forced or held open is over: the door is closed.
    case alarmEnded(door: DoorID)
    /// The request-to-exit button was pressed.
    case exitRequested(door: DoorID)
    /// More openings and closings than are written singly, alarms included; how the leaf is now
    /// follows. Cause: a contact that flaps. Crew: check the magnet's gap and the wiring.
    case changesCounted(door: DoorID, count: UInt32)
    /// More presses of the exit button than are written singly. Cause: somebody plays with it, or
    /// its wire is loose. Crew: look at the button.
    case exitsCounted(door: DoorID, count: UInt32)
    /// The door's mode changed. Cause: schedule, command or fire input.
    case modeChanged(door: DoorID, mode: DoorMode, by: Authority)
    /// A grant was not used: the door stayed closed until it was secured. Crew: if often, check
    /// the strike.
    case grantUnused(door: DoorID)
    /// The lock is not told to hold, since something is in the way or nobody knows. Cause: a loop
    /// or a beam under a barrier. Crew: clear the way; if it is clear, look at the sensor.
    case closingVetoed(door: DoorID)
    /// No fire input of the door says fire any more; it stands open until somebody resets it.
    /// Crew: look around, then `stationctl door reset-fire`.
    case fireCleared(door: DoorID)
    /// Who is inside is forgotten, so many holders. Cause: an order. Crew: nothing.
    case passbackForgotten(door: DoorID, count: UInt32)

    // MARK: Devices (P1)

    /// A device stopped doing its work. Crew: the fault's first-aid sentence.
    case faultRaised(device: DeviceID, fault: Fault)
    /// The fault is over.
    case faultCleared(device: DeviceID, fault: Fault)
    /// A reader is kept offline although it answers; written beside its fault `insecure`. Cause:
    /// `flaw`. Crew: see the flaw's sentence. The pauses between two attempts bound how often an
    /// attacker can cause it. (P0)
    case readerInsecure(reader: DeviceID, flaw: OSDPSecurityFault)

    // MARK: Points and actions of devices

    /// A device was told to do something; the entry's key and holder are the person, where that is
    /// known. What became of it follows under the same number. Crew: nothing. (P0)
    case actionOrdered(device: DeviceID, action: UInt8, number: UInt64, by: Authority)
    /// That came to an end. Cause: `outcome`. Crew: on `failed` and `unknown` go and look. (P0)
    case actionEnded(device: DeviceID, action: UInt8, number: UInt64, outcome: ActionOutcome)
    /// A state is another one, or an event happened; without a value nobody knows it, and `quality`
    /// says why. (P1)
    case pointChanged(
        device: DeviceID, point: UInt16, value: DecimalNumber?, quality: PointReading.Quality)
    /// More states of a device changed than are written singly; how they are now follows as they
    /// are read. Cause: a contact that flaps. Crew: check the wiring. (P1)
    case pointsCounted(device: DeviceID, count: UInt32)
    /// A device's own count began anew; `value` is the total that goes on. Cause: it was reset, or
    /// is another one. Crew: nothing, if somebody did that. (P1)
    case totalReset(device: DeviceID, point: UInt16, value: DecimalNumber?)
    /// What a level or a total is, as often as its profile wants that told; without a value
    /// `quality` says why. (P3)
    case pointSampled(
        device: DeviceID, point: UInt16, value: DecimalNumber?, quality: PointReading.Quality)

    /// A guard of a device did something; `rule` is its place in the device's guards, and for a
    /// person's reset the entry's key and holder are the person, where that is known; `count` is
    /// how often it happened since the entry before, of `activeAgain` alone. Cause: `step`. Crew:
    /// see the step's sentence. (P0)
    case guarded(
        device: DeviceID, rule: UInt8, step: GuardStep, by: Authority?, count: UInt16 = 1)

    // MARK: Services

    /// Somebody began to use a part of a service; the entry's key and holder are theirs, where they
    /// have one. Cause: `source`. Crew: nothing. (P0)
    case useBegan(service: ServiceID, unit: UInt16, source: UseSource)
    /// That use is over: how long it took, how much it was. Cause: `end`. Crew: see the end's
    /// sentence. (P0)
    case useEnded(
        service: ServiceID, unit: UInt16, source: UseSource, end: UseEnd, seconds: UInt32,
        amount: UsageAmount)
    /// Somebody asked for a service and did not get it. Cause: `reason`. Crew: see the reason's
    /// sentence. (P0)
    case useRefused(service: ServiceID, reader: DeviceID, view: View?, reason: Denial)
    /// Something happened at a box; the entry's key and holder are theirs who caused it, where that
    /// is known. Cause: `step`. Crew: see the step's sentence. (P0 when somebody had it opened or
    /// it was forced, else P1)
    case compartment(service: ServiceID, unit: UInt16, step: CompartmentStep, by: Authority?)

    /// Something happened at a part of a service; the entry's key and holder are theirs who caused
    /// it, where that is known; `value` is what the step counts, else 0. Cause: `step`. Crew: see
    /// the step's sentence. (P1)
    case servicePart(
        service: ServiceID, unit: UInt16, step: ServiceStep, value: Int64, by: Authority?)
    /// Something is wrong with a part of a service, or is not any more. Cause: `fault`. Crew: the
    /// fault's sentence. (P1)
    case serviceFault(service: ServiceID, unit: UInt16, ServiceFault, stands: Bool)
    /// Somebody decided something over the written hours, or took that back; the entry's key and
    /// holder are theirs, where that is known; `hours` is the set's place. Cause: `note`. Crew:
    /// nothing. (P0)
    case hoursChanged(hours: UInt8, HoursNote, by: Authority)

    /// Somebody has something to be read here until then; the entry's key and holder are theirs,
    /// where that is known. Cause: an order. Crew: nothing. (P0)
    case noticeSet(until: WallTime, by: Authority)
    /// It is read no more. Cause: its time is over (`schedule`), or an order. Crew: nothing. (P0)
    case noticeEnded(by: Authority)

    // MARK: The station itself

    /// The core started and every output has its safe value. (P1)
    case started
    /// The core is about to stop on request. (P1)
    case stopped
    /// The station itself stopped doing part of its work. Cause: `fault`. Crew: the fault's
    /// first-aid sentence. (P1)
    case stationFaultRaised(Fault)
    /// That fault is over. (P1)
    case stationFaultCleared(Fault)
    /// Taps no longer wait for the journal, or wait again. Cause: commits too slow. Crew: check
    /// the SD card. (P1)
    case journalWaiting(Bool)
    /// Grants, denials or edges were not written: the queue before the journal was full. (P0)
    case entriesLost(count: UInt32)
    /// The journal goes on under a new store id. Cause: `cause`. Crew: if it happens again, replace
    /// the SD card. (P1)
    case storeReplaced(cause: StoreChange)

    // MARK: Health (P2)

    /// A read that was no credential. Cause: `diagnosis`. Crew: see the diagnosis's sentence.
    case readerDiagnosed(reader: DeviceID, diagnosis: ReadDiagnosis, bits: UInt16)
    /// More reads that were no credential than are written singly. Cause: interference, or somebody
    /// at the wires. Crew: look at the reader and its cable.
    case misreadsCounted(reader: DeviceID, count: UInt32)
    /// The kernel dropped edges of a device before we read them; beyond ten gaps a minute, the sum
    /// of a minute. Crew: if often, the board is overloaded or a line oscillates.
    case edgesLost(device: DeviceID, count: UInt32)
    /// The clock was set, or its quality changed.
    case clockChanged(quality: ClockQuality, stepMilliseconds: Int64)
}

/// What a grant, or the release that followed it, had to overlook.
public enum GrantNote: UInt8, Sendable, CaseIterable {
    case none = 0
    /// The key expired and is within its days of grace.
    case grace = 1
    /// The clock is not trusted; the floor stood in for it.
    case clockUntrusted = 2
    /// Of a release: the journal missed its deadline, or is not trusted to keep it yet, and the
    /// door was freed before its grant was durable.
    case journalSlow = 3
    /// As far as taps show it the holder was inside already, and the door only notes that.
    case passback = 10
}

/// Why a lock was freed.
public enum ReleaseCause: UInt8, Sendable, CaseIterable {
    case key = 1
    case exitButton = 2
    case fire = 3
    case schedule = 4
    case command = 5
}

/// Who or what gave an order, strongest first (station rules: fire outranks everything).
public enum Authority: UInt8, Comparable, Sendable, CaseIterable {
    case fire = 1
    case lockdown = 2
    case crew = 3
    case hub = 4
    case schedule = 5
    case card = 6

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A door's mode, as ONVIF's door control service names them.
public enum DoorMode: UInt8, Sendable, CaseIterable {
    case locked = 1
    /// Free by schedule or command.
    case unlocked = 2
    /// Free for a moment, for one key.
    case accessed = 3
    /// Out of use: nobody is let through, the exit still works.
    case blocked = 4
    case lockedDown = 5
    case lockedOpen = 6
}

/// What a person or the hub may tell a door.
public enum DoorCommand: UInt8, Sendable, CaseIterable {
    case access = 1
    case unlock = 2
    case lock = 3
    case block = 4
    case unblock = 5
    case lockDown = 6
    case releaseLockDown = 7
    case resetFire = 8
    /// Who is inside the door's area is forgotten; no mode changes.
    case forgetPassback = 20
}

/// What was done to a reader by a person's order.
public enum ReaderService: UInt8, Sendable, CaseIterable {
    /// Its port was opened anew, or it was asked from the beginning.
    case reset = 1
    /// Install mode began: it is to get a key of its own.
    case installBegun = 2
    /// It has its key and has shown it.
    case installed = 3
    /// Install mode ended without a key: time was up, or a person ended it.
    case installEnded = 4
    /// It would not take the key.
    case installRefused = 5
    /// The key could not be stored, so it was not given.
    case installNotKept = 6
    /// Install mode ended after the key was sent: it may have the new one or the old one, and both
    /// are tried.
    case installDoubtful = 7
    /// Another address or speed was asked for.
    case moveBegun = 8
    /// It has the other address or speed.
    case moved = 9
    /// It has not.
    case moveFailed = 10
    /// It was made to show its rhythms.
    case tested = 11
}

/// Why a journal goes on under a new store id.
public enum StoreChange: UInt8, Sendable, CaseIterable {
    /// The file could not be read and was set aside; the new file starts at sequence 1.
    case corrupt = 1
    /// Entries that were once committed are gone: the medium lost what it had promised to keep.
    case rewound = 2
    /// The file was made for a station of another name.
    case renamed = 3
}

/// An operating error of a device or of the station itself, by its coarse kind.
public enum Fault: UInt8, Sendable, CaseIterable {
    /// The port or chip is not there.
    case missing = 1
    /// Another process holds the line or device.
    case busy = 2
    /// It was there and stopped answering, or left.
    case lost = 3
    /// The strike was released in frost and the door did not move, nor did three pulses help.
    case frozen = 4
    /// The contact cannot be believed (changes without end).
    case contactFlaky = 5
    /// Edges come faster than the kernel's buffer can hold.
    case overrun = 6
    /// The reader's lines are swapped.
    case linesSwapped = 7
    /// The station's: a grant was let go before it was durable, or lapsed for that, or the journal
    /// was silent for ten seconds.
    case journalSlow = 8
    /// The station's: commits fail.
    case journalFailed = 9
    /// A worker thread does not answer.
    case stuck = 10
    /// The station's: the control socket cannot be opened. Doors work, and nobody can look in.
    case socketClosed = 11
    /// Its port is there, and it does not answer.
    case silent = 12
    /// It answers, but not as a device of its kind does: a wrong speed, noise, a bad ground.
    case garbled = 13
    /// What is there is another model than the station file says.
    case wrongModel = 14
    /// It does not prove itself, or somebody is between it and us. It stays offline.
    case insecure = 15
    /// The station's: door modes and the clock's floor cannot be written down. A restart would not
    /// know what changed since.
    case snapshotFailed = 16
    /// The station's: the roster's file is damaged, or was made with a key that is not here.
    case rosterUnusable = 17
    /// The station's: nothing says how a door stood before the start. It is locked down.
    case modesUnknown = 18
    /// Its case was opened, or it was taken off the wall.
    case tampered = 19
    /// Its supply is missing or too low.
    case powerLow = 20
    /// The station's: its clerk has been at one task for two minutes. Imports and keys wait behind
    /// it, doors do not.
    case clerkStuck = 21
    /// The station's: the key of its day passes is damaged. They are not taken.
    case passesUnusable = 22
    /// The station's: cards that were enrolled at the door are not known: their file is damaged, or
    /// was made with a key that is not here.
    case cardsUnusable = 23
    /// The reader was away, and has told of a card at every question since: nothing of that opens.
    case repeating = 24
    /// The station's: the file of readers' keys is sealed and the seal is not here, or it cannot be
    /// read. Readers without a key stay offline, and none is given a new one.
    case readerKeysUnusable = 25
    /// It answers, and refuses part of what its profile asks for.
    case refusing = 26
    /// The station's: the journal has not said yet what was in use before the start. Lockers wait.
    case usesUnknown = 27
    /// The station's: which keys were told lost or blocked here is not known: its file is damaged.
    case marksUnusable = 28
    /// One of its guards stands.
    case guardStands = 30
    /// One of its guards stands, and nothing confirms that what it had done is done.
    case notSecured = 31
}

/// Why a burst of Wiegand pulses was not a credential. Parity gives most of these for free.
public enum ReadDiagnosis: UInt8, Sendable, CaseIterable {
    /// A pinned count, but a parity bit is wrong.
    case parity = 1
    /// Both parities fail and the inverted frame passes: D0 and D1 are swapped.
    case linesSwapped = 2
    /// Exactly twice a pinned count: both edges of each pulse were counted.
    case doubledEdges = 3
    /// Fewer bits than any pinned count.
    case lostBits = 4
    /// More bits than any pinned count.
    case extraBits = 5
    /// More bits than a credential can hold.
    case overflow = 6
    /// A lone pulse or two: interference.
    case glitch = 7
    /// Both lines low at once.
    case collision = 8
    /// The kernel dropped edges in the middle of the frame.
    case edgesLost = 9
    /// A keypad burst that is no key.
    case keypad = 10
    /// A frame of bytes that is not whole, or whose check is wrong.
    case damaged = 11
    /// Keys as a person presses them, where a reader is plugged in.
    case typed = 12
    /// A kind of card that a station does not know.
    case strangeCard = 13
    /// A card that was taken away before it was read.
    case takenAway = 14
    /// A card that is there and does not say its number.
    case unreadable = 15
    /// A card whose reader says only the first part of its number.
    case halfUID = 16
}
