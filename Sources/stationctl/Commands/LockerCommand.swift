// `stationctl locker`: how boxes stand, and what a person has done to one.

import ArgumentParser
import Control
import StationCore

struct LockerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locker",
        abstract: "柜子：看各格，打开，清空，停用 / Lockers: look at boxes, open, clear, block them.",
        subcommands: [
            LockerList.self, LockerOpen.self, LockerClear.self, LockerBlock.self,
            LockerUnblock.self,
        ], defaultSubcommand: LockerList.self)
}

struct LockerList: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "各格的状态 / Every box and how it stands.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "只看这个服务 / Only this service's.")
    var service: String?

    @Flag(help: "只看要人去处理的 / Only those that want a person.")
    var wrong = false

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let all: [BoxRecord]
        do {
            all = try client.boxes()
        } catch {
            throw .station(error)
        }
        let boxes = all.filter { service == nil || $0.service == service }
            .filter { !wrong || $0.wantsPerson }
        guard !output.isJSON else { return output.json(boxes) }
        let catalogue = output.catalogue
        if boxes.isEmpty { output.line(catalogue.say("没有", "none")) }
        for line in Table.lines(boxes.map(catalogue.cells)) { output.line(line) }
    }
}

/// Which box a command is about.
struct BoxArguments: ParsableArguments {
    @Argument(help: "服务 / The service's name.")
    var service: String

    @Argument(help: "格口上写的号 / What is painted on the box.")
    var box: String

    /// Whether somebody has it; a box that is none is told by the station.
    func isHeld(_ socket: SocketOptions) throws(Problem) -> Bool {
        var client = try socket.connect()
        do {
            return try client.boxes().contains {
                $0.service == service && $0.name == box && $0.held
            }
        } catch {
            throw .station(error)
        }
    }

    /// Has it done, and says so.
    func tell(_ order: BoxOrder, _ socket: SocketOptions, _ output: Output) throws(Problem) {
        var client = try socket.connect()
        let reply: TellBox.Reply
        do {
            reply = try client.call(
                TellBox.self,
                TellBox.Parameters(service: service, box: box, order: order.name))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(reply) }
        output.line("\(service) \(box): " + output.catalogue.text(order))
    }
}

struct LockerOpen: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "打开一格；里面的东西还是原主的 / Open a box; whose it is stays as it is.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var which: BoxArguments

    func execute(_ output: Output) throws(Problem) { try which.tell(.open, socket, output) }
}

struct LockerClear: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "看过是空的：重新可用 / You looked, it is empty: nobody's again.",
        discussion: """
            stationctl locker clear lockers 7
            不知是谁的、被撬过的、有东西忘在里面的，都要人看过才再发出去。谁清的有记录。
            A box of which nobody knows whose it is, that was forced or holds something forgotten
            is given to nobody before a person has looked. Who did is written down.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var which: BoxArguments

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func execute(_ output: Output) throws(Problem) {
        let name = "\(which.service) \(which.box)"
        let isHeld = try which.isHeld(socket)
        try Confirmation.ask(
            TextRecord(
                zh: (isHeld ? "\(name) 现在有人在用！" : "\(name)：") + "你看过里面，是空的吗？它会再发给别人。",
                en: (isHeld ? "\(name) is somebody's now! " : "\(name): ")
                    + "Have you looked inside, is it empty? It will be given to somebody else."),
            isAnswered: yes, output)
        try which.tell(.clear, socket, output)
    }
}

struct LockerBlock: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "停用一格；持有人还能打开 / Take a box out of use; its holder still gets at it.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var which: BoxArguments

    func execute(_ output: Output) throws(Problem) { try which.tell(.block, socket, output) }
}

struct LockerUnblock: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblock", abstract: "恢复使用 / Put a box back in use.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var which: BoxArguments

    func execute(_ output: Output) throws(Problem) { try which.tell(.unblock, socket, output) }
}

extension BoxRecord {
    /// Whether somebody has to come for it.
    var wantsPerson: Bool { !known || blocked || !troubles.isEmpty }
}

extension Catalogue {
    func text(_ order: BoxOrder) -> String {
        switch order {
        case .open: say("已下令打开，开没开看 stationctl watch", "told to open; stationctl watch shows it")
        case .clear: say("已清空", "cleared")
        case .block: say("已停用", "out of use")
        case .unblock: say("已恢复使用", "in use again")
        }
    }

    /// `lockers  7  占用  自 15:02  门关着  占用超时：…`
    func cells(_ box: BoxRecord) -> [String] {
        let whose =
            switch (box.known, box.held, box.free) {
            case (false, _, _): say("不知是谁的", "nobody knows whose")
            case (true, true, _): say("占用", "held")
            case (true, false, true): say("空闲", "free")
            case (true, false, false): say("不能发", "not to be given")
            }
        let since = box.time.map { say("自 ", "since ") + $0.dropFirst(5).prefix(11) } ?? ""
        let door = Self.positions[box.door].map { say($0.0, $0.1) } ?? box.door
        var notes = box.troubles.map(step)
        if box.blocked { notes.insert(say("停用", "out of use"), at: 0) }
        return [
            box.service, box.name, whose, since.replacing("T", with: " "), door,
            notes.joined(separator: say("；", "; ")),
        ]
    }
}
