// `stationctl decode modbus` and its like: what was said on a bus that meters, lock boards and
// charging boards share.

import ArgumentParser
import Control
import StationCore

/// The protocols, by their names on the command line.
enum BusProtocol: String, CaseIterable, Sendable {
    case modbus
    case lockboard8A = "lockboard-8a"
    case wkly
    case kerong
    case dlt645
    case jbd
    case juy
    case dianchuan

    var line: LineProtocol {
        switch self {
        case .modbus: .modbus
        case .lockboard8A: .lockboard8A
        case .wkly: .wkly
        case .kerong: .kerong
        case .dlt645: .dlt645
        case .jbd: .codec(.jbd)
        case .juy: .codec(.juy)
        case .dianchuan: .codec(.dianchuan)
        }
    }
}

/// A command that reads a recording of one protocol.
protocol BusDecodingCommand: StationCommand {
    static var kind: BusProtocol { get }
    var bytes: [String] { get }
}

extension BusDecodingCommand {
    func execute(_ output: Output) throws(Problem) {
        let decoding = BusDecoding(
            try HexInput.bytes(bytes.joined(separator: " ")), as: Self.kind)
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        if let reason = decoding.reason { throw .badData(reason) }
    }

    fileprivate static func configured(_ abstract: String, _ example: String)
        -> CommandConfiguration
    {
        CommandConfiguration(
            commandName: kind.rawValue, abstract: abstract,
            discussion: "stationctl decode \(kind.rawValue) \(example)")
    }
}

private let help: ArgumentHelp =
    "总线上的字节，十六进制 / Bytes of the line, hexadecimal, in one piece or several."

struct DecodeModbus: BusDecodingCommand {
    static let kind = BusProtocol.modbus
    static let configuration = configured(
        "Modbus帧：RTU或TCP，请求和应答 / Modbus frames, RTU or TCP, both directions.",
        "01 04 00 00 00 0A 70 0D")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeLockboard8A: BusDecodingCommand {
    static let kind = BusProtocol.lockboard8A
    static let configuration = configured(
        "8A/80锁控板的帧 / Frames of lock boards of the 8A kind.", "8A 01 01 11 9B")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeWKLY: BusDecodingCommand {
    static let kind = BusProtocol.wkly
    static let configuration = configured(
        "WKLY锁控板的帧 / Frames of lock boards that begin with WKLY.",
        "57 4B 4C 59 09 00 82 01 83")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeKerong: BusDecodingCommand {
    static let kind = BusProtocol.kerong
    static let configuration = configured(
        "Kerong CU16锁控板的帧 / Frames of Kerong's CU16 lock boards.", "02 00 31 03 36")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeDLT645: BusDecodingCommand {
    static let kind = BusProtocol.dlt645
    static let configuration = configured(
        "DL/T 645-2007电表的帧 / Frames of DL/T 645-2007 meters.",
        "68 AA AA AA AA AA AA 68 13 00 DF 16")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeJBD: BusDecodingCommand {
    static let kind = BusProtocol.jbd
    static let configuration = configured(
        "嘉佰达电池保护板的帧 / Frames of JBD battery boards.", "DD A5 03 00 FF FD 77")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeJUY: BusDecodingCommand {
    static let kind = BusProtocol.juy
    static let configuration = configured(
        "JUY充电插座板的帧 / Frames of JUY charging-socket boards.",
        "5A A5 08 00 84 00 02 01 00 00 00 8F")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}

struct DecodeDianchuan: BusDecodingCommand {
    static let kind = BusProtocol.dianchuan
    static let configuration = configured(
        "电川充电插座板的帧 / Frames of Dianchuan charging-socket boards.",
        "EE 09 01 00 00 00 00 00 00 00 08")

    @OptionGroup var speech: SpeechOptions
    @Argument(help: help) var bytes: [String]
}
