// `stationctl watch`: a line for each thing that happens, until Ctrl-C.

import ArgumentParser
import Control
import Glibc

struct WatchCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "实时：时间、门、谁、结果、快慢 / Live: time, door, who, what, how fast.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: .long, help: "先显示最近几条 / Begin with so many that were before.")
    var last = 0

    @Flag(name: .long, help: "连同健康与采样 / With health and samples.")
    var all = false

    @Flag(name: .long, help: "断开后不再重连 / End when the station goes away.")
    var once = false

    func validate() throws {
        guard (0...1_000_000).contains(last) else {
            throw ValidationError("--last 应为 takes 0 to 1000000")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var watcher = Watcher(output: output, all: all)
        var client = try socket.connect()
        watcher.cursor = try watcher.start(&client, last: last)
        while true {
            let failure = watcher.follow(&client)
            guard !once, failure.isPassing else { throw .station(failure) }
            output.note(output.catalogue.text(failure))
            client = reconnect()
        }
    }

    /// Tries again each second; the socket's folder stays while the station restarts.
    private func reconnect() -> ControlClient {
        while true {
            poll(nil, 0, 1_000)
            if let client = try? socket.connect() { return client }
        }
    }
}

/// Follows the journal and prints what it says.
struct Watcher {
    let output: Output
    let all: Bool
    var cursor: EntryCursor?
    private var feed = WatchFeed()

    init(output: Output, all: Bool) {
        self.output = output
        self.all = all
    }

    /// Where to begin: `last` entries before the newest one.
    func start(
        _ client: inout ControlClient, last: Int
    ) throws(Problem) -> EntryCursor? {
        do {
            let journal = try client.call(GetStation.self).station.journal
            return journal.store.map {
                EntryCursor(store: $0, sequence: max(0, journal.lastSequence - Int64(last)))
            }
        } catch {
            throw .station(error)
        }
    }

    /// Prints until the connection ends, and says why it did.
    mutating func follow(_ client: inout ControlClient) -> ControlFailure {
        // Silence is no failure here: nobody may come for hours.
        client.setTimeout(milliseconds: 0)
        var next = self
        defer { self = next }
        do {
            let from = ReadEntries.Parameters(after: next.cursor)
            try client.callMore(ReadEntries.self, from) { reply in
                next.show(reply)
                return true
            }
            return .closed
        } catch {
            if case .refused(.badCursor) = error { next.cursor = nil }
            return error
        }
    }

    private mutating func show(_ reply: ReadEntries.Reply) {
        cursor = EntryCursor(reply.next)
        for entry in reply.entries where all || WatchFeed.isWorthALine(entry) {
            guard !output.isJSON else {
                output.json(entry)
                continue
            }
            let text = EntryText(catalogue: output.catalogue)
            for told in feed.take(entry) {
                output.line(text.line(told.entry, release: told.release))
            }
        }
    }
}

extension ControlFailure {
    /// Whether a new connection may do better.
    var isPassing: Bool {
        switch self {
        case .unreachable, .timedOut, .closed: true
        case .notUnderstood: false
        case .refused(let error):
            switch error {
            case .badCursor, .busy, .noAnswer, .journalUnavailable: true
            default: false
            }
        }
    }
}
