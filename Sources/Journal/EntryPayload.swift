// What an entry says about its event, as JSON: self-contained, written without an allocation.

import EventLoop
import StationCore

/// The JSON object of each event: names instead of places, words instead of raw values.
///
/// Member names and words are a public format (journals are kept for years): they are only added.
/// Quantities have their unit in the member's name.
enum EntryPayload {
    /// - Parameter grant: the sequence of the entry that a release belongs to, when it is known.
    static func encode(
        _ event: Event, names: borrowing NameTable, grant: UInt64?, into json: inout ByteBuffer
    ) {
        json.append(UInt8(ascii: "{"))
        switch event {
        case .granted(let door, let reader, let view, let note):
            json.access(door, reader, view, names)
            json.member("note", word: note.name)
        case .passGranted(let door, let reader, let use, let end, let note):
            json.pass(use, end, note, door, reader, names)
        case .passWithdrawn(let door, let reader, let use, let withdrawn, let end):
            json.withdrawn(use, withdrawn, end, door, reader, names)
        case .denied(let door, let reader, let view, let reason):
            json.access(door, reader, view, names)
            json.member("reason", word: reason.name)
        case .unknownsCounted(let reader, let count), .misreadsCounted(let reader, let count):
            json.counted(count, of: "reader", reader, names)
        case .released(let door, let cause, _, let latency, let note):
            json.release(door, cause, grant, latency, note, names)
        case .rosterReplaced(let version, let keys, let refused):
            json.roster(version, keys: keys, refused: refused)
        case .keyInstalled(let epoch): json.member("epoch", epoch)
        case .commanded(let door, let command, let authority):
            json.order("command", command.name, door, authority, names)
        case .commandRefused(let door, let command, let authority, let reason):
            json.order("command", command.name, door, authority, names)
            json.member("refusal", word: reason.name)
        case .cardShown(let reader, let user):
            json.member("reader", reader, names)
            json.member("user", UInt64(user))
        case .secured, .opened, .closed, .forced, .heldOpenSoon, .heldOpen, .alarmEnded,
            .exitRequested, .grantUnused, .closingVetoed, .fireCleared:
            if let door = event.door { json.member("door", door, names) }
        case .changesCounted(let door, let count), .exitsCounted(let door, let count),
            .passbackForgotten(let door, let count):
            json.counted(count, at: door, names)
        case .modeChanged(let door, let mode, let authority):
            json.order("mode", mode.name, door, authority, names)
        case .faultRaised(let device, let fault), .faultCleared(let device, let fault):
            json.member("device", device, names, "fault", word: fault.name)
        case .readerInsecure(let reader, let flaw):
            json.member("reader", reader, names, "flaw", word: flaw.name)
        case .readerServiced(let reader, let service, let authority):
            json.act("service", service.name, at: reader, authority, names)
        case .enrolment(let reader, let step, let device, let user, let authority):
            json.act("step", step.name, at: reader, authority, names)
            json.enrolment(device, user, names)
        case .cardsWithdrawn, .cardsConfirmed, .keyTold, .approval: json.key(event)
        case .commandTaken, .commandEnded, .noticeSet, .noticeEnded: json.word(event)
        case .actionOrdered, .actionEnded, .pointChanged, .pointSampled, .totalReset, .guarded,
            .useBegan, .useEnded, .useRefused, .compartment, .servicePart, .serviceFault,
            .hoursChanged:
            json.box(event, names)
        case .started, .stopped: break
        case .stationFaultRaised(let fault), .stationFaultCleared(let fault):
            json.member("fault", word: fault.name)
        case .journalWaiting(let waiting): json.member("waiting", waiting)
        case .entriesLost(let count): json.member("count", UInt64(count))
        case .storeReplaced(let cause): json.member("cause", word: cause.name)
        case .readerDiagnosed(let reader, let diagnosis, let bits):
            json.member("reader", reader, names, "diagnosis", word: diagnosis.name)
            json.member("bits", UInt64(bits))
        case .edgesLost(let device, let count), .pointsCounted(let device, let count):
            json.counted(count, of: "device", device, names)
        case .clockChanged(let quality, let step):
            json.clock(quality, step)
        }
        json.append(UInt8(ascii: "}"))
    }
}

extension ByteBuffer {
    fileprivate mutating func roster(_ version: UInt64, keys: UInt32, refused: UInt32) {
        member("version", version)
        member("keys", UInt64(keys))
        member("refused", UInt64(refused))
    }

    /// Where somebody was, and what their card was read as.
    @inline(__always)
    fileprivate mutating func access(
        _ door: DoorID, _ reader: DeviceID, _ view: View?, _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member("reader", reader, names)
        if let view { member("view", word: view.name) }
    }

    @inline(__always)
    fileprivate mutating func release(
        _ door: DoorID, _ cause: ReleaseCause, _ grant: UInt64?, _ latency: Interval,
        _ note: GrantNote, _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member("cause", word: cause.name)
        if let grant { member("grant", grant) }
        member("latencyMicroseconds", latency.microseconds)
        if note != .none { member("note", word: note.name) }
    }

    fileprivate mutating func withdrawn(
        _ use: UInt16, _ withdrawn: UInt16, _ end: WallTime, _ door: DoorID, _ reader: DeviceID,
        _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member("reader", reader, names)
        member("use", UInt64(use))
        member("withdrawn", UInt64(withdrawn))
        member("validToMilliseconds", end.milliseconds)
    }

    fileprivate mutating func pass(
        _ use: UInt16, _ end: WallTime, _ note: GrantNote, _ door: DoorID, _ reader: DeviceID,
        _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member("reader", reader, names)
        member("use", UInt64(use))
        member("validToMilliseconds", end.milliseconds)
        member("note", word: note.name)
    }

    /// What was done at a reader, and on whose order.
    fileprivate mutating func act(
        _ name: StaticString, _ word: String, at reader: DeviceID, _ authority: Authority,
        _ names: borrowing NameTable
    ) {
        member("reader", reader, names, name, word: word)
        member("by", word: authority.name)
    }

    /// What became of a key's cards, or what the station says of a key.
    @inline(never)
    fileprivate mutating func key(_ event: Event) {
        switch event {
        case .cardsWithdrawn(let user, let authority):
            member("by", word: authority.name)
            if let user { member("user", UInt64(user)) }
        case .cardsConfirmed(let count, let authority):
            member("by", word: authority.name)
            if count > 1 { member("count", UInt64(count)) }
        case .keyTold(let word, let count, let user, let authority):
            member("told", word: word.name)
            member("by", word: authority.name)
            if let user { member("user", UInt64(user)) }
            if count > 1 { member("count", UInt64(count)) }
        case .approval(let operation, let step, let user, let authority):
            member("operation", word: operation.name)
            member("approval", word: step.name)
            member("by", word: authority.name)
            if let user { member("user", UInt64(user)) }
        default: break
        }
    }

    fileprivate mutating func enrolment(
        _ device: DeviceID?, _ user: UInt32?, _ names: borrowing NameTable
    ) {
        if let device { member("device", device, names) }
        if let user { member("user", UInt64(user)) }
    }

    /// What a device was told, or said; and what somebody got of it.
    @inline(never)
    fileprivate mutating func box(_ event: Event, _ names: borrowing NameTable) {
        switch event {
        case .actionOrdered(let device, let action, let number, let authority):
            self.action(action, number, of: device, names)
            member("by", word: authority.name)
        case .actionEnded(let device, let action, let number, let outcome):
            self.action(action, number, of: device, names)
            member("outcome", word: outcome.name)
        case .pointChanged(let device, let point, let value, let quality),
            .pointSampled(let device, let point, let value, let quality):
            self.point(point, value, of: device, names)
            member("quality", word: quality.name)
        case .totalReset(let device, let point, let value):
            self.point(point, value, of: device, names)
        case .guarded(let device, let rule, let step, let authority, let count):
            member("device", device, names)
            member("guard", text: names.names.rule(rule, of: device) ?? "\(rule)")
            member("step", word: step.name)
            if let authority { member("by", word: authority.name) }
            if count > 1 { member("count", UInt64(count)) }
        default: use(event, names)
        }
    }

    /// What somebody got, or did not get.
    @inline(never)
    fileprivate mutating func use(_ event: Event, _ names: borrowing NameTable) {
        switch event {
        case .useBegan(let service, let unit, let source):
            part(unit, of: service, names)
            member("source", word: source.name)
        case .useEnded(let service, let unit, let source, let end, let seconds, let amount):
            part(unit, of: service, names)
            member("source", word: source.name)
            member("end", word: end.name)
            member("seconds", UInt64(seconds))
            member("amount", amount.value)
            member("amountUnit", word: amount.unit.name)
            if amount.isEstimated { member("estimated", true) }
        case .useRefused(let service, let reader, let view, let reason):
            member("serviceName", text: names.names.service(service))
            member("reader", reader, names)
            if let view { member("view", word: view.name) }
            member("reason", word: reason.name)
        case .compartment(let service, let unit, let step, let authority):
            part(unit, of: service, names)
            member("step", word: step.name)
            if let authority { member("by", word: authority.name) }
        case .servicePart(let service, let unit, let step, let value, let authority):
            part(unit, of: service, names)
            member("step", word: step.name)
            if let unit = step.unit {
                member("amount", value)
                member("amountUnit", word: unit.name)
            } else if step == .paused {
                pause(value)
            }
            if let authority { member("by", word: authority.name) }
        case .serviceFault(let service, let unit, let fault, _):
            part(unit, of: service, names)
            member("fault", word: fault.name)
        case .hoursChanged(let hours, let note, let authority):
            self.hours(hours, note, authority, names)
        default: break
        }
    }

    private mutating func pause(_ value: Int64) {
        guard let pause = ServicePause(packed: value) else { return }
        member("reason", word: pause.reason.name)
        if let until = pause.until { member("untilMilliseconds", until.milliseconds) }
    }

    /// A hub's command, or a notice.
    @inline(never)
    fileprivate mutating func word(_ event: Event) {
        switch event {
        case .commandTaken(let subject, let expires, let digest):
            member("subject", word: subject.name)
            member("textDigest", word: Hex.lower(UInt128(digest), digits: 16))
            member("untilMilliseconds", expires.milliseconds)
        case .commandEnded(let outcome): member("outcome", word: outcome.name)
        case .noticeSet(let until, let authority):
            member("untilMilliseconds", until.milliseconds)
            member("by", word: authority.name)
        case .noticeEnded(let authority): member("by", word: authority.name)
        default: break
        }
    }

    /// What somebody decided over written hours.
    @inline(never)
    fileprivate mutating func hours(
        _ place: UInt8, _ note: HoursNote, _ authority: Authority, _ names: borrowing NameTable
    ) {
        member("hours", text: names.names.hours(place))
        member("change", word: note.name)
        switch note {
        case .planned: break
        case .today(let date, let stretches):
            member("date", text: "\(date)")
            member("open", text: "\(stretches.hours)")
        case .severeWeather(let until): member("untilMilliseconds", until.milliseconds)
        }
        member("by", word: authority.name)
    }

    /// A part of a service, by what is painted on it.
    private mutating func part(
        _ unit: UInt16, of service: ServiceID, _ names: borrowing NameTable
    ) {
        member("serviceName", text: names.names.service(service))
        member("place", text: names.names.unit(unit, of: service) ?? "\(unit)")
    }

    /// What a device was told. An action or a point that the station file has no more has its place
    /// for a name.
    fileprivate mutating func action(
        _ action: UInt8, _ number: UInt64, of device: DeviceID, _ names: borrowing NameTable
    ) {
        member("device", device, names)
        member("action", text: names.names.action(action, of: device) ?? "\(action)")
        member("order", number)
    }

    /// A number as people write it, in quotes: a JSON number is a float to most readers. A state by
    /// its name.
    fileprivate mutating func point(
        _ place: UInt16, _ value: DecimalNumber?, of device: DeviceID,
        _ names: borrowing NameTable
    ) {
        let point = names.names.point(place, of: device)
        member("device", device, names)
        member("point", text: point?.name ?? "\(place)")
        guard let value else { return }
        if let point, !point.states.isEmpty {
            let state = Int(exactly: value.mantissa) ?? -1
            let isKnown = value.places == 0 && point.states.indices.contains(state)
            member("state", text: isKnown ? point.states[state] : value.description)
            return
        }
        member("value", word: value.description)
        if let unit = point?.unit, !unit.isEmpty { member("unit", text: unit) }
    }

    fileprivate mutating func clock(_ quality: ClockQuality, _ step: Int64) {
        member("quality", word: quality.name)
        member("stepMilliseconds", step)
    }

    fileprivate mutating func counted(
        _ count: UInt32, at door: DoorID, _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member("count", UInt64(count))
    }

    fileprivate mutating func counted(
        _ count: UInt32, of name: StaticString, _ device: DeviceID, _ names: borrowing NameTable
    ) {
        member(name, device, names)
        member("count", UInt64(count))
    }

    /// A device, and a word about it.
    @inline(__always)
    fileprivate mutating func member(
        _ name: StaticString, _ device: DeviceID, _ names: borrowing NameTable,
        _ other: StaticString, word: String
    ) {
        member(name, device, names)
        member(other, word: word)
    }

    /// What somebody told a door.
    @inline(__always)
    fileprivate mutating func order(
        _ name: StaticString, _ word: String, _ door: DoorID, _ authority: Authority,
        _ names: borrowing NameTable
    ) {
        member("door", door, names)
        member(name, word: word)
        member("by", word: authority.name)
    }

    /// `,"name":`, without the comma after an opening brace.
    @inline(__always)
    fileprivate mutating func name(_ name: StaticString) {
        append(last == UInt8(ascii: "{") ? "\"" as StaticString : ",\"")
        append(name)
        append("\":" as StaticString)
    }

    /// A word of a station file.
    fileprivate mutating func member(_ name: StaticString, text: String) {
        self.name(name)
        append(UInt8(ascii: "\""))
        for byte in text.utf8 { JSONText.escape(byte) { append($0) } }
        append(UInt8(ascii: "\""))
    }

    /// A word of ours, which needs no escaping.
    @inline(__always)
    fileprivate mutating func member(_ name: StaticString, word: String) {
        self.name(name)
        append(UInt8(ascii: "\""))
        append(word)
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    fileprivate mutating func member(_ name: StaticString, _ value: UInt64) {
        self.name(name)
        append(decimal: value)
    }

    @inline(__always)
    fileprivate mutating func member(_ name: StaticString, _ value: Int64) {
        self.name(name)
        append(decimal: value)
    }

    @inline(__always)
    fileprivate mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        append(value ? "true" as StaticString : "false")
    }

    @inline(__always)
    fileprivate mutating func member(_ name: StaticString, _ text: ShortText) {
        self.name(name)
        append(UInt8(ascii: "\""))
        text.withBytes { bytes in
            for byte in bytes { JSONText.escape(byte) { append($0) } }
        }
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    fileprivate mutating func member(
        _ name: StaticString, _ door: DoorID, _ names: borrowing NameTable
    ) {
        self.name(name)
        append(UInt8(ascii: "\""))
        append(names.json(door))
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    fileprivate mutating func member(
        _ name: StaticString, _ device: DeviceID, _ names: borrowing NameTable
    ) {
        self.name(name)
        append(UInt8(ascii: "\""))
        append(names.json(device))
        append(UInt8(ascii: "\""))
    }
}
