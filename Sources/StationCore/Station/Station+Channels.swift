// Channels: what comes from serial lines, USB readers and keyboards, and what goes to them.

public import EventLoop

extension Station {
    // MARK: Facts from the world

    /// The channel is open. A USB reader's descriptor came before, through `received`.
    public mutating func opened(_ channel: ChannelID, at now: Instant) {
        let device = resolved.channels[Int(channel.index)].device
        deviceStates[device].hasChannel = true
        attachIfWhole(device, at: now)
    }

    /// The channel is not there, or not any more.
    public mutating func closed(_ channel: ChannelID, _ fault: Fault, at now: Instant) {
        let device = resolved.channels[Int(channel.index)].device
        deviceStates[device].hasChannel = false
        feed(.detached(fault), to: device, at: now)
    }

    /// Bytes that were read at `now`, in order.
    public mutating func received(
        _ bytes: RawSpan, on pipe: Pipe = .data, of channel: ChannelID, at now: Instant
    ) {
        let device = resolved.channels[Int(channel.index)].device
        counters.bytesReceived &+= UInt64(bytes.byteCount)
        var done = 0
        while done < bytes.byteCount {
            let step = drivers[device].advance(
                by: bytes.extracting(droppingFirst: done), on: pipe, at: now, into: &answers)
            precondition(step.taken > 0, "a driver took none of its bytes")
            done += step.taken
            deadlines.set(device, to: step.nextDeadline)
            routeAnswers(of: device, at: now)
        }
    }

    /// Whether a channel has something to do: asked first, since mostly none has.
    @inlinable public var hasOrders: Bool { !channelOrders.isEmpty }

    /// The next channel order, oldest first; `nil` when all were taken. The bytes of a write are
    /// valid until the next call.
    public mutating func takeOrder() -> (channel: ChannelID, order: ChannelOrder)? {
        guard let task = channelOrders.popFirst() else { return nil }
        switch task.kind {
        case .write:
            let bytes = orderedPackets.popFirst { OrderBytes($0) }
            guard let bytes else { preconditionFailure("an order to write, and nothing to write") }
            return (task.channel, .write(bytes))
        case .reset: return (task.channel, .reset)
        case .speed(let baud): return (task.channel, .speed(baud))
        }
    }

    /// Whether a driver wants something that only the world has: asked first.
    @inlinable public var hasRequests: Bool { isAsking }

    /// The next device that waits for random bytes; its answer is `supplied(random:)`.
    public mutating func takeRandomRequest() -> DeviceID? {
        guard isAsking else { return nil }
        for place in deviceStates.indices where deviceStates[place].wantsRandom {
            deviceStates[place].wantsRandom = false
            return DeviceID(place)
        }
        isAsking =
            enrolment?.wantsKeeping == true || totalsDue != totalsToldDue
            || deviceStates.indices.contains { deviceStates[$0].wantsKeeping }
        return nil
    }

    public mutating func supplied(
        random bytes: RandomBytes, to device: DeviceID, at now: Instant
    ) {
        let place = Int(device.index)
        drivers[place].receive(random: bytes, at: now, into: &answers)
        deadlines.set(place, to: drivers[place].nextDeadline)
        routeAnswers(of: place, at: now)
    }

    // MARK: Consequences

    /// Queues an order of a driver for its channel. A line that is not there loses what is written
    /// to it, and so does one that cannot keep up: protocols ask again.
    mutating func order(_ kind: ChannelTask.Kind, by device: Int) {
        guard let channel = wiring.channels[device], deviceStates[device].hasChannel,
            channelOrders.append(ChannelTask(channel: channel, kind: kind))
        else {
            counters.ordersLost &+= 1
            return
        }
    }

    /// Queues the driver's oldest packet, in the same way.
    mutating func orderWrite(by device: Int) {
        let isRoom =
            wiring.channels[device] != nil && deviceStates[device].hasChannel
            && !channelOrders.isFull
        let isTaken = answers.popPacket { isRoom && orderedPackets.append($0) }
        guard isTaken == true else {
            counters.ordersLost &+= 1
            return
        }
        order(.write, by: device)
    }

    /// A bus passes a command on.
    mutating func pass(
        _ command: DriverCommand, to member: DeviceID, on bus: DeviceID, at now: Instant
    ) {
        let place = Int(bus.index)
        drivers[place].pass(command, to: member, at: now, into: &answers)
        deadlines.set(place, to: drivers[place].nextDeadline)
        routeAnswers(of: place, at: now)
    }

    /// Tells the driver that everything it stands on is there.
    mutating func attachIfWhole(_ device: Int, at now: Instant) {
        guard deviceStates[device].hasLines, deviceStates[device].hasChannel else { return }
        for fault in [Fault.missing, .busy, .lost, .stuck] { clear(fault, of: device, at: now) }
        // Before its first values: what it could not be told has not failed.
        if resolved.devices[device].driver.isOnBoard {
            returned(device, at: now)
            if !machines.isEmpty { serveMachines(device, isThere: true, at: now) }
        }
        feed(.attached, to: device, at: now)
    }

    /// A member of a bus answers.
    mutating func came(_ device: Int, at now: Instant) {
        deviceStates[device].isOnline = true
        deviceStates[device].flaw = nil
        for fault in Self.absences { clear(fault, of: device, by: .presence, at: now) }
        present(device, true, at: now)
        returned(device, at: now)
    }

    /// A member of a bus does not.
    mutating func left(_ device: Int, _ fault: Fault, at now: Instant) {
        deviceStates[device].isOnline = false
        if fault != .insecure { deviceStates[device].flaw = nil }
        // One reason at a time: what the first one was stands in the journal.
        for other in Self.absences where other != fault {
            clear(other, of: device, by: .presence, at: now)
        }
        raise(fault, of: device, by: .presence, at: now)
        present(device, false, at: now)
        // What it said of its own parts holds no longer; it says it again when it is back.
        for own in [Fault.silent, .refusing] { clear(own, of: device, at: now) }
    }

    /// Why a member of a bus is not there.
    private static let absences: [Fault] = [
        .missing, .busy, .lost, .silent, .garbled, .insecure,
    ]

    /// A member of a bus does not prove itself.
    mutating func isDoubted(_ device: Int, _ flaw: OSDPSecurityFault, at now: Instant) {
        let isNews = deviceStates[device].flaw != flaw
        left(device, .insecure, at: now)
        deviceStates[device].flaw = flaw
        if isNews { write(.readerInsecure(reader: DeviceID(device), flaw: flaw), at: now) }
    }
}

/// An order with its channel.
@usableFromInline
struct ChannelTask: Sendable {
    enum Kind: Sendable {
        /// The oldest of `Station.orderedPackets`.
        case write
        case reset
        case speed(UInt32)
    }

    var channel: ChannelID
    var kind: Kind
}
