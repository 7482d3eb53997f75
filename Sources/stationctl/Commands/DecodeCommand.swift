// `stationctl decode` and `stationctl card`: bits and numbers in, meaning out. No station needed.

import ArgumentParser
import Control
import StationCore

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "解码 / Bits in, meaning out.",
        subcommands: [
            DecodeWiegand.self, DecodeCCID.self, DecodePN532.self, DecodeRDM6300.self,
            DecodeKeyboard.self, DecodeOSDP.self, DecodeModbus.self, DecodeLockboard8A.self,
            DecodeWKLY.self, DecodeKerong.self, DecodeDLT645.self, DecodeJBD.self, DecodeJUY.self,
            DecodeDianchuan.self,
        ])
}

struct DecodeWiegand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "wiegand",
        abstract: "韦根帧：格式、校验、卡号 / A Wiegand frame: format, parity, number.")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "0和1，或十六进制加 --length / Zeros and ones, or hexadecimal with --length.")
    var bits: String

    @Option(name: .long, help: "十六进制的位数 / How many bits the hexadecimal digits are.")
    var length: Int?

    func execute(_ output: Output) throws(Problem) {
        let decoding = try WiegandDecoding.parse(bits, length: length)
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        guard decoding.isUnderstood else { throw .badData(decoding.reason) }
    }
}

struct CardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card", abstract: "卡号的写法；挂失、停用 / Numbers of cards; cards that are lost.",
        subcommands: [
            CardViews.self, CardMatch.self, CardList.self, CardLost.self, CardBlock.self,
            CardLift.self,
        ])
}

struct CardViews: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "views",
        abstract: "一张卡的所有写法 / Every way to write one card's number.",
        discussion: "stationctl card views em4100:01026f6c3a")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "类型:内容，如 iso14443:5630F009、wiegand26:2F623AE / TECH:HEX.")
    var card: String

    @Option(name: .long, help: "只列出与卡面文字相符的写法 / Only those that say the same as this.")
    var matching: String?

    func execute(_ output: Output) throws(Problem) {
        let credential: Credential
        do {
            credential = try CardText.parse(card)
        } catch {
            throw .badData(TextRecord(zh: error.text(.chinese), en: error.text(.english)))
        }
        var report = CardReport(credential)
        if let matching {
            let same = PrintedForm.renderings(of: credential, matching: matching)
            let forms = Set(same.map { "\($0.form.name) \($0.view.name)" })
            report.views.removeAll { !forms.contains("\($0.form) \($0.view)") }
        }
        if output.isJSON {
            output.json(report)
        } else {
            for line in report.lines(output.catalogue) { output.line(line) }
        }
        guard !report.views.isEmpty else {
            throw .badData(
                TextRecord(zh: "没有相符的写法", en: "no way of writing it says the same"))
        }
    }
}
