// News of OSDP readers, for people and for programs.

import Control
import EventLoop
import StationCore
import Testing

@testable import stationctl

@Suite struct `News of an OSDP reader` {
    static let card = OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F6_23AE)
    static let news: [OSDPNews] = [
        .identified(
            OSDPIdentity(vendor: 1, model: 2, version: 3, serial: 4, firmware: (5, 6, 7))),
        .described(OSDPCapabilities()), .online(isSecure: true), .online(isSecure: false),
        .offline, .faulted(.wrongKey), .recovered(.wrongKey), .card(card),
        .formattedCard(OSDPFormattedCard(text: OSDPCharacters("123")!)),
        .keyed(OSDPKeys([.one, .star])),
        .localStatus(OSDPLocalStatus(isTampered: true, powerFailed: false)),
        .inputs(OSDPLevels(count: 2, active: 1)), .outputs(OSDPLevels(count: 1, active: 1)),
        .readers(OSDPReaderStates([.normal])), .endless(true), .endless(false), .done(.light),
        .refused(.buzz, .record),
        .lapsed(.text), .moved(OSDPCommunication(address: 3, baud: 9_600)), .keyProven,
        .installEnded(.done), .installEnded(.timeUp(keySent: true)),
        .installEnded(.refused(.record)), .installEnded(.cancelled(keySent: false)),
    ]

    @Test(arguments: Self.news)
    func `is one line in each language, and one JSON value`(news: OSDPNews) {
        let record = OSDPEventRecord(news, at: 12_345, address: 5)
        #expect(!record.event.isEmpty)
        let chinese = record.line(news, Catalogue(language: .chinese))
        let english = record.line(news, Catalogue(language: .english))
        #expect(chinese.hasPrefix("12.3 s  PD 5  ") && english.hasPrefix("12.3 s  PD 5  "))
        #expect(english.count > "12.3 s  PD 5  ".count || news == .described(OSDPCapabilities()))
        #expect(!chinese.contains("\n") && !english.contains("\n"))
        #expect(Output.json(record).contains("\"event\":\"\(record.event)\""))
    }

    @Test func `about a key never has the key in it`() throws {
        let bytes: [UInt8] = [
            0x8c, 0x1f, 0x2e, 0x3d, 0x4b, 0x5a, 0x69, 0x78, 0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2,
            0xe1, 0xf0,
        ]
        let news = OSDPNews.keyChosen(try OSDPKey(bytes))
        let record = OSDPEventRecord(news, at: 0, address: 5)
        let said = [
            Output.json(record), record.line(news, Catalogue(language: .english)),
            record.line(news, Catalogue(language: .chinese)), "\(news)",
        ]
        for text in said { #expect(!text.lowercased().contains("8c1f")) }
    }

    @Test func `about a card names it as card views takes it`() {
        let record = OSDPEventRecord(.card(Self.card), at: 0, address: 5)
        #expect(record.details?.card?.card == "wiegand26:2F623AE")
        #expect(
            record.line(.card(Self.card), Catalogue(language: .english))
                == "0.0 s  PD 5  card wiegand26:2F623AE")
    }
}
