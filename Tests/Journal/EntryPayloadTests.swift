// Every event of the catalogue, as the journal stores it and as a reader gets it back.

import EventLoop
import FoundationEssentials
import StationCore
import Testing

@testable import Journal

/// The example after this one, so that an event without an example does not compile.
private func example(after event: Event?) -> Event? {
    let (door, device) = (DoorID(1), DeviceID(0))
    switch event {
    case nil: return .granted(door: door, reader: device, view: .reversedLow3, note: .grace)
    case .granted:
        return .passGranted(
            door: door, reader: device, use: 2, validTo: WallTime(seconds: 1_790_086_400),
            note: .clockUntrusted)
    case .passGranted:
        return .passWithdrawn(
            door: door, reader: device, use: 300, withdrawn: 2,
            validTo: WallTime(seconds: 1_790_086_400))
    case .passWithdrawn: return .denied(door: door, reader: device, view: .full, reason: .expired)
    case .denied: return .unknownsCounted(reader: device, count: 41)
    case .unknownsCounted:
        return .released(
            door: door, cause: .key, grant: Ticket(number: 1), latency: .microseconds(812))
    case .released: return .rosterReplaced(version: 7, keys: 1_200, refused: 3)
    case .rosterReplaced: return .keyInstalled(epoch: ShortText("local-\"1\\") ?? .empty)
    case .keyInstalled, .enrolment, .cardsWithdrawn, .cardsConfirmed, .keyTold, .approval,
        .commandTaken,
        .commandEnded, .noticeSet, .noticeEnded:
        return key(after: event)
    case .commanded:
        return .commandRefused(door: door, command: .access, by: .crew, reason: .notRecorded)
    case .commandRefused: return .cardShown(reader: device, user: 1_000)
    case .cardShown: return .secured(door: door)
    case .secured: return .opened(door: door)
    case .opened: return .closed(door: door)
    case .closed: return .forced(door: door)
    case .forced: return .heldOpenSoon(door: door)
    case .heldOpenSoon: return .heldOpen(door: door)
    case .heldOpen: return .alarmEnded(door: door)
    case .alarmEnded: return .exitRequested(door: door)
    case .exitRequested: return .changesCounted(door: door, count: 12)
    case .changesCounted: return .exitsCounted(door: door, count: 6)
    case .exitsCounted: return .modeChanged(door: door, mode: .lockedDown, by: .hub)
    case .modeChanged: return .grantUnused(door: door)
    case .grantUnused: return .closingVetoed(door: door)
    case .closingVetoed: return .fireCleared(door: door)
    case .fireCleared: return .passbackForgotten(door: door, count: 3)
    case .passbackForgotten: return .faultRaised(device: device, fault: .linesSwapped)
    case .faultRaised: return .faultCleared(device: device, fault: .missing)
    case .faultCleared: return .readerInsecure(reader: device, flaw: .wrongKey)
    case .readerInsecure: return .readerServiced(reader: device, service: .installBegun, by: .crew)
    case .readerServiced: return .actionOrdered(device: device, action: 0, number: 7, by: .crew)
    case .actionOrdered:
        return .actionEnded(device: device, action: 3, number: 7, outcome: .confirmed)
    case .actionEnded:
        return .pointChanged(device: device, point: 1, value: DecimalNumber(0), quality: .good)
    case .pointChanged, .pointsCounted, .totalReset, .pointSampled: return point(after: event)
    case .guarded: return .useBegan(service: ServiceID(0), unit: 1, source: .key)
    case .useBegan, .useEnded, .useRefused, .compartment, .servicePart, .serviceFault:
        return use(after: event)
    case .hoursChanged: return .started
    case .started: return .stopped
    case .stopped: return .stationFaultRaised(.journalSlow)
    case .stationFaultRaised: return .stationFaultCleared(.journalFailed)
    case .stationFaultCleared: return .journalWaiting(false)
    case .journalWaiting: return .entriesLost(count: 9)
    case .entriesLost: return .storeReplaced(cause: .corrupt)
    case .storeReplaced: return .readerDiagnosed(reader: device, diagnosis: .lostBits, bits: 24)
    case .readerDiagnosed: return .misreadsCounted(reader: device, count: 31)
    case .misreadsCounted: return .edgesLost(device: device, count: 5)
    case .edgesLost: return .clockChanged(quality: .synced, stepMilliseconds: -3_600_000)
    case .clockChanged: return nil
    }
}

/// The same of what becomes of keys.
private func key(after event: Event?) -> Event? {
    switch event {
    case .keyInstalled:
        .enrolment(
            reader: DeviceID(0), step: .collides, device: DeviceID(0), user: 1_000, by: .crew)
    case .enrolment: .cardsWithdrawn(user: nil, by: .crew)
    case .cardsWithdrawn: .cardsConfirmed(count: 3, by: .hub)
    case .cardsConfirmed: .keyTold(word: .confirmed, count: 40, user: 1_000, by: .hub)
    case .keyTold: .approval(.hoursToday, .requested, user: 1_000, by: .crew)
    case .approval:
        .commandTaken(
            subject: .hours, expires: WallTime(seconds: 1_790_086_400), digest: 0x00ab_cdef)
    case .commandTaken: .commandEnded(.interrupted)
    case .commandEnded: .noticeSet(until: WallTime(seconds: 1_790_086_400), by: .hub)
    case .noticeSet: .noticeEnded(by: .schedule)
    default: .commanded(door: DoorID(1), command: .lockDown, by: .crew)
    }
}

/// The same of points.
private func point(after event: Event?) -> Event? {
    let device = DeviceID(0)
    switch event {
    case .pointChanged: return .pointsCounted(device: device, count: 61)
    case .pointsCounted:
        return .totalReset(
            device: device, point: 0, value: DecimalNumber(mantissa: 12_345, places: 2))
    case .totalReset:
        return .pointSampled(device: device, point: 2, value: nil, quality: .outOfRange)
    case .pointSampled: return .guarded(device: device, rule: 1, step: .silent, by: nil, count: 7)
    default: return nil
    }
}

/// The same of what people use.
private func use(after event: Event?) -> Event? {
    let device = DeviceID(0)
    switch event {
    case .useBegan:
        return .useEnded(
            service: ServiceID(0), unit: 0, source: .button, end: .quota, seconds: 61,
            amount: UsageAmount(500, .millilitres, isEstimated: true))
    case .useEnded:
        return .useRefused(
            service: ServiceID(0), reader: device, view: .full, reason: .lockersFull)
    case .useRefused:
        return .compartment(service: ServiceID(0), unit: 9, step: .jammed, by: .crew)
    case .compartment:
        return .servicePart(
            service: ServiceID(0), unit: 300, step: .overrun, value: 12, by: .card)
    case .servicePart(_, _, .overrun, _, _):
        return .servicePart(
            service: ServiceID(0), unit: 0, step: .paused,
            value: 1_790_086_400 << 3 | Int64(PauseReason.cleaning.rawValue), by: .crew)
    case .servicePart:
        return .serviceFault(service: ServiceID(0), unit: 1, .relayStuck, stands: true)
    case .serviceFault:
        return .hoursChanged(
            hours: 0, .severeWeather(until: WallTime(seconds: 1_790_086_400)), by: .hub)
    default: return nil
    }
}

private let examples = Array(sequence(first: example(after: nil), next: { example(after: $0) }))
    .compactMap(\.self)

/// The examples' payloads, in their order.
private let payloads = [
    #"{"door":"west","reader":"east-reader","view":"reversed-low3","note":"grace"}"#,
    #"{"door":"west","reader":"east-reader","use":2,"validToMilliseconds":1790086400000,"#
        + #""note":"clockUntrusted"}"#,
    #"{"door":"west","reader":"east-reader","use":300,"withdrawn":2,"#
        + #""validToMilliseconds":1790086400000}"#,
    #"{"door":"west","reader":"east-reader","view":"full","reason":"expired"}"#,
    #"{"reader":"east-reader","count":41}"#,
    #"{"door":"west","cause":"key","grant":1,"latencyMicroseconds":812}"#,
    #"{"version":7,"keys":1200,"refused":3}"#,
    #"{"epoch":"local-\"1\\"}"#,
    #"{"reader":"east-reader","step":"collides","by":"crew","device":"east-reader","user":1000}"#,
    #"{"by":"crew"}"#,
    #"{"by":"hub","count":3}"#,
    #"{"told":"confirmed","by":"hub","user":1000,"count":40}"#,
    #"{"operation":"hours_today","approval":"requested","by":"crew","user":1000}"#,
    #"{"subject":"hours","textDigest":"0000000000abcdef","untilMilliseconds":1790086400000}"#,
    #"{"outcome":"interrupted"}"#,
    #"{"untilMilliseconds":1790086400000,"by":"hub"}"#,
    #"{"by":"schedule"}"#,
    #"{"door":"west","command":"lockDown","by":"crew"}"#,
    #"{"door":"west","command":"access","by":"crew","refusal":"notRecorded"}"#,
    #"{"reader":"east-reader","user":1000}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west","count":12}"#,
    #"{"door":"west","count":6}"#,
    #"{"door":"west","mode":"lockedDown","by":"hub"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west"}"#,
    #"{"door":"west","count":3}"#,
    #"{"device":"east-reader","fault":"linesSwapped"}"#,
    #"{"device":"east-reader","fault":"missing"}"#,
    #"{"reader":"east-reader","flaw":"wrongKey"}"#,
    #"{"reader":"east-reader","service":"installBegun","by":"crew"}"#,
    #"{"device":"east-reader","action":"open","order":7,"by":"crew"}"#,
    #"{"device":"east-reader","action":"3","order":7,"outcome":"confirmed"}"#,
    #"{"device":"east-reader","point":"door.1","state":"open \"\"","quality":"good"}"#,
    #"{"device":"east-reader","count":61}"#,
    #"{"device":"east-reader","point":"energy","value":"123.45","unit":"W.h"}"#,
    #"{"device":"east-reader","point":"2","quality":"outOfRange"}"#,
    #"{"device":"east-reader","guard":"too_hot","step":"silent","count":7}"#,
    #"{"serviceName":"lockers","place":"A2","source":"key"}"#,
    #"{"serviceName":"lockers","place":"1","source":"button","end":"quota","seconds":61,"#
        + #""amount":500,"amountUnit":"mL","estimated":true}"#,
    #"{"serviceName":"lockers","reader":"east-reader","view":"full","reason":"lockersFull"}"#,
    #"{"serviceName":"lockers","place":"9","step":"jammed","by":"crew"}"#,
    #"{"serviceName":"lockers","place":"300","step":"overrun","amount":12,"#
        + #""amountUnit":"mL","by":"card"}"#,
    #"{"serviceName":"lockers","place":"1","step":"paused","reason":"cleaning","#
        + #""untilMilliseconds":1790086400000,"by":"crew"}"#,
    #"{"serviceName":"lockers","place":"A2","fault":"relayStuck"}"#,
    #"{"hours":"rooms","change":"severeWeather","untilMilliseconds":1790086400000,"by":"hub"}"#,
    "{}",
    "{}",
    #"{"fault":"journalSlow"}"#,
    #"{"fault":"journalFailed"}"#,
    #"{"waiting":false}"#,
    #"{"count":9}"#,
    #"{"cause":"corrupt"}"#,
    #"{"reader":"east-reader","diagnosis":"lostBits","bits":24}"#,
    #"{"reader":"east-reader","count":31}"#,
    #"{"device":"east-reader","count":5}"#,
    #"{"quality":"synced","stepMilliseconds":-3600000}"#,
]

private func payload(
    of event: Event, names: EntryNames = names, grant: UInt64? = nil
) -> String {
    var json = ByteBuffer(capacity: 4)
    EntryPayload.encode(event, names: NameTable(names), grant: grant, into: &json)
    return String(decoding: json.bytes, as: UTF8.self)
}

@Suite struct `An entry's payload` {
    @Test func `may not wait so long that the station takes the journal for silent`() {
        let windows = CommitWindows()
        // Samples wait longer, and the station does not watch over them.
        for event in examples where event.entryClass != .p3 {
            #expect(windows[event.entryClass] * 2 < Station.journalPatience, "\(event.name)")
        }
    }

    @Test func `of every event comes back from the store as it was written`() throws {
        let directory = try TemporaryDirectory()
        let written = examples.enumerated().map { index, event in
            entry(UInt64(index + 1), event, key: "key-1", holder: "rider-1")
        }
        let read = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        #expect(read.map(\.payload) == payloads)
        #expect(read.map(\.kind) == examples.map(\.name))
        #expect(read.map(\.entryClass) == examples.map(\.entryClass))
        #expect(read.map(\.device) == examples.map { $0.device.map { _ in "east-reader" } })
        for (index, row) in read.enumerated() {
            #expect(row.sequence == UInt64(index + 1))
            #expect(row.bootTime == written[index].bootTime)
            #expect(row.wall == written[index].wall)
            #expect(row.quality == .synced)
            #expect(row.boot == boot)
            #expect(row.key == "key-1")
            #expect(row.holder == "rider-1")
            #expect(!row.isErased)
        }
    }

    @Test func `leaves out what is not known`() {
        let door = DoorID(0)
        let denied = Event.denied(door: door, reader: DeviceID(0), view: nil, reason: .malformed)
        #expect(
            payload(of: denied) == #"{"door":"east","reader":"east-reader","reason":"malformed"}"#)
        let released = Event.released(
            door: door, cause: .fire, grant: nil, latency: .microseconds(-1))
        #expect(
            payload(of: released) == #"{"door":"east","cause":"fire","latencyMicroseconds":-1}"#)
        let late = Event.released(
            door: door, cause: .key, grant: Ticket(number: 7), latency: .zero, note: .journalSlow)
        let expected =
            #"{"door":"east","cause":"key","grant":3,"latencyMicroseconds":0,"note":"journalSlow"}"#
        #expect(payload(of: late, grant: 3) == expected)
    }

    @Test func `is JSON whatever a device or door is called`() throws {
        let odd = "东门 \"1\"\\\u{1}\n\u{7F}"
        let names = EntryNames(devices: [odd], doors: [odd])
        struct Denied: Decodable {
            let door: String
            let reader: String
        }
        let text = payload(
            of: .denied(door: DoorID(0), reader: DeviceID(0), view: nil, reason: .unknown),
            names: names)
        let decoded = try JSONDecoder().decode(Denied.self, from: Data(text.utf8))
        #expect(decoded.door == odd)
        #expect(decoded.reader == odd)
    }

    @Test func `cuts a name that is too long at a character's end`() {
        let long = String(repeating: "驿", count: 30)
        let names = EntryNames(devices: [], doors: [long])
        let kept = String(repeating: "驿", count: 21)
        #expect(payload(of: .opened(door: DoorID(0)), names: names) == #"{"door":"\#(kept)"}"#)
    }

    @Test func `of a device that the station does not have names nothing`() {
        #expect(
            payload(of: .edgesLost(device: DeviceID(9), count: 1))
                == #"{"device":"","count":1}"#)
    }

    @Test func `writes the widest numbers in full`() {
        #expect(
            payload(of: .rosterReplaced(version: .max, keys: .max, refused: 0))
                == #"{"version":18446744073709551615,"keys":4294967295,"refused":0}"#)
        #expect(
            payload(of: .clockChanged(quality: .none, stepMilliseconds: .min))
                == #"{"quality":"none","stepMilliseconds":-9223372036854775808}"#)
    }
}
