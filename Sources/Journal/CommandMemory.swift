// What outlives a run of a hub's commands: a part of the snapshot, and what entries add to it.
//
//   horizon 8 ‖ from 8 ‖ count 2, then for each:
//   id ‖ digest 8 ‖ subject 1 ‖ expires 8 ‖ outcome 1, 0: under way
//
// An id is a length of one byte and as many bytes. Numbers are big-endian.

import EventLoop
public import StationCore

/// A part of the snapshot.
public struct CommandMemory: Equatable, Sendable {
    public var ledger: CommandLedger

    public init(ledger: CommandLedger = CommandLedger()) { self.ledger = ledger }

    /// What stands in for one that is lost.
    static let lost = CommandMemory(ledger: .lost)

    public init(of station: borrowing Station) { self.init(ledger: station.keptCommands) }

    static let sizeLimit =
        8 + 8 + 2 + CommandLedger.capacity * (1 + ShortText.capacity + 8 + 1 + 8 + 1)

    /// Tells a station that starts.
    public func teach(_ station: inout Station) { station.recalled(ledger) }

    func append(to bytes: inout ByteBuffer) {
        bytes.append(bigEndian: ledger.horizon.milliseconds)
        bytes.append(bigEndian: ledger.from.milliseconds)
        bytes.append(bigEndian: UInt16(ledger.known.count))
        for command in ledger.known {
            BoxMemory.append("\(command.id)", to: &bytes)
            bytes.append(bigEndian: command.digest)
            bytes.append(command.subject.rawValue)
            bytes.append(bigEndian: command.expires.milliseconds)
            bytes.append(command.outcome?.rawValue ?? 0)
        }
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        guard let horizon: Int64 = rest.take(), let from: Int64 = rest.take(),
            let count: UInt16 = rest.take(),
            count <= CommandLedger.capacity
        else { return nil }
        var known: [CommandLedger.Known] = []
        for _ in 0..<count {
            guard let name = rest.takeName(), let id = ShortText(name),
                let digest: UInt64 = rest.take(), let subject: UInt8 = rest.take(),
                let subject = CommandSubject(rawValue: subject),
                let expires: Int64 = rest.take(), let end: UInt8 = rest.take()
            else { return nil }
            let outcome = CommandOutcome(rawValue: end)
            guard outcome != nil || end == 0 else { return nil }
            known.append(
                CommandLedger.Known(
                    id: id, digest: digest, subject: subject,
                    expires: WallTime(milliseconds: expires), outcome: outcome))
        }
        self.init(
            ledger: CommandLedger(
                known: known, horizon: WallTime(milliseconds: horizon),
                from: WallTime(milliseconds: from)))
    }
}

/// What entries say of commands, oldest first.
struct CommandFacts: Sendable {
    private(set) var ledger = CommandLedger()
    /// Ends of commands that were taken up before the first entry.
    private(set) var ends: [(id: ShortText, outcome: CommandOutcome)] = []

    /// `{"subject":"…","textDigest":"…","untilMilliseconds":…}` or `{"outcome":"…"}`.
    mutating func take(_ entry: StoredEntry) {
        // An erased entry has no key any more: its command is long over.
        guard let id = entry.key.flatMap({ ShortText($0) }) else { return }
        let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 3 else { return }
        switch words[1] {
        case "subject":
            guard let subject = CommandSubject.allCases.first(where: { $0.name == words[3] }),
                words.count > 7, let digest = UInt64(words[7], radix: 16),
                let expires = Recollection.number("untilMilliseconds", in: entry.payload)
            else { return }
            ledger.take(
                CommandLedger.Known(
                    id: id, digest: digest, subject: subject,
                    expires: WallTime(milliseconds: expires)))
        case "outcome":
            guard let outcome = CommandOutcome.allCases.first(where: { $0.name == words[3] })
            else { return }
            if ledger.command(id) == nil {
                if ends.count == CommandLedger.capacity { ends.removeFirst() }
                ends.append((id, outcome))
            }
            ledger.end(id, outcome)
        default: break
        }
    }
}

extension Recollection {
    /// Tells a station what entries say of commands, on top of what the snapshot knows.
    public func teachCommands(_ station: inout Station, at now: Instant) {
        for (id, outcome) in commandFacts.ends { station.recalled(id, ended: outcome) }
        station.recalled(commandFacts.ledger)
        station.recalledCommands(isContinued: isContinued, isWhole: isWhole, at: now)
    }
}
