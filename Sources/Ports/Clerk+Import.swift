// A roster from a CSV file: judged row by row, then put in place whole or not at all.

import CLinux
import Control
import EventLoop
import Journal
import StationCore

extension Clerk {
    /// Reads, hashes and judges the file; applies it unless a row was refused or it is a rehearsal.
    func importRoster(
        _ file: PassedFile, isPartial: Bool, isDry: Bool
    ) throws(ControlError) -> CoreAnswer {
        guard let key else { throw .noKey }
        let csv = RosterCSV(key: key, version: version + 1, for: station)
        // What went into the sum is given back to the system, where other allocations lie between.
        defer { station_trim_memory() }
        let result = csv.read(try contents(of: file), partial: isPartial)
        let verdicts = result.verdicts
        guard let built = result.file, !isDry else {
            return .imported(ImportOutcome(applied: false, verdicts: verdicts, roster: nil))
        }
        let refused = UInt32(clamping: result.refusedLines.count)
        let roster = try decode(built)
        try putInPlace(roster, built, refused: refused)
        return .imported(
            ImportOutcome(
                applied: true, verdicts: verdicts, roster: RosterSnapshot(roster)))
    }

    /// The file, unless its import would need more memory than there is: doors are opened here too.
    ///
    /// - Parameter more: rows that are taken from elsewhere.
    func contents(
        of file: PassedFile, besides more: Int = 0
    ) throws(ControlError) -> [UInt8] {
        var size = try ImportSize(of: file)
        size.rows += more
        let budget = ImportBudget.now()
        guard size.need <= budget.free else {
            let detail =
                "\(ImportBudget.megabytes(size.need)), \(ImportBudget.megabytes(budget.free))"
            throw .badRoster(ControlReason(.noRoom, detail))
        }
        // Whoever changes it meanwhile gets what was measured, not more.
        return try file.contents(limit: max(1, size.bytes))
    }

    func decode(_ bytes: [UInt8]) throws(ControlError) -> Roster {
        do throws(RosterFileError) {
            return try RosterFile.decode(bytes, for: RosterPlaces(station))
        } catch {
            Console.note("stationd: \(error.text(.chinese)) \(error.text(.english))")
            throw .badRoster(ControlReason(.damaged))
        }
    }

    /// Rights with hours that the station does not have hold at no time: somebody has to know why.
    static func tellUnknownHours(of roster: Roster) {
        guard !roster.unknownHours.isEmpty else { return }
        let names = roster.unknownHours.prefix(8).joined(separator: ", ")
        Console.note(
            "stationd: 名册 roster \(roster.version): 本站没有这些时段，相关权限无效 rights with hours "
                + "that this station does not have do not hold: \(names)")
    }

    /// Puts a roster in place: on the medium first, then in force.
    ///
    /// - Parameter removed: keys that it says are gone.
    func putInPlace(
        _ made: Roster, _ file: [UInt8], refused: UInt32 = 0, removed: [ShortText] = []
    ) throws(ControlError) {
        let cards = try settleCards(by: made, removed: removed)
        do throws(ControlError) {
            try keep(file)
        } catch {
            // What the medium has holds, though the roster does not.
            if let cards { tell(cards) }
            throw error
        }
        kept(made, refused: refused)
        if let cards { tell(cards) }
    }

    /// On the medium before in force: a roster that a power cut could take back never opens doors.
    func keep(_ bytes: [UInt8]) throws(ControlError) {
        do throws(JournalError) {
            try directory.replace(Memory.rosterName, with: [bytes[...]])
        } catch {
            throw .badRoster(ControlReason(.notWritten, error.code))
        }
    }
}

extension RosterImport {
    /// One verdict for each row; a refused row has one for each error.
    var verdicts: Verdicts {
        let refused = errors.map { error in
            VerdictRecord(
                line: error.line, key: nil, accepted: false, reason: error.word,
                column: error.column?.rawValue,
                text: TextRecord(zh: error.text(.chinese), en: error.text(.english)))
        }
        return Verdicts(refused: refused, accepted: accepted)
    }
}
