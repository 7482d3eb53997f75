// What a driver is: one machine per device, fed with facts, answering with facts and line values.

public import EventLoop

/// One device's machine. A struct; the station holds `any Driver`, made at start and mutated in
/// place, so that an input allocates nothing.
///
/// `nextDeadline` changes only during `handle`. A deadline that comes early or twice is harmless.
public protocol Driver: Sendable {
    /// Advances the machine by one input.
    mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs)

    /// `handle`, and then `nextDeadline`, behind one opening of the existential.
    mutating func advance(
        by input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) -> Instant?

    /// Takes edges, oldest first, until one of them has an answer. Returns how many it took.
    /// - Precondition: there is at least one edge.
    mutating func take(_ edges: Span<LineEdge>, into outputs: inout DriverOutputs) -> Int

    /// `take`, and then `nextDeadline`, behind one opening of the existential.
    mutating func advance(
        by edges: Span<LineEdge>, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?)

    /// Takes bytes of the device's channel until something comes of them. Returns how many it took,
    /// at least one; messages of `notification` and `descriptor` are taken whole.
    ///
    /// `now` is when they were read: so much later than they came.
    /// - Precondition: there is at least one byte.
    mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int

    /// `receive`, and then `nextDeadline`, behind one opening of the existential.
    mutating func advance(
        by bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?)

    /// A bus passes a command on to one of its members.
    mutating func pass(
        _ command: DriverCommand, to member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs)

    /// A bus has one of its members show a sentence for a while, if it has a display.
    mutating func show(_ sentence: Wording.ID, to member: DeviceID, at now: Instant)

    /// The station knows a member's keys, or others, or none any more.
    mutating func learn(_ keys: OSDPReaderKeys, of member: DeviceID, at now: Instant)

    /// The key that a store is to keep for a member, and whether the member has shown to have it.
    func keyToKeep(of member: DeviceID) -> (key: OSDPKey, isProven: Bool)?

    /// A store keeps the key that a member is to be given, or does not.
    mutating func kept(
        _ isKept: Bool, of member: DeviceID, at now: Instant, into outputs: inout DriverOutputs)

    /// What was counted about a member since the start, by names that never change.
    func counts(of member: DeviceID) -> [(name: StaticString, value: UInt64)]

    /// How long a member's answers took since the start; `nil` for what is not asked.
    func latency(of member: DeviceID) -> BusLatency?

    /// A person wants something done to a member. Returns why it is not.
    mutating func serve(
        _ order: ReaderOrder, for member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ReaderRefusal?

    /// The random bytes that the driver asked for (`DriverOutput.wantsRandom`).
    mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs)

    /// The oldest reading of a member that was not taken yet; asked after `pointsRead`.
    mutating func takePointChange() -> PointChange?

    /// The last readings of a member, in the order of its `shownPoints`; none where there are none.
    func readings(of member: DeviceID) -> [PointReading]

    /// The newest thing that members said by themselves and want to hear of; `nil`: none waits.
    var heldPush: UInt64? { get }

    /// What members said up to that one is written down: they hear that they were heard.
    mutating func release(push: UInt64, at now: Instant, into outputs: inout DriverOutputs)

    /// A bus has one of its members do something. Returns why it does not; else what becomes of it
    /// is taken with `takeActionReport`.
    mutating func perform(
        _ order: ActionOrder, by member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ActionRefusal?

    /// What became of the oldest order that has ended; asked after `actionEnded`.
    mutating func takeActionReport() -> ActionReport?

    /// What the run before knew of a member's totals, by the points' places; told once, at the
    /// start. `nil`: there was such a run, and nobody knows.
    mutating func restore(
        _ totals: [Int: TotalCount]?, of member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs)

    /// What the next run has to know of a member's totals.
    func totals(of member: DeviceID) -> [(point: Int, count: TotalCount)]

    /// A worker has looked at one of the device's files.
    mutating func found(
        _ finding: FileFinding, of point: Int, at now: Instant, into outputs: inout DriverOutputs)

    /// When `handle(.deadline)` is due, or `nil` to be left alone.
    var nextDeadline: Instant? { get }
}

extension Driver {
    /// A device without a channel hears nothing.
    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int { bytes.byteCount }

    public mutating func advance(
        by bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        let taken = receive(bytes, on: pipe, at: now, into: &outputs)
        return (taken, nextDeadline)
    }

    /// A device that is no bus has no members.
    public mutating func pass(
        _ command: DriverCommand, to member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {}

    public mutating func show(_ sentence: Wording.ID, to member: DeviceID, at now: Instant) {}

    public mutating func learn(_ keys: OSDPReaderKeys, of member: DeviceID, at now: Instant) {}

    public func counts(of member: DeviceID) -> [(name: StaticString, value: UInt64)] { [] }

    public func latency(of member: DeviceID) -> BusLatency? { nil }

    public func keyToKeep(of member: DeviceID) -> (key: OSDPKey, isProven: Bool)? { nil }

    public mutating func kept(
        _ isKept: Bool, of member: DeviceID, at now: Instant, into outputs: inout DriverOutputs
    ) {}

    public mutating func serve(
        _ order: ReaderOrder, for member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ReaderRefusal? { .notOnBus }

    public mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs
    ) {}

    public mutating func takePointChange() -> PointChange? { nil }

    public func readings(of member: DeviceID) -> [PointReading] { [] }

    public var heldPush: UInt64? { nil }

    public mutating func release(
        push: UInt64, at now: Instant, into outputs: inout DriverOutputs
    ) {}

    public mutating func perform(
        _ order: ActionOrder, by member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ActionRefusal? { .noAction }

    public mutating func takeActionReport() -> ActionReport? { nil }

    public mutating func restore(
        _ totals: [Int: TotalCount]?, of member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {}

    public func totals(of member: DeviceID) -> [(point: Int, count: TotalCount)] { [] }

    public mutating func found(
        _ finding: FileFinding, of point: Int, at now: Instant, into outputs: inout DriverOutputs
    ) {}

    public mutating func advance(
        by input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) -> Instant? {
        handle(input, at: now, into: &outputs)
        return nextDeadline
    }

    public mutating func advance(
        by edges: Span<LineEdge>, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        let taken = take(edges, into: &outputs)
        return (taken, nextDeadline)
    }

    /// One edge at a time, as `DriverInput.edge`.
    public mutating func take(_ edges: Span<LineEdge>, into outputs: inout DriverOutputs) -> Int {
        let edge = edges[0]
        handle(
            .edge(terminal: edge.terminal, isActive: edge.isActive), at: edge.at, into: &outputs)
        return 1
    }
}

/// A line's change, with the kernel's time stamp.
public struct LineEdge: Sendable {
    /// Which of its device's terminals the line is.
    public var terminal: UInt8
    public var isActive: Bool
    public var at: Instant

    @inlinable
    public init(terminal: UInt8, isActive: Bool, at: Instant) {
        self.terminal = terminal
        self.isActive = isActive
        self.at = at
    }
}

/// A fact that reaches a driver.
public enum DriverInput: Sendable {
    /// A line changed; the kernel's time stamp is the `now` of the call.
    case edge(terminal: UInt8, isActive: Bool)
    /// A line was read: after attaching, and after edges were lost.
    case level(terminal: UInt8, isActive: Bool)
    /// The kernel dropped this many edges of the device's request before they were read.
    case edgesLost(count: UInt32)
    /// The port is there and every output line has its safe value.
    case attached
    /// The port is not there, or not any more.
    case detached(Fault)
    /// `nextDeadline` has come.
    case deadline
    /// The rules want something done.
    case command(DriverCommand)
}

/// What the rules may ask of a device.
public enum DriverCommand: Sendable, Equatable {
    /// Free the door.
    case free
    /// Hold the door.
    case hold
    /// Answer the person at the reader.
    case feedback(Rhythm)
}

/// A fact or a wish that comes out of a driver.
public enum DriverOutput: Sendable {
    /// Somebody presented a credential; its last edge was at `at`.
    case presented(Presentation)
    /// A key on a keypad.
    case keyed(KeypadKey)
    /// A code that is no card's number: its text is the oldest packet that was not taken yet;
    /// `DriverOutputs.scan` appends both.
    case scanned
    /// A read that was no credential.
    case diagnosed(ReadDiagnosis, bits: UInt16)
    /// A contact or button settled on a level. The change began at `since`.
    case settled(isActive: Bool, since: Instant)
    /// The level is not known any more.
    case unsettled
    /// Drive an output line.
    case setLine(terminal: UInt8, isActive: Bool)
    case raised(Fault)
    case cleared(Fault)
    /// Edges were lost; already counted by the driver.
    case lost(UInt32)
    /// A member of the bus answers as it should.
    case online
    /// A member of the bus does not, and why.
    case offline(Fault)
    /// A member of the bus does not prove itself, and is kept offline.
    case insecure(OSDPSecurityFault)
    /// A key of the member is to be kept: `Driver.keyToKeep`. It is not in here, since outputs lie
    /// about in queues.
    case wantsKeeping
    /// What a person had begun at the member came to this.
    case serviced(ReaderService)
    /// Write the oldest packet that was not taken yet; `DriverOutputs.write` appends it.
    case write
    /// See `ChannelOrder`.
    case reset
    case speed(UInt32)
    /// Points of members were read: `Driver.takePointChange`.
    case pointsRead
    /// Orders ended: `Driver.takeActionReport`.
    case actionEnded
    /// Random bytes are to come back through `receive(random:)`.
    case wantsRandom
}

/// A credential with what is needed to read numbers out of it.
public struct Presentation: Sendable, Equatable {
    public var credential: Credential
    /// The Wiegand format that the reader recognised, if it is a Wiegand reader.
    public var format: WiegandFormat?
    public var at: Instant

    public init(credential: Credential, format: WiegandFormat?, at: Instant) {
        self.credential = credential
        self.format = format
        self.at = at
    }
}

/// An output, and whom it is about when it is not the driver's own device.
public struct DriverAnswer: Sendable {
    public var output: DriverOutput
    public var member: DeviceID?
}

/// A bounded list of outputs, made once and used again for every input.
public struct DriverOutputs: ~Copyable, Sendable {
    /// More outputs from one input mean a defect in the driver. A bus may lose all its members at
    /// once. An OSDP line (`ResolvedStation.Limit.membersPerBus`) says up to three things about
    /// each: that it is not there, what became of an order, and that a fault ended with it. A field
    /// bus (`boxesPerBus`) says one.
    public static let capacity = 64
    /// More packets for one input than any protocol sends.
    public static let packetCapacity = 4

    private var queue = FixedQueue<DriverAnswer>(capacity: Self.capacity)
    private var packets = PacketQueue(capacity: Self.packetCapacity * (Packet.capacity + 2))
    private var packetCount = 0

    public init() {}

    /// - Parameter member: whom it is about, when a bus speaks for one of its members.
    public mutating func append(_ output: DriverOutput, for member: DeviceID? = nil) {
        let isTaken = queue.append(DriverAnswer(output: output, member: member))
        precondition(isTaken, "a driver answered one input 65 times")
    }

    /// Has a packet written to the driver's channel.
    public mutating func write(_ packet: Packet) { packet.withBytes { write($0) } }

    /// Has these bytes, one packet, written to the driver's channel.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
        take(bytes)
        append(.write)
    }

    /// Tells of a code. A longer text is none (`KeyedText.capacity`).
    public mutating func scan(_ text: Packet) {
        text.withBytes { take($0) }
        append(.scanned)
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        packetCount &+= 1
        let isTaken = packetCount <= Self.packetCapacity && packets.append(bytes)
        precondition(isTaken, "a driver had five packets for one input")
    }

    public var isEmpty: Bool { queue.isEmpty }

    /// The oldest output that was not taken yet, and the member it is about.
    public mutating func popAnswer() -> DriverAnswer? { queue.popFirst() }
    /// The oldest output that was not taken yet.
    public mutating func popFirst() -> DriverOutput? { queue.popFirst()?.output }
    /// The packet of the oldest `.write` whose packet was not taken yet.
    public mutating func popPacket() -> Packet? { popPacket { Packet($0) } }

    /// The same where it lies, for the call only.
    mutating func popPacket<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard packetCount > 0 else { return nil }
        packetCount &-= 1
        return packets.popFirst(body)
    }
}
