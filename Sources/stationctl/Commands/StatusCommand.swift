// `stationctl status` and `stationctl devices`: what is, and what is broken.

import ArgumentParser
import Control

struct StatusCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "驿站现状与故障 / How the station is.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let station = try client.call(GetStation.self).station
            guard !output.isJSON else { return output.json(station) }
            let devices = try client.devices()
            let text = StationText(catalogue: output.catalogue)
            for line in text.lines(station, devices: devices) { output.line(line) }
        } catch {
            throw .station(error)
        }
    }
}

struct DevicesCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "所有设备及其故障 / Every device, with its faults.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let devices = try client.devices()
            guard !output.isJSON else { return output.json(devices) }
            for line in StationText(catalogue: output.catalogue).table(devices) {
                output.line(line)
            }
        } catch {
            throw .station(error)
        }
    }
}
