// Which answer becomes which reply.

public import EventLoop
import StationCore

extension ControlService {
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
        case .boxes(let snapshot): list(slot, mode, .boxes(BoxRecord.all(snapshot, info)))
        case .services(let snapshot):
            list(
                slot, mode,
                mode.method == .listHours
                    ? .hours(HoursRecord.all(snapshot, info))
                    : .services(ServiceRecord.all(snapshot, info)))
        case .measurements(let measured):
            counters.connections = connections.count { $0 != nil }
            let records = MetricCatalog.records(
                measured, journal: asking.journal, control: counters, info)
            list(slot, mode, .metrics(records.flatMap { $0.split(ControlLimits.samples) }))
        case .roster(let roster, let enrolled, let keys, let next):
            let record = RosterRecord(roster)
            finish(
                slot, mode,
                GetRoster.Reply(
                    roster: record, enrolled: enrolled, keys: keys, next: next?.description),
                at: now)
        case .imported(let outcome): listVerdicts(slot, mode, outcome)
        case .key(let epoch):
            finish(slot, mode, CreateKey.Reply(epoch: epoch.description), at: now)
        case .pass(let text, let publicKey):
            finish(
                slot, mode, IssuePass.Reply(pass: text, issuer: Hex.lower(publicKey)), at: now)
        case .door(let standing, let isWritten):
            finish(
                slot, mode, CommandDoor.Reply(mode: standing.name, written: isWritten), at: now)
        case .action(let outcome, let order, let isWritten):
            finish(
                slot, mode,
                PerformAction.Reply(
                    order: Int64(clamping: order), outcome: outcome.name, written: isWritten),
                at: now)
        case .card(let card, let next):
            let record = card.map { CardRecord($0, info.station) }
            finish(
                slot, mode, WatchCard.Reply(card: record, next: Int64(clamping: next)), at: now)
        case .command(let command):
            let record = CommandRecord(command, info)
            finish(slot, mode, RunCommand.Reply(command: record), at: now)
        case .applied(let roster):
            finish(slot, mode, ApplyRoster.Reply(roster: RosterRecord(roster)), at: now)
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
            case .usage(let groups):
                guard let question = asking.usage else { break }
                let reply = ListUsage.Reply(question)
                list(slot, asking.mode, .usage(reply, UsageRecord.all(groups, question, info)))
            case .refused where asking.mode.isOfBoth:
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
            if asking.mode.isOfBoth, asking.desk == .journal {
                proceed(slot, asking, nil, at: now)
            } else {
                // The order is written down, and its outcome will be.
                let isBox = asking.mode.method == .performAction
                fail(
                    slot, asking.mode, .noAnswer(what: isBox ? "device" : asking.desk.rawValue),
                    at: now)
            }
        case .reading(let reading): stopReading(slot, reading, at: now)
        case .idle, .listing, nil: break
        }
        advance(slot, at: now)
    }
}
