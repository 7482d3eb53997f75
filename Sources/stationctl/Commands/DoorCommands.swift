// `stationctl door`: what a crew tells a door.

import ArgumentParser
import Control
import StationCore

struct DoorOrder: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "door",
        abstract: "开一次门，或改变门的模式 / Let somebody in, or change a door's mode.",
        discussion: """
            stationctl door open rest-room        开一次门 / for one person, for the usual time
            stationctl door unlock rest-room      常开 / free until `lock`
            stationctl door block rest-room       停用，出门不受影响 / until `unblock`; leaving is free
            stationctl door lockdown rest-room    封闭 / until `release-lockdown`
            stationctl door reset-fire rest-room  火警复位 / once the fire input is quiet
            stationctl door forget-inside yard    清除进出记忆 / who is inside is forgotten
            模式在重启后保持；每个命令都有记录。
            A mode survives a restart. Every command is written down.
            """)

    /// What can be said, in a crew's words.
    enum Word: String, CaseIterable, ExpressibleByArgument {
        case open, unlock, lock, block, unblock, lockdown
        case releaseLockdown = "release-lockdown"
        case resetFire = "reset-fire"
        case forgetInside = "forget-inside"

        var command: DoorCommand {
            switch self {
            case .open: .access
            case .unlock: .unlock
            case .lock: .lock
            case .block: .block
            case .unblock: .unblock
            case .lockdown: .lockDown
            case .releaseLockdown: .releaseLockDown
            case .resetFire: .resetFire
            case .forgetInside: .forgetPassback
            }
        }
    }

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "命令 / What it is to do.")
    var word: Word

    @Argument(help: "门 / The door's name, as `status --json` has it.")
    var door: String

    func execute(_ output: Output) throws(Problem) {
        // A strict station says no only when its patience is over.
        var client = try socket.connect(patience: 40)
        let reply: CommandDoor.Reply
        do {
            reply = try client.call(
                CommandDoor.self,
                CommandDoor.Parameters(door: door, command: word.command.name))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(reply) }
        output.line(output.catalogue.done(word.command, door, mode: reply.mode))
        if word.command.isRelease, !reply.written {
            output.line(
                "! "
                    + output.catalogue.say(
                        "还没写进记录就开了锁：请检查存储卡",
                        "the lock was freed before this was written down: check the SD card"))
        }
    }
}

extension DoorCommand {
    /// Whether it frees a lock, and waits for its entry for that.
    fileprivate var isRelease: Bool {
        switch self {
        case .access, .unlock: true
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire, .forgetPassback:
            false
        }
    }
}

extension Catalogue {
    /// That a door does what it was told, and how it stands now.
    func done(_ command: DoorCommand, _ door: String, mode: String) -> String {
        switch command {
        case .access: say("\(door)：已开一次门", "\(door): free for one person")
        case .forgetPassback:
            say("\(door)：已清除进出记忆", "\(door): who is inside is forgotten")
        case .unlock, .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire:
            say("\(door)：\(self.mode(mode))", "\(door): \(self.mode(mode))")
        }
    }
}
