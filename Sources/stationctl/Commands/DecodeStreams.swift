// `stationctl decode` for readers on a serial line and for readers that play a keyboard.

import ArgumentParser
import Control
import StationCore

struct DecodePN532: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "pn532",
        abstract: "PN532串口帧：命令、回复、卡 / A PN532's frames: commands, replies, cards.",
        discussion: "stationctl decode pn532 0000ff0cf4d54b0101000408045630f0094f00")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "串口上的字节，十六进制 / Bytes of the line, hexadecimal, in one piece or several.")
    var bytes: [String]

    func execute(_ output: Output) throws(Problem) {
        let decoding = PN532Decoding(try HexInput.bytes(bytes.joined(separator: " ")))
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        guard decoding.isUnderstood else { throw .badData(decoding.reason) }
    }
}

struct DecodeRDM6300: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "rdm6300",
        abstract: "125 kHz读卡模块的串口帧 / Frames of a 125 kHz reader on a serial line.",
        discussion: "stationctl decode rdm6300 0236324533303836434544303803")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "串口上的字节，十六进制 / Bytes of the line, hexadecimal, in one piece or several.")
    var bytes: [String]

    @Option(
        name: .long,
        help: "帧的写法：rdm6300、id12、em18、parallax、7941 / The reader's way of framing.",
        transform: DecodeRDM6300.framing)
    var framing = EM4100Framing.rdm6300

    func execute(_ output: Output) throws(Problem) {
        let decoding = SerialCardDecoding(
            try HexInput.bytes(bytes.joined(separator: " ")), framing: framing)
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        guard decoding.isUnderstood else { throw .badData(decoding.reason) }
    }

    private static func framing(_ name: String) throws -> EM4100Framing {
        guard let framing = EM4100Framing(name: name) else {
            let names = EM4100Framing.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("expected one of \(names)")
        }
        return framing
    }
}

struct DecodeKeyboard: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyboard",
        abstract: "键盘口读卡器的事件 / Events of a reader that plays a keyboard.",
        discussion: "stationctl decode keyboard \"$(xxd -p /dev/input/event3)\"")

    @OptionGroup var speech: SpeechOptions

    @Argument(
        help: "input_event的字节，十六进制 / Bytes of input_event, hexadecimal, in one piece or several.")
    var bytes: [String]

    @Option(
        name: .long, help: "采集那台机器的字长，64或32 / Word size of the machine: 64 or 32.",
        transform: DecodeKeyboard.layout)
    var layout = InputEventLayout.bits64

    @Option(
        name: .long, help: "读作哪种写法，如8H10D；不写则列出所有可能 / Read as this form.")
    var form: String?

    @Option(name: .long, help: "卡的类型：em4100、iso14443 / What the number is of.")
    var technology = "em4100"

    @Option(name: .long, help: "字符数，写法不含长度时必填 / Characters, where the form has no length.")
    var length: Int?

    func execute(_ output: Output) throws(Problem) {
        let decoding = KeyboardDecoding(
            try HexInput.bytes(bytes.joined(separator: " ")), layout: layout, format: try format())
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        guard decoding.isUnderstood else { throw .badData(decoding.reason) }
    }

    private func format() throws(Problem) -> KeyboardFormat? {
        guard let form else { return nil }
        guard let printed = PrintedForm(name: form) else {
            let names = PrintedForm.all.map(\.name).joined(separator: ", ")
            throw .badData(
                TextRecord(zh: "没有这种写法；有：\(names)", en: "no such form; there are \(names)"))
        }
        guard let kind = Technology.allCases.first(where: { $0.name == technology }) else {
            throw .badData(
                TextRecord(
                    zh: "类型应为em4100、iso14443、iso14443b、iso15693或wiegand",
                    en: "expected em4100, iso14443, iso14443b, iso15693 or wiegand"))
        }
        guard let format = KeyboardFormat(form: printed, technology: kind, length: length) else {
            throw .badData(
                TextRecord(
                    zh: "这种写法不能这样用：请用 --length 写明字符数，或换一种类型",
                    en: "the form cannot be used so: state --length, or another technology"))
        }
        return format
    }

    private static func layout(_ text: String) throws -> InputEventLayout {
        guard let bits = UInt8(text), let layout = InputEventLayout(rawValue: bits) else {
            throw ValidationError("expected 64 or 32")
        }
        return layout
    }
}
