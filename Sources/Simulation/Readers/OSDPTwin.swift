// An OSDP line among the other twins: what its readers do wrong is asked for by the same words.

public import EventLoop
public import StationCore

/// The twin of a line of OSDP readers, with its plug and its mischief.
public final class OSDPTwin: ReaderTwin {
    public let line: VirtualOSDPLine
    public var condition = TwinCondition()
    private let devices: [DeviceID]
    private var chance: SplitMix64

    public init(
        _ pds: [VirtualPD], devices: [DeviceID], baud: UInt32, chance: SplitMix64
    ) {
        line = VirtualOSDPLine(pds, devices: devices, baud: baud)
        self.devices = devices
        self.chance = chance
    }

    public var mischiefs: [ReaderMischief.Kind] {
        [.late, .cut, .wrongSequence, .refusal, .garbled, .resetInHandshake, .unplug]
    }

    public func opened(at now: Instant) -> [UInt8] {
        condition.isOpen = true
        return line.opened(at: now)
    }

    public func written(_ packet: Packet, at now: Instant) {
        line.written(packet, at: now)
        // It is watched while every reader on it has its channel, or wants none.
        let isWatched = line.pds.allSatisfy { $0.isSecure || !$0.wantsChannel }
        // Cards from before a reader is online are dropped.
        if isWatched, !condition.isWatched { condition.explains(until: now + .seconds(1)) }
        condition.isWatched = isWatched
    }

    public func turned(to baud: UInt32, at now: Instant) { line.turned(to: baud, at: now) }
    public var nextDeadline: Instant? { line.nextDeadline }
    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? { line.says(by: now) }

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        // A reader that nobody polls does not keep a card for whoever comes later.
        guard isPlugged, condition.isWatched else { return }
        line.present(card, to: member, at: now, until: until)
    }

    public func misbehave(_ mischief: ReaderMischief, at now: Instant) {
        guard isPlugged, mischiefs.contains(mischief.kind), !line.pds.isEmpty else { return }
        let place = chance.below(line.pds.count)
        // An offline reader is asked again after a second or so, and is set up once more.
        condition.explains(until: now + mischief.span + .seconds(12))
        switch mischief.kind {
        case .late: line.pds[place].misbehave(.late(mischief.span))
        case .cut: line.pds[place].misbehave(.cut(2))
        case .wrongSequence: line.pds[place].misbehave(.wrongSequence)
        case .refusal: line.pds[place].misbehave(.nak(.check))
        case .garbled: line.pds[place].misbehave(.damaged)
        case .resetInHandshake:
            line.pds[place].reset()
            line.pds[place].misbehave(.resetInHandshake)
        case .unplug: unplug(at: now)
        case .deaf: break
        }
    }

    public func fallSilent() {
        if !isPlugged { line.unplug(at: condition.unpluggedAt ?? Instant(nanoseconds: 0)) }
    }

    public func powerReturned(at now: Instant) {
        for place in line.pds.indices { line.pds[place].behave() }
        line.plug()
        for place in line.pds.indices { line.pds[place].reset() }
        condition.explains(until: now + .seconds(12))
    }
}
