// The station's hardware and the people around it, as one list of things to come.

public import EventLoop
public import Profiles
public import StationCore

/// The physical world of a simulated station: wires, readers, doors, chips and riders.
///
/// It stands where the hardware stands. In batch mode `VirtualSelector` moves it in virtual time;
/// in live mode the real clock does. Single-threaded, like the loop that drives it.
public final class VirtualPlant {
    enum Event {
        case wire(LineID, isActive: Bool)
        case arrival
        case tap(Tap)
        case pull(DoorID, isFromInside: Bool, tries: Int)
        case shut(DoorID)
        case exit(DoorID)
        case force(DoorID)
        case chipGone(Int)
        case chipBack(Int)
        case pulled(Int)
        case plugged(Int)
        case order(Order)
        case fault
        case calm
        case close
        case comes(bank: Int)
        case visit(LockerVisit)
        case again(LockerVisit)
        case boardWell(bank: Int)
        case services(ServiceHappening)
    }

    /// Somebody holds a card to a reader.
    struct Tap {
        var resident: Resident
        var reader: Int
        var door: DoorID
        var damage: CardDamage?
        var tries: Int
    }

    /// Something that a person or the hub orders, or that happens to clock and disk: the world
    /// carries it out.
    public enum Order: Sendable, Equatable {
        case command(DoorID, DoorCommand, Authority)
        case clock(stepMilliseconds: Int64, ClockQuality)
        case disk(DiskMood)
        /// The disk dies so many operations from now, and shortly after it the machine.
        case brownOut(operations: Int)
        case powerOff
        /// A crew looks into boxes that are out of use.
        case lookIntoBoxes
        /// A crew closes contactors that are open.
        case closeMains
    }

    public let station: ResolvedStation
    public let readers: [VirtualReader]
    public private(set) var swarm: Swarm
    var board: LineBoard
    var doors: [VirtualDoor]
    /// What stands at the end of each channel, in the order of `station.channels`.
    public let twins: [any ReaderTwin]
    /// The readers on channels.
    public let channelReaders: [ChannelReader]
    private let readerKeys: [(reader: DeviceID, key: OSDPKey)]
    var agenda = Agenda<Event>()
    var orders: [Order] = []
    /// What happened physically; the checkers ask it for causes.
    public internal(set) var witness: Witness

    /// Lockers on the wall.
    var banks: [VirtualLockers]
    /// What must never be seen there, and was.
    var broken: [Violation] = []
    /// People at lockers, apart from those at doors.
    var strollers: SplitMix64
    /// Everything else that people use; there once the plant is.
    private(set) var services: VirtualServices?
    /// The wall clock's seconds at the start, as nobody ever steps it.
    private let wall: WallTime
    private let start: Instant
    /// What visitors show to code scanners.
    public var passes: [VisitorPass] = []

    let residents: [Resident]
    /// Only looked up, never walked through.
    let placeByNumber: [Number: Int]
    /// Riders in a minute, in thousandths.
    let ridersPerThousandMinutes: Int
    var people: SplitMix64
    var wires: SplitMix64
    var mischief: SplitMix64
    /// What readers on channels do, apart from the wires' chance.
    var fingers: SplitMix64
    /// A wire changed that somebody reads, or an order waits.
    private var isStirred = false
    /// Riders still come.
    var isOpen = true

    public init(
        _ station: ResolvedStation, residents: [Resident], ridersPerThousandMinutes: Int,
        swarm: Swarm, seed: SplitMix64, start: Instant, population: Population? = nil,
        wall: WallTime = WallTime(seconds: 1_780_272_000)
    ) {
        let channels = ChannelTwins(station, seed: seed.fork("channels"))
        twins = channels.all
        readerKeys = channels.keys
        channelReaders = ChannelReader.readers(of: station)
        self.station = station
        self.residents = residents
        self.wall = wall
        self.start = start
        placeByNumber = Dictionary(
            residents.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        self.swarm = swarm
        self.ridersPerThousandMinutes = ridersPerThousandMinutes
        readers = VirtualReader.readers(of: station, chance: seed.fork("readers"))
        board = LineBoard(station)
        doors = station.doors.indices.map { VirtualDoor(DoorID($0), of: station) }
        witness = Witness(
            doors: station.doors.count, chips: board.chips.count,
            devices: station.devices.count)
        people = seed.fork("people")
        wires = seed.fork("wires")
        mischief = seed.fork("mischief")
        fingers = seed.fork("fingers")
        strollers = seed.fork("strollers")
        banks = VirtualLockers.banks(of: station, channels.all)
        for door in doors {
            // Every door is shut when the station starts.
            if let contact = door.contact { _ = board.drive(contact, isActive: true, at: start) }
        }
        for line in station.linesAtRest { _ = board.drive(line, isActive: true, at: start) }
        watchPlugs()
        listen()
        let services = VirtualServices(
            station, plant: self, population: population,
            localSeconds: wall.seconds + Int64(station.station.utcOffsetMinutes) * 60, seed: seed,
            start: start)
        self.services = services
        services.scheduleArrivals(after: start)
        if !services.mains.isEmpty { schedule(.order(.closeMains), at: start + Self.mainsRound) }
        if population == nil { scheduleArrival(after: start) }
        scheduleFault(after: start)
        scheduleVisits(after: start)
        if !banks.isEmpty { schedule(.order(.lookIntoBoxes), at: start + Self.crewRound) }
    }

    /// A crew comes so often.
    private static let crewRound = Interval.seconds(600)
    /// Somebody sees so soon that all sockets are dark.
    private static let mainsRound = Interval.seconds(20)

    /// Tells a station what it would have in its state directory: its readers' keys.
    public func teach(_ station: inout Station, at now: Instant) {
        for (reader, key) in readerKeys {
            station.learned(OSDPReaderKeys(key: key), of: reader, at: now)
        }
    }

    /// When the next thing happens.
    public var nextEvent: Instant? { agenda.next }

    func schedule(_ event: Event, at instant: Instant) { agenda.add(event, at: instant) }

    // MARK: Time

    /// Lets the world go on until something can be read or ordered, at most until `end`.
    /// Returns whether something can; the clock then stands at its time.
    func advance(until end: Instant, clock: VirtualClock) -> Bool {
        isStirred = hasReady || !orders.isEmpty
        while !isStirred, let (at, event) = agenda.take(upTo: end) {
            clock.advance(to: at)
            perform(event, at: at)
        }
        return isStirred
    }

    /// Lets everything happen up to `end`, and moves the clock there.
    func settle(at end: Instant, clock: VirtualClock) {
        advance(to: end)
        clock.advance(to: end)
    }

    /// Lets everything happen up to `now`: the real clock moves on by itself.
    public func advance(to now: Instant) {
        while let (at, event) = agenda.take(upTo: now) { perform(event, at: at) }
    }

    private func perform(_ event: Event, at now: Instant) {
        switch event {
        case .wire(let line, let isActive): drive(line, isActive, at: now)
        case .arrival: arrive(at: now)
        case .tap(let tap): play(tap, at: now)
        case .pull(let door, let isFromInside, let tries):
            pull(door, isFromInside: isFromInside, tries: tries, at: now)
        case .shut(let door): shut(door, at: now)
        case .exit(let door): pressExit(door, at: now)
        case .force(let door): force(door, at: now)
        case .chipGone(let chip): removeChip(chip, at: now)
        case .chipBack(let chip):
            board.insert(chip: chip)
            witness.chipChanged(at: now)
        case .pulled(let channel):
            twins[channel].unplug(at: now)
            stir()
        case .plugged(let channel): twins[channel].plug(at: now)
        case .order(let order):
            give(order, at: now)
            if order == .lookIntoBoxes { schedule(.order(order), at: now + Self.crewRound) }
            if order == .closeMains { schedule(.order(order), at: now + Self.mainsRound) }
        case .comes(let bank): come(to: bank, at: now)
        case .visit(let visit): self.visit(visit, at: now)
        case .again(let visit): tapAgain(visit, at: now)
        case .boardWell(let bank): mendBoard(of: bank)
        case .fault: makeFault(at: now)
        case .calm: calmDown(at: now)
        case .close:
            isOpen = false
            services?.close(at: now)
        case .services(let happening): services?.perform(happening, at: now)
        }
    }

    /// What the wall clock would show if nobody ever stepped it.
    func sunTime(at now: Instant) -> WallTime {
        WallTime(seconds: wall.seconds + (now - start).nanoseconds / 1_000_000_000)
    }

    func drive(_ line: LineID, _ isActive: Bool, at now: Instant) {
        if board.drive(line, isActive: isActive, at: now) { isStirred = true }
    }

    func stir() { isStirred = true }

    /// Faults stop for good, and what stood is put right: the liveness phase.
    func calmDown(at now: Instant) {
        swarm = .calm
        for chip in board.chips.indices where !board.isPresent[chip] {
            board.insert(chip: chip)
            witness.chipChanged(at: now)
        }
        for twin in twins { twin.behave(at: now) }
        give(.disk(.healthy), at: now)
        give(.clock(stepMilliseconds: 0, .synced), at: now)
        for door in doors.indices {
            for command in [DoorCommand.releaseLockDown, .unblock, .lock] {
                give(.command(DoorID(door), command, .crew), at: now)
            }
            if doors[door].isOpen { schedule(.shut(DoorID(door)), at: now + .seconds(2)) }
        }
    }

    /// Faults stop at `instant`.
    public func calm(at instant: Instant) { schedule(.calm, at: instant) }

    /// From `instant` on nobody comes any more.
    public func close(at instant: Instant) { schedule(.close, at: instant) }
}
