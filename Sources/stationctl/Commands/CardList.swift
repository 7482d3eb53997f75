// `stationctl card list`: the station's own word beside the roster's.

import ArgumentParser
import Control

struct CardList: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "现场登记的卡，和在本站挂失停用的钥匙 / Cards enrolled here, and keys told lost here.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let offset = try client.call(GetStation.self).station.clock.utcOffset
            var page = GetRoster.Parameters()
            while true {
                let reply = try client.call(GetRoster.self, page)
                for key in reply.keys where key.enrolled || key.told != nil {
                    output.isJSON
                        ? output.json(key)
                        : output.line(RosterShow.line(key, offset, output.catalogue))
                }
                guard let next = reply.next else { return }
                page.after = next
            }
        } catch {
            throw .station(error)
        }
    }
}
