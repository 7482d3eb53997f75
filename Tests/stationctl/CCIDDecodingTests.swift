// CCID messages in, meaning out; bytes of other drivers' tests and of readers' descriptors.

import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `Decoding a CCID message` {
    private func decode(_ text: String) throws -> CCIDDecoding { try CCIDDecoding.parse(text) }

    private func lines(_ text: String) throws -> (zh: [String], en: [String]) {
        let decoding = try decode(text)
        return (
            decoding.lines(Catalogue(language: .chinese)),
            decoding.lines(Catalogue(language: .english))
        )
    }

    /// nfcpy tests/test_clf_acr122.py.
    @Test(
        arguments: [
            ("6f050000000000000000 ff00480000", "PC_to_RDR_XfrBlock", "acr122uFirmware"),
            ("62000000000000000000", "PC_to_RDR_IccPowerOn", nil),
            ("6f050000000000000000 ff00517f00", "PC_to_RDR_XfrBlock", "acr122uPolling"),
            ("6f090000000000000000 ff00400e0400000000", "PC_to_RDR_XfrBlock", "acr122uLights"),
            ("6f07000000 0000000000 ff00000002d402", "PC_to_RDR_XfrBlock", "acr122uDirect"),
            ("6f08000000 0000000000 ff00000003d416f0", "PC_to_RDR_XfrBlock", "acr122uPowerDown"),
            ("6f05000000 00ff000000 ffca000000", "PC_to_RDR_XfrBlock", "getUID"),
            ("6b06000000 0001000000 e00000280 13c", "PC_to_RDR_Escape", "acr1252uBeep"),
        ] as [(String, String, String?)])
    func `says what a command asks`(bytes: String, name: String, asks: String?) throws {
        let decoding = try decode(bytes)
        #expect(decoding.kind == .command)
        #expect(decoding.name == name)
        #expect(decoding.asks == asks)
        let lines = try lines(bytes)
        #expect(lines.zh.count == lines.en.count)
        if asks != nil { #expect(lines.zh != lines.en) }
    }

    /// nfcpy tests/test_clf_acr122.py: done, although bStatus says "no card" and bError 81.
    @Test func `takes an ACR122U's error byte for what it is`() throws {
        let decoding = try decode("80 0a000000 0000028100 41435231323255323033")
        #expect(decoding.outcome == "done")
        #expect(decoding.card == "absent")
        #expect(decoding.error == nil)
    }

    @Test func `shows status word and UID of an answer`() throws {
        let decoding = try decode("80 09000000 00 07 00 00 00 04A1B2C3D4E5F6 9000")
        #expect(decoding.sequence == 7)
        #expect(decoding.status == "9000")
        #expect(decoding.uid == "iso14443:04A1B2C3D4E5F6")
        let lines = try lines("80 09000000 00 07 00 00 00 04A1B2C3D4E5F6 9000")
        #expect(lines.zh.contains { $0.contains("状态字 9000") })
        #expect(lines.en.contains { $0.contains("iso14443:04A1B2C3D4E5F6") })
    }

    /// Gemalto Prox-DU guide, page 101.
    @Test func `knows a card by its ATR`() throws {
        let atr = "3B8F8001804F0CA000000306030001000000006A"
        let decoding = try decode("80 14000000 00 01 00 00 00" + atr)
        #expect(decoding.atr == "MIFARE Classic 1K")
        #expect(decoding.status == nil)
    }

    @Test func `names a failure and a wish for more time`() throws {
        let mute = try decode("80 00000000 00 01 42 fe 00")
        #expect(mute.error == "ICC_MUTE")
        #expect(mute.outcome == "failed")
        let field = try decode("81 00000000 05 01 42 05 00")
        #expect(field.badByte == 5)
        let patience = try decode("80 00000000 00 01 80 0a 00")
        #expect(patience.outcome == "extended")
        #expect(patience.times == 10)
        for bytes in ["80 00000000 00 01 42 fe 00", "81 00000000 05 01 42 05 00"] {
            let lines = try lines(bytes)
            #expect(lines.zh.contains { $0.contains("失败") })
            #expect(lines.en.contains { $0.contains("failed") })
        }
    }

    @Test func `reads notifications`() throws {
        let change = try decode("5003")
        #expect(change.kind == .slotChange)
        #expect(change.slots?.first == .init(slot: 0, present: true, changed: true))
        let error = try decode("51000901")
        #expect(error.error == "OVERCURRENT")
        #expect(try lines("51000901").zh.contains { $0.contains("电流") })
    }

    /// LudovicRousseau/CCID readers/ACR122U_PICC.txt.
    @Test func `reads a class descriptor`() throws {
        let bytes = """
            36 21 0001 00 07 02000000 a00f0000 a00f0000 00 002a0000 90d00300 00 00010000 00000000 \
            00000000 40000200 0f010000 00 00 0000 00 01
            """
        let reader = try #require(try decode(bytes).reader)
        #expect(reader.revision == "1.00")
        #expect(reader.voltages == ["5 V", "3 V", "1.8 V"])
        #expect(reader.protocols == ["T=1"])
        #expect(reader.features == "00020040")
        #expect(reader.exchange == "shortAPDU")
        #expect(reader.longestMessage == 271)
        #expect(reader.refusal == nil)
        let lines = try lines(bytes)
        #expect(zip(lines.zh, lines.en).filter { $0 == $1 }.count == 1)
    }

    @Test func `has a word in both languages for every status word that has a name`() {
        for value in UInt16.min...UInt16.max where StatusWord(value).name != nil {
            let word = StatusWord(value)
            let chinese = Catalogue(language: .chinese).statusWord(word)
            #expect(chinese != "未列出" && chinese != word.name, "\(value)")
        }
    }

    @Test(
        arguments: [
            "", "0", "xyz", "80", "8001", "80 02000000 0000000000 90", "00", "FF000000000000000000",
            "3621", "50", String(repeating: "00", count: 65_537), "８０",
        ])
    func `says why text is no message`(text: String) {
        #expect { try decode(text) } throws: { error in
            guard case .badData(let reason) = error as? Problem else { return false }
            return !reason.zh.isEmpty && !reason.en.isEmpty && reason.zh != reason.en
        }
    }
}
