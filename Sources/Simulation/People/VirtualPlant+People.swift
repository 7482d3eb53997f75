// Riders come, tap, wait for the door, pull it, and let it fall shut behind them.

public import EventLoop
public import StationCore

extension VirtualPlant {
    /// A rider taps so often before giving up.
    static let patience = 2
    /// Between two cards that somebody plays from outside.
    static let pause = Interval.milliseconds(200)

    func scheduleArrival(after now: Instant) {
        guard isOpen, ridersPerThousandMinutes > 0, !readers.isEmpty || !channelReaders.isEmpty
        else { return }
        let mean = Interval(nanoseconds: 60_000_000_000_000 / Int64(ridersPerThousandMinutes))
        // Uniform with the wanted mean: crowds and quiet times both happen.
        schedule(.arrival, at: now + people.between(.milliseconds(5), mean * 2))
    }

    func arrive(at now: Instant) {
        guard isOpen else { return }
        scheduleArrival(after: now)
        guard let door = people.pick(doors) else { return }
        let isLeaving = door.button != nil && people.below(4) == 0
        if isLeaving { return schedule(.exit(door.id), at: now) }
        let readers = door.readersIn + door.readersOut
        guard let reader = people.pick(readers) else { return }
        let isStranger = residents.isEmpty || people.below(16) == 0
        let resident =
            isStranger
            ? Resident.stranger(chance: &people)
            : residents[people.below(residents.count)]
        let damage = swarm.damage(chance: &mischief)
        schedule(
            .tap(Tap(resident: resident, reader: reader, door: door.id, damage: damage, tries: 1)),
            at: now)
    }

    /// Plays a card on a reader's wires at `now`, whole. For tests and for taps from outside.
    ///
    /// - Returns: when its last pulse ends, or `nil` when the reader cannot send such a card.
    @discardableResult
    public func present(
        _ resident: Resident, at device: DeviceID, now: Instant
    ) -> Instant? {
        guard let door = self.door(readBy: device) else { return nil }
        let tap = Tap(
            resident: resident, reader: Int(device.index), door: door, damage: nil,
            tries: Self.patience)
        return play(tap, at: now)
    }

    func door(readBy device: DeviceID) -> DoorID? {
        let place = station.doors.firstIndex {
            $0.readersIn.contains(Int(device.index)) || $0.readersOut.contains(Int(device.index))
        }
        return place.map { DoorID($0) }
    }

    /// Plays raw bits on a reader's wires, after the card before, if one is still being played. To
    /// a reader on a channel they are a card's own.
    public func present(bits: UInt128, count: Int, at device: DeviceID, now: Instant) {
        if let reader = channelReaders.first(where: { $0.device == device }) {
            return hold(bits: bits, count: count, to: reader, at: now)
        }
        guard let reader = readers.first(where: { $0.device == device }),
            let door = self.door(readBy: device)
        else { return }
        let before = lastCard(at: device).map { $0 + Self.pause } ?? now
        let start = max(now, before)
        let end = schedule(reader.pulses(bits, count: count), of: reader, at: start)
        note((bits, count), at: reader, door: door, damage: nil, start: start, end: end)
    }

    /// Plays pulses on a reader's wires, at the pace that they have.
    public func play(_ pulses: [Pulse], on reader: VirtualReader, at now: Instant) {
        _ = schedule(pulses, of: reader, at: now)
    }

    @discardableResult
    func play(_ tap: Tap, at now: Instant) -> Instant? {
        if let reader = channelReaders.first(where: { Int($0.device.index) == tap.reader }) {
            return hold(tap, to: reader, at: now)
        }
        guard let reader = readers.first(where: { Int($0.device.index) == tap.reader }),
            let frame = tap.resident.frame(at: reader, filler: UInt8(wires.below(256)))
        else { return nil }
        var pulses = reader.pulses(frame.bits, count: frame.count)
        if let damage = tap.damage { pulses = damage.apply(to: pulses, chance: &mischief) }
        let end = schedule(pulses, of: reader, at: now)
        note(frame, at: reader, door: tap.door, damage: tap.damage, start: now, end: end)
        // The answer comes within a blink; people take longer.
        let reaction = people.between(.milliseconds(500), .milliseconds(3_000))
        schedule(.pull(tap.door, isFromInside: false, tries: tap.tries), at: end + reaction)
        if tap.damage != nil, tap.tries < Self.patience {
            var again = tap
            again.damage = nil
            again.tries += 1
            schedule(.tap(again), at: end + people.between(.seconds(1), .seconds(2)))
        }
        return end
    }

    private func note(
        _ frame: (bits: UInt128, count: Int), at reader: VirtualReader, door: DoorID,
        damage: CardDamage?, start: Instant, end: Instant
    ) {
        let holder = holder(of: frame, at: reader)
        witness.presented(
            Witness.Presentation(
                key: holder?.key ?? .empty, state: holder?.state ?? .active, door: door,
                reader: reader.device, damage: damage, isReadable: isReadable(reader),
                start: start, end: end, distance: ExpectedTaps.distance))
    }

    /// Whose card a reader takes these bits for.
    func holder(
        of frame: (bits: UInt128, count: Int), at reader: VirtualReader
    ) -> Resident? {
        holder(
            of: Credential(technology: .wiegand, bitCount: frame.count, bits: frame.bits),
            format: reader.formats.first { $0.bitCount == frame.count }, views: reader.views)
    }

    /// Whose card it is: a reader's views are tried in order, as the station does.
    func holder(
        of credential: Credential, format: WiegandFormat?, views: [View]
    ) -> Resident? {
        for view in views {
            if let number = view.number(of: credential, format: format),
                let place = placeByNumber[number]
            {
                return residents[place]
            }
        }
        return nil
    }

    private func isReadable(_ reader: VirtualReader) -> Bool {
        let request = board.requests[board.request(of: reader.zero)]
        return request.isOpen && !request.hasHungUp
    }

    func schedule(_ pulses: [Pulse], of reader: VirtualReader, at now: Instant) -> Instant {
        var end = now
        for pulse in pulses {
            let line = pulse.isOne ? reader.one : reader.zero
            schedule(.wire(line, isActive: true), at: now + pulse.start)
            schedule(.wire(line, isActive: false), at: now + pulse.end)
            end = max(end, now + pulse.end)
        }
        return end
    }

    // MARK: Doors

    func pull(_ id: DoorID, isFromInside: Bool, tries: Int, at now: Instant) {
        let door = doors[Int(id.index)]
        guard !door.isOpen, door.contact != nil, door.isFree(board) else { return }
        open(id, at: now)
    }

    private func open(_ id: DoorID, at now: Instant) {
        doors[Int(id.index)].isOpen = true
        witness.moved(id, at: now)
        if let contact = doors[Int(id.index)].contact { bounce(contact, to: false, at: now) }
        let isHeld = swarm.heldOpen && mischief.below(40) == 0
        let stays =
            isHeld
            ? mischief.between(.seconds(40), .seconds(400))
            : people.between(.seconds(2), .seconds(6))
        schedule(.shut(id), at: now + stays)
    }

    func shut(_ id: DoorID, at now: Instant) {
        guard doors[Int(id.index)].isOpen else { return }
        doors[Int(id.index)].isOpen = false
        witness.moved(id, at: now)
        if let contact = doors[Int(id.index)].contact { bounce(contact, to: true, at: now) }
    }

    /// Broken open: nobody let anybody in.
    func force(_ id: DoorID, at now: Instant) {
        guard !doors[Int(id.index)].isOpen, doors[Int(id.index)].contact != nil else { return }
        witness.forced(id, at: now)
        open(id, at: now)
    }

    func pressExit(_ id: DoorID, at now: Instant) {
        guard let button = doors[Int(id.index)].button else { return }
        let held = people.between(.milliseconds(150), .milliseconds(600))
        witness.pressed(id, from: now, to: now + held)
        bounce(button, to: true, at: now)
        bounce(button, to: false, at: now + held)
        let reaction = people.between(.milliseconds(300), .milliseconds(1_500))
        schedule(.pull(id, isFromInside: true, tries: 0), at: now + held + reaction)
    }

    /// A mechanical contact changes: a few bounces within milliseconds, then the new level.
    func bounce(_ line: LineID, to isActive: Bool, at now: Instant) {
        var time = now
        for _ in 0..<wires.below(4) {
            schedule(.wire(line, isActive: isActive), at: time)
            time = time + wires.between(.microseconds(80), .microseconds(900))
            schedule(.wire(line, isActive: !isActive), at: time)
            time = time + wires.between(.microseconds(80), .microseconds(900))
        }
        schedule(.wire(line, isActive: isActive), at: time)
    }
}
