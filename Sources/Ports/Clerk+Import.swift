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
        let doors = station.doors.map(\.name)
        let csv = RosterCSV(
            key: key, version: version + 1, utcOffset: station.station.utcOffsetMinutes * 60,
            doors: doors)
        // What went into the sum is given back to the system, where other allocations lie between.
        defer { station_trim_memory() }
        let result = csv.read(try contents(of: file), partial: isPartial)
        let verdicts = result.verdicts
        guard let built = result.file, !isDry else {
            return .imported(ImportOutcome(applied: false, verdicts: verdicts, roster: nil))
        }
        let refused = UInt32(clamping: result.refusedLines.count)
        let roster = try decode(built, doors)
        try confirmCards(by: roster)
        try keep(built)
        kept(roster)
        tell(.roster(roster, refused: refused))
        return .imported(
            ImportOutcome(
                applied: true, verdicts: verdicts, roster: RosterSnapshot(roster)))
    }

    /// The file, unless its import would need more memory than there is: doors are opened here too.
    private func contents(of file: PassedFile) throws(ControlError) -> [UInt8] {
        let size = try ImportSize(of: file)
        let budget = ImportBudget.now()
        guard size.need <= budget.free else {
            let detail =
                "\(ImportBudget.megabytes(size.need)), \(ImportBudget.megabytes(budget.free))"
            throw .badRoster(ControlReason(.noRoom, detail))
        }
        // Whoever changes it meanwhile gets what was measured, not more.
        return try file.contents(limit: max(1, size.bytes))
    }

    private func decode(_ bytes: [UInt8], _ doors: [String]) throws(ControlError) -> Roster {
        do throws(RosterFileError) {
            return try RosterFile.decode(bytes, doors: doors)
        } catch {
            Console.note("stationd: \(error.text(.chinese)) \(error.text(.english))")
            throw .badRoster(ControlReason(.damaged))
        }
    }

    /// On the medium before in force: a roster that a power cut could take back never opens doors.
    private func keep(_ bytes: [UInt8]) throws(ControlError) {
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
