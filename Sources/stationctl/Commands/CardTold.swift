// `stationctl card lost|block|lift`: what the station itself says of a key, over any roster.

import ArgumentParser
import Control
import StationCore

struct CardLost: CardTold {
    static let configuration = CommandConfiguration(
        commandName: "lost",
        abstract: "在本站挂失一把钥匙，名册说正常也不认 / Refuse a key's cards, whatever a roster says.",
        discussion: "stationctl card lost k-0004")

    static let word = KeyWord.lost

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: ArgumentHelp(keyHelp))
    var key: String
}

struct CardBlock: CardTold {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "在本站停用一把钥匙，名册说正常也不认 / The same of a key that is not lost.",
        discussion: "stationctl card block k-0004")

    static let word = KeyWord.blocked

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: ArgumentHelp(keyHelp))
    var key: String
}

struct CardLift: CardTold {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "解除本站的挂失或停用，以名册为准 / Take that back: the roster's word holds again.",
        discussion: "stationctl card lift k-0004")

    static let word = KeyWord.lifted

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: ArgumentHelp(keyHelp))
    var key: String
}

/// A command that says one word of one key.
protocol CardTold: StationCommand {
    static var word: KeyWord { get }
    var socket: SocketOptions { get }
    var key: String { get }
}

extension CardTold {
    static var keyHelp: String { "钥匙的编号，见 roster show --keys / The key's id." }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            _ = try client.call(
                TellKey.self, TellKey.Parameters(key: key, word: Self.word.name))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(["key": key, "word": Self.word.name]) }
        output.line(key + output.catalogue.say("：", ": ") + output.catalogue.told(Self.word.name))
    }
}
