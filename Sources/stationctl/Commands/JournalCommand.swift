// `stationctl journal`: what was written down, and whether it is whole.

import ArgumentParser
import Control

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "记录 / What was written down.",
        subcommands: [JournalTail.self, JournalVerify.self])
}

struct JournalTail: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "最近的记录 / The latest entries.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: [.customShort("n"), .long], help: "多少条 / How many.")
    var count = 20

    func validate() throws {
        guard (1...1_000_000).contains(count) else {
            throw ValidationError("--count 应为 takes 1 to 1000000")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let text = EntryText(catalogue: output.catalogue)
        do {
            let journal = try client.call(GetStation.self).station.journal
            guard let store = journal.store else {
                throw ControlFailure.refused(.journalUnavailable(state: journal.state))
            }
            let newest = journal.lastSequence
            var cursor = EntryCursor(store: store, sequence: max(0, newest - Int64(count)))
            while cursor.sequence < newest {
                let page = try client.call(
                    ReadEntries.self, ReadEntries.Parameters(after: cursor))
                for entry in page.entries where entry.sequence <= newest {
                    output.isJSON ? output.json(entry) : output.line(text.record(entry))
                }
                guard let next = EntryCursor(page.next), next != cursor else { return }
                cursor = next
            }
        } catch let error as ControlFailure {
            throw .station(error)
        } catch {
            throw .told(.notUnderstood)
        }
    }
}

struct JournalVerify: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "核对链条 / Check the chain.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: .long, help: "从哪一条 / From this sequence.")
    var from: Int64?

    @Option(name: .long, help: "到哪一条 / To this sequence.")
    var to: Int64?

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        client.setTimeout(milliseconds: 130_000)
        let found: VerificationRecord
        do {
            found = try client.call(
                VerifyJournal.self, VerifyJournal.Parameters(from: from, to: to))
        } catch {
            throw .station(error)
        }
        output.isJSON ? output.json(found) : output.line(Self.line(found, output.catalogue))
        guard found.ok else { throw .told(.no) }
    }

    static func line(_ found: VerificationRecord, _ words: Catalogue) -> String {
        if found.ok {
            return words.say(
                "完好：核对了 \(found.checked) 条，链头 \(found.head.prefix(16))",
                "whole: \(found.checked) entries checked, head \(found.head.prefix(16))")
        }
        let place = found.firstBroken.map { "#\($0)" } ?? "?"
        let why = words.breach(found.reason ?? "")
        return words.say(
            "在 \(place) 处断开（\(why)）：请保留存储卡，交维护人员查证",
            "broken at \(place) (\(why)): keep the card as it is, as evidence")
    }
}
