// The program: what it can be told to do.

import ArgumentParser
import StationCore

@main
struct StationGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "station-gateway",
        abstract: "Serves a station's journal, state and metrics over HTTP. 驿站的 HTTP 网关。",
        discussion: """
            It reads from stationd and keeps nothing; without it doors work as before.
            只读取 stationd，不保存任何东西；没有它，门照常工作。
            """,
        version: Release.version, subcommands: [Serve.self, MakeToken.self],
        defaultSubcommand: Serve.self)
}
