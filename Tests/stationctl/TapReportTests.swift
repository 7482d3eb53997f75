// What a crew reads of a card: whose it is, what the door decides, which number is printed on it.

import StationCore
import Testing

@testable import Control
@testable import stationctl

@Suite struct `A card that is shown` {
    private let chinese = Catalogue(language: .chinese)
    private let english = Catalogue(language: .english)

    private func card(_ decision: String, key: String? = nil) -> CardRecord {
        var card = CardRecord(reader: "gate-reader", decision: decision)
        card.door = "gate"
        card.card = "wiegand26:06DED875"
        card.format = "26-h10301"
        card.key = key
        card.view = key == nil ? nil : "full"
        return card
    }

    @Test func `has its decision first and every way to write its number behind it`() {
        var tap = card("granted", key: "key-1")
        tap.card = "wiegand26:0DED875"
        let lines = TapReport(tap).lines(english)
        #expect(lines[0] == "gate-reader  gate  26-h10301")
        #expect(lines[1] == "  key key-1 (found by full), let in")
        #expect(lines.contains { $0.contains("2H+4H") && $0.contains("111,27706") })
        #expect(TapReport(tap).lines(chinese)[1] == "  钥匙 key-1（按 full 认出），放行")
    }

    @Test func `says why somebody is not let in`() {
        var tap = card("denied")
        tap.reason = "unknown"
        #expect(TapReport(tap).lines(english)[1].hasPrefix("  not on the roster, not let in: "))
        #expect(TapReport(tap).lines(chinese)[1].hasPrefix("  名册里没有，未放行："))
    }

    @Test func `says that it was for an enrolment, and that no door heard of it`() {
        let tap = card("enrolment", key: "m1")
        #expect(
            TapReport(tap).lines(english)[1]
                == "  key m1 (found by full), for the enrolment, no door opens")
        #expect(TapReport(tap).lines(chinese)[1].hasSuffix("，登记用的，没有开门"))
    }

    @Test func `without a number has its decision`() {
        var tap = card("denied")
        tap.card = nil
        #expect(TapReport(tap).card == nil)
        #expect(TapReport(tap).lines(english).count == 2)
    }
}

@Suite struct `A printed number` {
    private let english = Catalogue(language: .english)
    private let fob: Credential
    private let phone: Credential

    init() throws {
        fob = try CardText.parse("em4100:01026F6C3A")
        phone = try CardText.parse("iso14443:5630F009")
    }

    @Test func `is found in the view that it is a view of`() {
        let report = MatchReport(fob, printed: "0040856634", format: nil, views: nil)
        #expect(report.matches.map(\.form) == ["8H10D"] && report.matches.map(\.view) == ["low4"])
        #expect(report.lines(english).last == "on a roster: form 8H10D, number 0040856634")
        let swapped = MatchReport(phone, printed: "240,12374", format: nil, views: nil)
        #expect(swapped.matches.map(\.form) == ["2H+4H-reversed"])
        #expect(swapped.matches.map(\.view) == ["first3"])
    }

    @Test func `that the reader does not look for is told`() {
        let blind = MatchReport(fob, printed: "111,27706", format: nil, views: [.full])
        #expect(blind.isFoundAtReader == false)
        #expect(blind.lines(english).last?.contains("add the view") == true)
        let seeing = MatchReport(fob, printed: "111,27706", format: nil, views: [.full, .low3])
        #expect(seeing.isFoundAtReader == true)
    }

    @Test func `of another card has no match`() {
        let report = MatchReport(fob, printed: "0040856635", format: nil, views: nil)
        #expect(report.matches.isEmpty)
        #expect(report.lines(english).last?.contains("another card") == true)
    }

    @Test func `that many cards have is not fit for a roster`() {
        let report = MatchReport(fob, printed: "27706", format: nil, views: nil)
        #expect(!report.matches.isEmpty && report.matches.allSatisfy { !$0.namesOneCard })
        #expect(report.lines(english).last?.contains("many cards") == true)
    }
}
