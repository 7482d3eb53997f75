// What really happened outside the core: the checkers ask it for the causes of what the core did.

public import EventLoop
public import StationCore

/// The plant's memory of the last few moments.
public struct Witness: Sendable {
    /// A card that was played on a reader's wires.
    public struct Presentation: Sendable {
        public var key: ShortText
        public var state: KeyState
        public var door: DoorID
        public var reader: DeviceID
        public var damage: CardDamage?
        /// The process could read the wires when the card came.
        public var isReadable: Bool
        public var start: Instant
        public var end: Instant
        /// Two cards that come closer than this may be taken for one, or for none.
        public var distance: Interval
    }

    /// A code that was held before a scanner.
    public struct Showing: Sendable {
        /// The pass's name that it claims.
        public var name: ShortText
        /// Whether somebody whom the station trusts has signed it.
        public var isGenuine: Bool
        public var reader: DeviceID
        public var start: Instant
        public var end: Instant
    }

    /// How long a presentation is remembered.
    static let memory = Interval.seconds(4)
    /// How long a showing is: a code is typed, and its grant may wait.
    static let showingMemory = Interval.seconds(60)

    public private(set) var presentations: [Presentation] = []
    public private(set) var showings: [Showing] = []
    /// Each exit button's last press.
    private var presses: [(from: Instant, to: Instant)?]
    private var forcings: [Instant?]
    private var movements: [Instant?]
    private var commands: [(door: DoorID, command: DoorCommand, at: Instant)] = []
    public private(set) var lastChipChange: Instant?
    /// How many cards were played so far.
    public private(set) var presented = 0
    /// What readers played to whoever stands there, and how often they did so far.
    private(set) var sounds: [(reader: DeviceID, at: Instant)] = []
    private(set) var played = 0
    public private(set) var pressedExits = 0
    /// Whatever a reader did not tell, or told twice, up to then: its mischief is the reason.
    private var explainedUntil: [Instant]

    init(doors: Int, chips: Int, devices: Int) {
        explainedUntil = Array(repeating: Instant(nanoseconds: 0), count: devices)
        presses = Array(repeating: nil, count: doors)
        forcings = Array(repeating: nil, count: doors)
        movements = Array(repeating: nil, count: doors)
    }

    mutating func presented(_ presentation: Presentation) {
        presented += 1
        presentations.removeAll { $0.end + Self.memory < presentation.start }
        presentations.append(presentation)
    }

    mutating func shown(_ showing: Showing) {
        showings.removeAll { $0.end + Self.showingMemory < showing.start }
        showings.append(showing)
    }

    /// A reader sounds.
    mutating func sounded(_ reader: DeviceID, at now: Instant) {
        played += 1
        sounds.removeAll { $0.at + Self.memory < now }
        sounds.append((reader, now))
    }

    mutating func pressed(_ door: DoorID, from: Instant, to: Instant) {
        pressedExits += 1
        presses[Int(door.index)] = (from, to)
    }

    mutating func forced(_ door: DoorID, at now: Instant) { forcings[Int(door.index)] = now }
    mutating func moved(_ door: DoorID, at now: Instant) { movements[Int(door.index)] = now }
    mutating func chipChanged(at now: Instant) { lastChipChange = now }

    mutating func commanded(_ door: DoorID, _ command: DoorCommand, at now: Instant) {
        commands.removeAll { $0.at + Self.memory < now }
        commands.append((door, command, now))
    }

    mutating func troubled(_ reader: DeviceID, until end: Instant) {
        explainedUntil[Int(reader.index)] = end
    }

    // MARK: Questions

    /// Whether a reader's mischief explains what happened to a card that came at `start`.
    func isExplained(_ reader: DeviceID, since start: Instant) -> Bool {
        start <= explainedUntil[Int(reader.index)]
    }

    /// Whether another card came to a reader while the key's lay there: then neither may be read
    /// until one is taken away, and the other is a new tap.
    func wasDrowned(_ key: ShortText, at reader: DeviceID) -> Bool {
        presentations.contains { card in
            card.key == key && card.reader == reader
                && presentations.contains { other in
                    other.reader == reader && other.key != key && other.start < card.end
                        && card.start < other.end
                }
        }
    }

    /// Whether the key's card was at one of the door's readers shortly before.
    func wasPresented(_ key: ShortText, at door: DoorID, within span: Interval, of now: Instant)
        -> Bool
    {
        presentations.contains { $0.key == key && $0.door == door && now < $0.end + span }
    }

    /// Whether the key's card was seen lately and is lost or blocked.
    func isBarred(_ key: ShortText) -> Bool {
        presentations.contains { $0.key == key && $0.state != .active }
    }

    func wasPressed(_ door: DoorID, within span: Interval, of now: Instant) -> Bool {
        presses[Int(door.index)].map { now < $0.to + span } ?? false
    }

    func wasForced(_ door: DoorID, within span: Interval, of now: Instant) -> Bool {
        forcings[Int(door.index)].map { now < $0 + span } ?? false
    }

    func wasCommanded(
        _ door: DoorID, _ command: DoorCommand, within span: Interval, of now: Instant
    ) -> Bool {
        commands.contains { $0.door == door && $0.command == command && now < $0.at + span }
    }

    func didChipsChange(within span: Interval, of now: Instant) -> Bool {
        lastChipChange.map { now < $0 + span } ?? false
    }
}
