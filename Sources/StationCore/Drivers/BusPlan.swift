// What is asked of a box again and again, and how much of it at once.
//
//   slots, in the order of the register map      one read, when the middle one is due
//   [voltage][current ][power   ]  [alarm]  ──►  [current ][power   ]
//      5 s       1 s       1 s       1 s              `alarm` lies behind a gap of its own

import EventLoop

/// One thing to ask for, with the points that it carries.
struct BusSlot: Sendable {
    enum Matter: Sendable, Equatable {
        /// Registers or bits that are next to each other and may be read with their neighbours.
        case registers(RegisterPlace.Table, address: Int, width: Int)
        /// Anything else is asked as it is.
        case question(BusQuestion)
    }

    var matter: Matter
    /// The points by their places.
    var points: [Int]
    /// How often; `nil`: only when somebody wants it.
    var interval: Interval?
    var due: Instant
    /// It was answered since the box came.
    var isKnown = false
    /// The box said no so often in a row.
    var refusals = 0
    /// It was refused together with others, and is asked alone up to then.
    var aloneUntil: Instant?
    /// It has its place in the round.
    var isSettled = false
}

/// What one question asks for: the slots that it covers.
struct BusAsk: Sendable, Equatable {
    var question: BusQuestion
    var slots: Range<Int>
}

/// A box's slots in the order of its register map, other questions behind them.
struct BusPlan: Sendable {
    /// How many of what.
    enum Limit {
        /// Registers between two due ones that are read along, since a question of its own costs
        /// about as much as ten registers on the wire.
        static let bridge = 10
        /// Bits of one read (Modbus application protocol 6.1).
        static let bits = 2_000
        /// A slot that the box refuses is asked again after so long at most.
        static let refusedRest = Interval.seconds(600)
        /// Refusals in a row that are believed of a slot that was answered before.
        static let refusals = 3
    }

    private(set) var slots: [BusSlot]
    private let maximumRead: Int
    private let holes: Int

    init(_ settings: BusDeviceSettings, at now: Instant) {
        if case .modbus(let modbus) = settings.language {
            maximumRead = min(max(1, modbus.maximumRead), 125)
            holes = max(0, modbus.holes)
        } else {
            maximumRead = 1
            holes = 0
        }
        slots = Self.registers(settings, now) + Self.questions(settings, now)
    }

    private static func interval(_ points: [Int], _ settings: BusDeviceSettings) -> Interval? {
        points.map { settings.points[$0].everyMilliseconds }.filter { $0 > 0 }.min()
            .map { .milliseconds(Int64($0)) }
    }

    /// Points that share registers, such as the bits of one, share a slot.
    private static func registers(_ settings: BusDeviceSettings, _ now: Instant) -> [BusSlot] {
        var found: [(place: RegisterPlace, point: Int)] = []
        for (point, value) in settings.points.enumerated() where value.kind != .event {
            if case .register(let place) = value.source { found.append((place, point)) }
        }
        func rank(_ table: RegisterPlace.Table) -> Int {
            RegisterPlace.Table.allCases.firstIndex(of: table) ?? 0
        }
        found.sort { a, b in
            let left = (rank(a.place.table), a.place.address, a.place.width, a.point)
            return left < (rank(b.place.table), b.place.address, b.place.width, b.point)
        }
        var slots: [(table: RegisterPlace.Table, address: Int, width: Int, points: [Int])] = []
        for (place, point) in found {
            if let last = slots.last, last.table == place.table,
                place.address < last.address + last.width
            {
                let end = max(last.address + last.width, place.address + place.width)
                slots[slots.count - 1].width = end - last.address
                slots[slots.count - 1].points.append(point)
            } else {
                slots.append((place.table, place.address, place.width, [point]))
            }
        }
        return slots.map { slot in
            BusSlot(
                matter: .registers(slot.table, address: slot.address, width: slot.width),
                points: slot.points, interval: interval(slot.points, settings), due: now)
        }
    }

    /// Frames and items: each different question once.
    private static func questions(_ settings: BusDeviceSettings, _ now: Instant) -> [BusSlot] {
        var found: [(question: BusQuestion, points: [Int])] = []
        for (point, value) in settings.points.enumerated() where value.kind != .event {
            guard let question = settings.question(for: value) else { continue }
            if let place = found.firstIndex(where: { $0.question == question }) {
                found[place].points.append(point)
            } else {
                found.append((question, [point]))
            }
        }
        return found.map { question, points in
            BusSlot(
                matter: .question(question), points: points,
                interval: interval(points, settings), due: now)
        }
    }

    // MARK: When

    /// When the next slot is due; `nil`: nothing is ever asked.
    var nextDue: Instant? {
        slots.lazy.filter { $0.interval != nil }.map(\.due).min()
    }

    /// The slot that has been due for the longest.
    var oldest: Int? {
        var best: Int?
        for place in slots.indices where slots[place].interval != nil {
            if let other = best, slots[other].due <= slots[place].due { continue }
            best = place
        }
        return best
    }

    /// All slots are due at once: the box came, or came back.
    mutating func startAfresh(at now: Instant) {
        for place in slots.indices {
            slots[place].due = now
            slots[place].isKnown = false
            slots[place].refusals = 0
            slots[place].aloneUntil = nil
        }
    }

    /// The slots that carry these points.
    func slots(carrying points: [Int]) -> [Int] {
        slots.indices.filter { place in slots[place].points.contains { points.contains($0) } }
    }

    // MARK: What

    /// The question for a slot, and for those around it that may come with it.
    func ask(for slot: Int, at now: Instant) -> BusAsk {
        switch slots[slot].matter {
        case .question(let question): return BusAsk(question: question, slots: slot..<slot + 1)
        case .registers(let table, let address, let width):
            var first = slot
            var last = slot
            var (start, end) = (address, address + width)
            if !isAlone(slot, at: now) {
                extend(&last, by: 1, table, &start, &end, at: now)
                extend(&first, by: -1, table, &start, &end, at: now)
            }
            let count = min(end - start, room(table))
            return BusAsk(
                question: .read(table, address: start, count: count), slots: first..<last + 1)
        }
    }

    private func room(_ table: RegisterPlace.Table) -> Int {
        switch table {
        case .coil, .discrete: min(Limit.bits, maximumRead * 16)
        case .holding, .input: maximumRead
        }
    }

    /// Takes neighbours along, as far as they are due, or lie between those that are.
    private func extend(
        _ edge: inout Int, by step: Int, _ table: RegisterPlace.Table, _ start: inout Int,
        _ end: inout Int, at now: Instant
    ) {
        var place = edge + step
        var (low, high) = (start, end)
        while slots.indices.contains(place), !isAlone(place, at: now),
            case .registers(table, let address, let width) = slots[place].matter
        {
            let gap = step > 0 ? address - high : low - (address + width)
            low = min(low, address)
            high = max(high, address + width)
            let bridge = step > 0 ? address - end : start - (address + width)
            guard gap <= holes, high - low <= room(table), bridge <= Limit.bridge else { return }
            if isNearlyDue(place, at: now) {
                (start, end, edge) = (low, high, place)
            }
            place += step
        }
    }

    private func isAlone(_ place: Int, at now: Instant) -> Bool {
        slots[place].aloneUntil.map { now < $0 } ?? false
    }

    /// A slot that would be due soon comes along, so that neighbours stay together.
    private func isNearlyDue(_ place: Int, at now: Instant) -> Bool {
        guard let interval = slots[place].interval else { return false }
        return slots[place].due <= now + Interval(nanoseconds: interval.nanoseconds / 8)
    }

    // MARK: What came of it

    /// The slots were answered: they are due again an interval after they were due, and missed
    /// turns are not made up for.
    mutating func answered(_ places: Range<Int>, at now: Instant) {
        for place in places {
            slots[place].isKnown = true
            slots[place].refusals = 0
            postpone(place, at: now)
        }
    }

    /// The box refused the question. Returns the slots that it has refused for good, as far as
    /// anybody knows: their points have no value.
    ///
    /// Before its first answer a slot is believed to be missing in this box; later an exception may
    /// be born of noise. Neither is ever given up.
    mutating func refused(_ places: Range<Int>, at now: Instant) -> [Int] {
        if places.count > 1 {
            for place in places {
                slots[place].aloneUntil = now + Limit.refusedRest
                slots[place].due = now
            }
            return []
        }
        var missing: [Int] = []
        for place in places {
            slots[place].refusals += 1
            postpone(place, at: now)
            guard isRefused(place) else { continue }
            missing.append(place)
            let exponent = min(8, slots[place].refusals)
            let rest = min(
                Limit.refusedRest,
                max(slots[place].interval ?? .zero, .seconds(5)) * (1 << Int64(exponent)))
            slots[place].due = now + rest
        }
        return missing
    }

    /// Whether the box is believed to have nothing at this place.
    func isRefused(_ place: Int) -> Bool {
        slots[place].refusals >= (slots[place].isKnown ? Limit.refusals : 1)
    }

    var isAnyRefused: Bool { slots.indices.contains { isRefused($0) } }

    /// Nothing came of it: the slots keep their turn, so much later.
    mutating func postponed(_ places: Range<Int>, until time: Instant) {
        for place in places { slots[place].due = max(slots[place].due, time) }
    }

    private mutating func postpone(_ place: Int, at now: Instant) {
        guard let interval = slots[place].interval, interval > .zero else { return }
        // The first turn of all is where the slot found its place in the round.
        guard slots[place].isSettled else {
            slots[place].isSettled = true
            slots[place].due = now + interval
            return
        }
        let behind = now - slots[place].due
        let turns = max(1, behind.nanoseconds / interval.nanoseconds + 1)
        slots[place].due = slots[place].due + interval * turns
    }
}

extension BusDeviceSettings {
    /// The question whose answer has the point, when it is one that may be asked at any time.
    ///
    /// A point's places are in the order of preference. A frame that an action begins with makes
    /// something happen, and is never asked.
    func question(for point: PointSettings) -> BusQuestion? {
        switch point.source {
        case .item(let item): return .item(item)
        case .fields(let places):
            let choices = places.compactMap { place in
                request(answeredBy: place).map { (place, $0) }
            }
            // One answer that has all of them is better than one for each.
            let choice = choices.first { $0.0.selector == nil } ?? choices.first
            guard let (place, request) = choice else { return nil }
            let fields = place.selector.flatMap { name in
                place.index.map { [BusField(name, Int64($0))] }
            }
            return .frame(name: request, fields: fields ?? [])
        case .register, .pulses, .rate, .line, .file: return nil
        }
    }

    private func request(answeredBy place: FramePlace) -> String? {
        let request: String?
        switch language {
        case .frames(let settings):
            request = settings.frames.first { $0.role == .request && $0.reply == place.frame }?.name
        // With our codecs a question and its answer have one name.
        case .codec: request = place.frame
        case .modbus, .dlt645, .board: request = nil
        }
        guard let request, !actions.contains(where: { $0.begins(with: request) }) else {
            return nil
        }
        return request
    }
}

extension ActionSettings {
    /// Whether the first thing that it sends is this frame.
    fileprivate func begins(with frame: String) -> Bool {
        for step in steps {
            switch step {
            case .send(let name, _): return name == frame
            case .write, .raw, .perform: return false
            case .wait, .read, .set, .until: continue
            }
        }
        return false
    }
}
