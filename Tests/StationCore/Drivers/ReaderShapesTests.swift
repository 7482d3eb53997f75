// Which numbers a reader can find on a roster, by its formats and views.

import Testing

@testable import StationCore

@Suite struct `The shapes of a reader's numbers` {
    private func wiegand(_ formats: [String], _ views: [String]) -> NumberShapes {
        DriverSettings.wiegand(
            WiegandSettings(formats: formats, views: views, keypad: false)
        ).shapes
    }

    @Test func `follow its formats`() {
        #expect(wiegand(["26-h10301"], ["full"]) == .bytes3)
        #expect(wiegand(["34-h10306", "37-h10304"], ["full"]) == [.bytes4, .hid37])
        #expect(wiegand(["35-corporate1000"], ["full", "raw"]) == [.corporate, .bits])
    }

    @Test func `follow its views`() {
        #expect(wiegand(["34-h10306"], ["full", "low3"]) == [.bytes4, .bytes3])
        let fob = DriverSettings.em4100(EM4100Settings(framing: "rdm6300", views: ["full"]))
        #expect(fob.shapes == .bytes5)
        let pn532 = DriverSettings.pn532(PN532Settings(views: ["full", "reversed-low3"]))
        #expect(pn532.shapes == [.bytes4, .bytesMore, .bytes3])
    }

    @Test func `of one that types follow what it types`() {
        let wedge = DriverSettings.keyboard(
            KeyedReaderSettings(
                formats: [.init(form: "8H10D")], technology: "em4100", views: ["full", "low3"]))
        #expect(wedge.shapes == [.bytes4, .bytes3])
        let long = DriverSettings.keyboard(
            KeyedReaderSettings(
                formats: [.init(form: "hex", length: 14)], technology: "iso14443",
                views: ["full"]))
        #expect(long.shapes == .bytesMore)
        let scanner = DriverSettings.keyboard(
            KeyedReaderSettings(
                formats: [], technology: "em4100", views: ["full"], takesPasses: true))
        #expect(scanner.shapes.isEmpty)
    }

    @Test func `are those that a key's number has when the reader can match it`() throws {
        let fob = try CardText.parse("em4100:01026F6C3A")
        for (form, text, shape) in [
            ("10H", "01026f6c3a", NumberShapes.bytes5), ("8H10D", "0040856634", .bytes4),
            ("2H+4H", "111,27706", .bytes3),
        ] {
            let printed = try #require(PrintedForm(name: form))
            let number = try printed.parse(text)
            #expect(NumberShapes(of: number) == shape)
            #expect(!PrintedForm.renderings(of: fob, matching: text).isEmpty)
        }
    }

    @Test func `of a key are kept in the roster's file, all of them`() throws {
        let epoch = try #require(ShortText("test"))
        let secret = [UInt8](repeating: 7, count: 32)
        let key = try #require(StationKey(epoch: epoch, secret: secret))
        let (id, holder) = (try #require(ShortText("key-1")), try #require(ShortText("h")))
        var builder = RosterBuilder(key: key, version: 1)
        for (place, shape) in [NumberShapes.bytes3, .bytes5].enumerated() {
            try builder.add(
                RosterRow(
                    id: id, holder: holder,
                    form: MatchForm(high: 1, low: UInt64(place)), doors: .every, shapes: shape))
        }
        let roster = try RosterFile.decode(builder.build().file, doors: ["gate"])
        #expect(roster.shapes(at: 0) == [.bytes3, .bytes5])
    }
}
