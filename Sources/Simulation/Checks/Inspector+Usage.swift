// The totals at the end of a run: what the entries say, each counted once, through every power cut.

import EventLoop
import Journal
import StationCore

extension Inspector {
    /// Compares the totals with the entries that they count.
    func counted(
        _ journal: InlineJournal, _ entries: [StoredEntry], at now: Instant
    ) throws(JournalError) {
        var expected = (entries: Int64(0), uses: Int64(0))
        for entry in entries {
            switch entry.kind {
            case "access.granted", "access.passGranted": expected.entries += 1
            case "access.passWithdrawn": expected.entries -= 1
            case "use.ended": expected.uses += Self.uses(of: entry)
            default: break
            }
        }
        var found = (entries: Int64(0), uses: Int64(0))
        for groups in [try journal.usage(Self.noDay), try journal.usage(Self.days(of: entries))] {
            for group in groups {
                for row in group.rows {
                    switch group.subject {
                    case .door: found.entries += row.totals.uses
                    case .service: found.uses += row.totals.uses + row.totals.failed
                    case .visits, .lost: break
                    }
                }
            }
        }
        if found != expected {
            tell(
                .journalBroken, at: now,
                "totals of \(found.entries) at doors and \(found.uses) uses, entries of "
                    + "\(expected.entries) and \(expected.uses)")
        }
    }

    /// What the journal counted at services, beside what people did there.
    func counted(
        _ journal: InlineJournal, beside ledger: [ServiceUsage], isExact: Bool, at now: Instant
    ) -> [ServiceUsage] {
        var usage = ledger
        do throws(JournalError) {
            let entries = try journal.readAll()
            for entry in entries where entry.kind == "use.ended" {
                guard entry.payload.contains(#""end":"interrupted""#) else { continue }
                let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
                guard words.count > 3, let place = usage.firstIndex(where: { $0.name == words[3] })
                else { continue }
                usage[place].interrupted += 1
            }
            for question in [Self.noDay, Self.days(of: entries)] {
                for group in try journal.usage(question) where group.subject == .service {
                    guard let place = usage.firstIndex(where: { $0.name == group.name }) else {
                        continue
                    }
                    for row in group.rows { usage[place].add(row) }
                }
            }
        } catch {
            tell(.journalBroken, at: now, "\(error)")
        }
        guard isExact else { return usage }
        for wrong in usage.flatMap(\.differences) { tell(.usageWrong, at: now, wrong) }
        return usage
    }

    /// A count of several at once is as many uses.
    private static func uses(of entry: StoredEntry) -> Int64 {
        let parts = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard entry.payload.contains(#""amountUnit":"times""#),
            let place = parts.firstIndex(of: "amount"), place + 1 < parts.count
        else { return 1 }
        return max(1, Int64(parts[place + 1].filter(\.isNumber)) ?? 1)
    }

    /// What was never dated, and before any day was known.
    private static var noDay: UsageQuestion { span(0, 0) }

    /// Every day that an entry may be of; what is dated later is of a day between.
    private static func days(of entries: [StoredEntry]) -> UsageQuestion {
        let seconds = entries.filter { $0.quality >= .holdover }.map(\.wall.seconds)
        let day = { (seconds: Int64) in CivilDate(localSeconds: seconds).dayNumber }
        guard let first = seconds.min(), let last = seconds.max() else { return noDay }
        return span(max(1, day(first) - 2), day(last) + 2)
    }

    private static func span(_ first: Int, _ last: Int) -> UsageQuestion {
        let days = (CivilDate(dayNumber: first), CivilDate(dayNumber: last))
        guard let question = UsageQuestion(from: days.0, to: days.1, by: .service) else {
            preconditionFailure("a run of more than three years")
        }
        return question
    }
}
