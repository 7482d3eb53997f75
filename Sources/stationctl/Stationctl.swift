// The crew's command: one word for each thing that can be asked of a station.

import ArgumentParser
import StationCore

@main
struct Stationctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stationctl",
        abstract: "驿站维护命令 / Ask a station, and look after it.",
        discussion: """
            退出码 exit codes: 0 ok, 1 the answer is no, 64 usage, 65 bad data,
            66 no such file, 69 no station, 75 try again later, 77 not allowed.
            说明 docs/stationctl.md tells more.
            """,
        version: "stationctl " + Release.version,
        subcommands: [
            StatusCommand.self, WatchCommand.self, DevicesCommand.self, RosterCommand.self,
            KeyCommand.self, PassCommand.self, JournalCommand.self, DecodeCommand.self,
            CardCommand.self, NewCommand.self, CheckCommand.self, ResolveCommand.self,
            ActivateCommand.self, DoorOrder.self, DoCommand.self, GuardCommand.self,
            LockerCommand.self, ServiceCommand.self, TapCommand.self, EnrollCommand.self,
            ReaderCommand.self, OSDPCommands.self, BusCommands.self,
            ProfileCommands.self, HoursCommand.self, UsageCommand.self, CommandCommand.self,
            NoticeCommand.self,
        ])
}
