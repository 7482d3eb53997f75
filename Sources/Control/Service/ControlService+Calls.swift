// Which call asks whom, and which answer becomes which reply.

public import EventLoop
import StationCore

extension ControlService {
    /// Begins a call.
    mutating func start(
        _ slot: Int, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        let passed = connections[slot]?.passed
        connections[slot]?.passed = nil
        let head = try ControlCoder.head(message)
        guard let method = MethodName(rawValue: head.method) else {
            throw unknown(method: head.method)
        }
        if head.upgrade == true { throw .invalidParameter("upgrade") }
        let mode = CallMode(
            method: method, more: head.more ?? false, oneway: head.oneway ?? false)
        guard let role = connections[slot]?.role, role >= method.needs else {
            throw .notAllowed(method: head.method, needs: method.needs.name)
        }
        do {
            try dispatch(slot, mode, message, passed, at: now)
        } catch {
            guard mode.oneway else { throw error }
        }
    }

    private func unknown(method: String) -> ControlError {
        let interface = method.lastIndex(of: ".").map { String(method[..<$0]) } ?? method
        let known = [ControlInterface.service, ControlInterface.station].contains(interface)
        return known ? .methodNotFound(method) : .interfaceNotFound(interface)
    }

    private mutating func dispatch(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], _ passed: PassedFile?,
        at now: Instant
    ) throws(ControlError) {
        switch mode.method {
        case .getInfo:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            let interfaces = ControlInterface.descriptions.map(\.name)
            finish(
                slot, mode,
                GetInfo.Reply(
                    vendor: "stationd", product: info.simulated ? "station-simulator" : "stationd",
                    version: info.version, url: "https://varlink.org/", interfaces: interfaces),
                at: now)
        case .getInterfaceDescription:
            let wanted = try ControlCoder.parameters(
                GetInterfaceDescription.Parameters.self, of: message
            ).interface
            guard let found = ControlInterface.descriptions.first(where: { $0.name == wanted })
            else { throw .interfaceNotFound(wanted) }
            finish(
                slot, mode, GetInterfaceDescription.Reply(description: found.text), at: now)
        case .getStation, .getMetrics:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try askBoth(slot, mode, at: now)
        case .listDevices:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .devices, at: now)
        case .readEntries: try startReading(slot, mode, message, at: now)
        case .verifyJournal:
            let range = try ControlCoder.parameters(VerifyJournal.Parameters.self, of: message)
            let id = try ask(JournalQuery.verify(from: range.from, to: range.to))
            wait(slot, mode, id, .journal, until: now + ControlLimits.longAnswer)
        case .importRoster:
            let how = try ControlCoder.parameters(ImportRoster.Parameters.self, of: message)
            let query = CoreQuery.importRoster(
                try regular(passed), partial: how.partial ?? false, dry: how.dry ?? false)
            try ask(slot, mode, query, for: ControlLimits.longAnswer, at: now)
        case .getRoster: try ask(slot, mode, rosterQuery(message), at: now)
        case .createKey:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .createKey, at: now)
        case .installKey:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .installKey(regular(passed)), at: now)
        case .issuePass: try ask(slot, mode, passQuery(message), at: now)
        case .tap: try ask(slot, mode, tapQuery(message), at: now)
        case .commandDoor: try ask(slot, mode, doorQuery(message), at: now)
        case .watchCard:
            let (query, patience) = try cardQuery(message)
            try ask(slot, mode, query, for: patience, at: now)
        case .testReader, .resetReader, .installReader, .moveReader:
            try ask(slot, mode, readerQuery(mode.method, message), at: now)
        case .activate:
            let how = try ControlCoder.parameters(Activate.Parameters.self, of: message)
            try ask(slot, mode, .activate(digest: how.digest, now: how.now ?? false), at: now)
        }
    }

    private func regular(_ passed: PassedFile?) throws(ControlError) -> PassedFile {
        guard let passed else {
            throw .noDescriptor(ControlReason(.noDescriptor))
        }
        guard passed.isRegularFile else {
            throw .noDescriptor(ControlReason(.notRegular))
        }
        return passed
    }

    private func rosterQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let page = try ControlCoder.parameters(GetRoster.Parameters.self, of: message)
        var after: ShortText?
        if let text = page.after {
            guard let key = ShortText(text) else { throw .invalidParameter("after") }
            after = key
        }
        let limit = page.limit ?? ControlLimits.keys
        guard limit >= 0 else { throw .invalidParameter("limit") }
        return .roster(after: after, limit: min(limit, ControlLimits.keys))
    }

    private func passQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(IssuePass.Parameters.self, of: message)
        var district: ShortText?
        if let text = wanted.district {
            guard let id = ShortText(text), !id.isEmpty else {
                throw .invalidParameter("district")
            }
            district = id
        }
        let (delay, hours) = (wanted.delay ?? 0, wanted.hours ?? 24)
        guard (0...ControlLimits.passHours).contains(delay) else {
            throw .invalidParameter("delay")
        }
        guard (1...ControlLimits.passHours).contains(hours) else {
            throw .invalidParameter("hours")
        }
        guard let quota = UInt8(exactly: wanted.quota ?? 1), quota > 0 else {
            throw .invalidParameter("quota")
        }
        return .issuePass(
            PassOrder(district: district, delay: delay, hours: hours, quota: quota))
    }

    private func tapQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let tap = try ControlCoder.parameters(Tap.Parameters.self, of: message)
        guard info.simulated else { throw .notSimulated }
        let reader = try reader(tap.reader)
        let count = tap.bits.utf8.count
        guard (1...ControlLimits.tapBits).contains(count) else {
            throw .badBits(ControlReason(.bitCount, count))
        }
        guard let bits = UInt128(tap.bits, radix: 2), tap.bits.utf8.first != UInt8(ascii: "+")
        else { throw .badBits(ControlReason(.notBits)) }
        return .tap(
            reader, Credential(technology: .wiegand, bitCount: count, bits: bits))
    }

    // MARK: Questions

    private mutating func ask(
        _ slot: Int, _ mode: CallMode, _ query: CoreQuery,
        for patience: Interval = ControlLimits.answer, at now: Instant
    ) throws(ControlError) {
        wait(slot, mode, try ask(query), .core, until: now + patience)
    }

    /// The journal first, then the core: a silent journal must not hide the station's state.
    private mutating func askBoth(
        _ slot: Int, _ mode: CallMode, at now: Instant
    ) throws(ControlError) {
        if let id = try? ask(JournalQuery.status) {
            wait(slot, mode, id, .journal, until: now + ControlLimits.silence)
        } else {
            try askState(slot, mode, journal: nil, at: now)
        }
    }

    private mutating func askState(
        _ slot: Int, _ mode: CallMode, journal status: JournalStatus?, at now: Instant
    ) throws(ControlError) {
        let query: CoreQuery = mode.method == .getMetrics ? .measurements : .station
        wait(
            slot, mode, try ask(query), .core, until: now + ControlLimits.answer,
            journal: status)
    }

    private mutating func wait(
        _ slot: Int, _ mode: CallMode, _ id: RequestID, _ desk: Desk, until deadline: Instant,
        journal: JournalStatus? = nil
    ) {
        connections[slot]?.work = .asking(
            Asking(mode: mode, id: id, desk: desk, deadline: deadline, journal: journal))
    }

    // MARK: Answers

    /// An answer of the core. One for a peer that left is let go.
    public mutating func answer(_ id: RequestID, _ answer: CoreAnswer, at now: Instant) {
        guard let slot = claim(id), case .asking(let asking) = connections[slot]?.work else {
            return
        }
        reply(slot, asking, answer, at: now)
        advance(slot, at: now)
    }

    private mutating func reply(
        _ slot: Int, _ asking: Asking, _ answer: CoreAnswer, at now: Instant
    ) {
        let mode = asking.mode
        switch answer {
        case .refused(let error): fail(slot, mode, error, at: now)
        case .station(let snapshot):
            let record = StationRecord(snapshot, journal: asking.journal, info)
            finish(slot, mode, GetStation.Reply(station: record), at: now)
        case .devices(let snapshot):
            list(slot, mode, .devices(DeviceRecord.all(snapshot, info)))
        case .measurements(let measured):
            counters.connections = connections.count { $0 != nil }
            let records = MetricCatalog.records(
                measured, journal: asking.journal, control: counters, info)
            list(slot, mode, .metrics(records.flatMap { $0.split(ControlLimits.samples) }))
        case .roster(let roster, let keys, let next):
            let record = RosterRecord(roster)
            finish(
                slot, mode,
                GetRoster.Reply(roster: record, keys: keys, next: next?.description), at: now)
        case .imported(let outcome): listVerdicts(slot, mode, outcome)
        case .key(let epoch):
            finish(slot, mode, CreateKey.Reply(epoch: epoch.description), at: now)
        case .pass(let text, let publicKey):
            let digits = publicKey.map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 2 ? digits : "0" + digits
            }
            finish(
                slot, mode, IssuePass.Reply(pass: text, issuer: digits.joined()), at: now)
        case .door(let standing):
            finish(slot, mode, CommandDoor.Reply(mode: standing.name), at: now)
        case .card(let card):
            let record = card.map { CardRecord($0, info.station) }
            finish(slot, mode, WatchCard.Reply(card: record), at: now)
        case .done:
            switch mode.method {
            case .activate: finish(slot, mode, Activate.Reply(stopping: true), at: now)
            default: finish(slot, mode, Done(), at: now)
            }
        }
    }

    private mutating func listVerdicts(
        _ slot: Int, _ mode: CallMode, _ outcome: ImportOutcome
    ) {
        let verdicts = outcome.verdicts
        let head = ImportRoster.Reply(
            applied: outcome.applied, accepted: verdicts.accepted.count,
            refused: verdicts.refused.count, roster: RosterRecord(outcome.roster), verdicts: [],
            unlisted: 0)
        list(slot, mode, .verdicts(head, verdicts))
    }

    /// An answer of the journal. One for a peer that left is let go.
    public mutating func answer(_ id: RequestID, _ reply: JournalReply, at now: Instant) {
        guard let slot = claim(id) else { return }
        switch connections[slot]?.work {
        case .reading(let reading): continueReading(slot, reading, reply, at: now)
        case .asking(let asking):
            switch reply {
            case .status(let status): proceed(slot, asking, status, at: now)
            case .verified(let record): finish(slot, asking.mode, record, at: now)
            case .refused where asking.mode.method != .verifyJournal:
                proceed(slot, asking, nil, at: now)
            case .refused(let error): fail(slot, asking.mode, error, at: now)
            case .page: fail(slot, asking.mode, .noAnswer(what: "journal"), at: now)
            }
        case .idle, .listing, nil: break
        }
        advance(slot, at: now)
    }

    /// From the journal's part of a reply to the core's.
    private mutating func proceed(
        _ slot: Int, _ asking: Asking, _ status: JournalStatus?, at now: Instant
    ) {
        do {
            try askState(slot, asking.mode, journal: status, at: now)
        } catch {
            fail(slot, asking.mode, error, at: now)
        }
    }

    /// What is done when a deadline has passed.
    mutating func giveUp(_ slot: Int, at now: Instant) {
        switch connections[slot]?.work {
        case .asking(let asking):
            let both = asking.mode.method == .getStation || asking.mode.method == .getMetrics
            if both, asking.desk == .journal {
                proceed(slot, asking, nil, at: now)
            } else {
                fail(slot, asking.mode, .noAnswer(what: asking.desk.rawValue), at: now)
            }
        case .reading(let reading): stopReading(slot, reading, at: now)
        case .idle, .listing, nil: break
        }
        advance(slot, at: now)
    }
}
