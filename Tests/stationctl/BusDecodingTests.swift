// Bytes of buses in, meaning out, in both languages.

import ArgumentParser
import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `Decoding a bus` {
    private func decode(_ text: String, as kind: BusProtocol) throws -> BusDecoding {
        BusDecoding(try HexInput.bytes(text), as: kind)
    }

    private func lines(
        _ text: String, as kind: BusProtocol
    ) throws -> (zh: [String], en: [String]) {
        let decoding = try decode(text, as: kind)
        return (
            decoding.lines(Catalogue(language: .chinese)),
            decoding.lines(Catalogue(language: .english))
        )
    }

    /// One request and its answer, of a document or a device each.
    static let samples: [(BusProtocol, String)] = [
        (.modbus, "11 03 00 6B 00 03 76 87 11 03 06 02 2B 00 00 00 64 C8 BA"),
        (.lockboard8A, "8A 01 01 11 9B 8A 01 01 00 8A 81 01 01 11 90"),
        (.wkly, "57 4B 4C 59 09 00 82 01 83 57 4B 4C 59 0B 00 82 00 01 00 81"),
        (.kerong, "02 10 30 03 45 02 10 35 01 80 00 01 03 CC"),
        (.dlt645, "68 01 00 00 00 00 00 68 91 08 33 33 34 33 59 B3 55 44 DC 16"),
        (.jbd, "DD A5 04 00 FF FC 77 DD 05 00 0A 30 31 32 33 34 35 36 37 38 39 FD E9 77"),
        (.juy, "5A A5 08 00 84 00 02 01 00 00 00 8F"),
        (
            .dianchuan,
            "EE 0D 02 00 00 00 00 00 00 01 00 00 00 01 0F 66 0A 02 00 00 00 00 00 00 01 01 08"
        ),
    ]

    @Test(arguments: samples)
    func `says every frame, in both languages`(kind: BusProtocol, text: String) throws {
        let decoding = try decode(text, as: kind)
        #expect(decoding.reason == nil && !decoding.frames.isEmpty)
        #expect(decoding.frames.map(\.bytes).joined() == text.filter { $0 != " " })
        let lines = try lines(text, as: kind)
        #expect(lines.zh.count == lines.en.count && lines.zh != lines.en)
        #expect(lines.zh[0].contains("→") || lines.zh[0].contains("←"))
    }

    @Test(arguments: samples)
    func `says where the bytes stop making sense`(kind: BusProtocol, text: String) throws {
        let bytes = try HexInput.bytes(text)
        let cut = BusDecoding(Array(bytes.dropLast()), as: kind)
        let reason = try #require(cut.reason)
        #expect(reason.zh != reason.en)
        let noisy = BusDecoding(bytes + [0x00], as: kind)
        let place = bytes.count + 1
        #expect(noisy.reason?.en.contains("from byte \(place) on") == true)
        #expect(noisy.reason?.zh.contains("第\(place)个字节") == true)
    }

    @Test func `says which check was expected`() throws {
        let modbus = try decode("01 04 00 00 00 0A 70 0E", as: .modbus)
        #expect(modbus.reason?.en.contains("wrong CRC, 700D expected") == true)
        #expect(modbus.reason?.zh.contains("CRC不对，应为700D") == true)
        let board = try decode("81 01 01 01 81", as: .lockboard8A)
        #expect(board.reason?.en.contains("wrong check, 80 expected") == true)
    }

    @Test func `says refusals by their names`() throws {
        let modbus = try lines("11 83 02 C1 34", as: .modbus)
        #expect(
            modbus.en[0].contains("read holding registers  refused (2): the device has no such"))
        #expect(modbus.zh[0].contains("不接受（2）：设备没有这个地址"))
        let record = try decode("11 83 02 C1 34", as: .modbus)
        #expect(record.frames[0].readings?[0].refusal == 2)
    }

    @Test func `says what numbers mean`() throws {
        let end = try lines("EE 0C 05 30 30 30 30 30 30 0A 00 00 00 03", as: .dianchuan)
        #expect(end.en[0].contains("reason 0 (time or energy used up)"))
        #expect(end.zh[0].contains("原因 0（时间或电量用完）"))
        let read = try lines("01 04 00 00 00 02 71 CB", as: .modbus)
        #expect(
            read.en == ["→ request  unit 1  read input registers  address 0 (0x0000)  count 2"])
    }

    @Test func `is a command for each protocol`() throws {
        for (kind, text) in Self.samples {
            let command = try Stationctl.parseAsRoot(
                ["decode", kind.rawValue] + text.split(separator: " ").map(String.init))
            #expect(command is any BusDecodingCommand)
        }
        #expect(Set(Self.samples.map(\.0)) == Set(BusProtocol.allCases))
    }
}
