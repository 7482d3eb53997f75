// Random bytes into the control socket's service: no trap, no growth, every reply whole.

import Control
import EventLoop
import StationCore

/// A desk that is always busy, so that every call gets its answer at once.
private final class BusyCore: CoreDesk {
    func ask(_ query: CoreQuery, id: RequestID) -> Bool { false }
}

private final class BusyJournal: JournalDesk {
    func ask(_ query: JournalQuery, id: RequestID) -> Bool { false }
}

private let info = ServiceInfo(
    version: "0", simulated: true, configuration: "", boot: "",
    station: ResolvedStation(
        station: StationIdentity(
            id: "fuzz", nameChinese: "模糊", nameEnglish: "Fuzz", phone: "", utcOffsetMinutes: 480),
        lines: [],
        devices: [
            ResolvedDevice(
                name: "reader", profile: "wiegand-26", labelChinese: "", labelEnglish: "",
                driver: .wiegand(WiegandSettings(formats: ["H10301"], views: [], keypad: false)))
        ],
        doors: [], journal: JournalSettings(), policy: StationPolicy()))

/// Two peers share the bytes: a newline hands over to the other one and lets 100 ms pass, so that
/// messages come in pieces, interleaved, and late.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var service = ControlService(
        info: info, table: PeerTable(ownUser: 1), core: BusyCore(), journal: BusyJournal())
    var now = Instant(nanoseconds: 1)
    let owner = Peer(user: 1, groups: [])
    let stranger = Peer(user: 2, groups: [])
    guard let first = service.connect(owner, at: now),
        let second = service.connect(stranger, at: now)
    else { preconditionFailure("an empty service has room for two peers") }
    let slots = [first.slot, second.slot]
    for (turn, piece) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
        let slot = slots[turn % 2]
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[piece.indices])
            .withMemoryRebound(
                to: UInt8.self
            ) { service.receive(slot, UnsafeRawBufferPointer($0), passed: nil, at: now) }
        drain(&service, slot, at: now)
        now = now + Interval(nanoseconds: 100_000_000)
        service.expire(at: now)
    }
    for slot in slots {
        service.endOfInput(slot)
        drain(&service, slot, at: now)
        precondition(service.isFinished(slot), "a peer without a call under way is not let go")
        service.disconnect(slot)
    }
}

/// Takes what there is for a peer, and looks whether each message is whole.
private func drain(_ service: inout ControlService, _ slot: Int, at now: Instant) {
    var rounds = 0
    while service.hasOutput(slot) {
        let count = service.withOutput(slot) { output in
            precondition(output.count <= ControlLimits.message + 1, "a reply beyond its limit")
            precondition(output.first == UInt8(ascii: "{"), "a reply that is no object")
            precondition(output.last == 0, "a reply without its end")
            return output.count
        }
        service.took(slot, count, at: now)
        rounds += 1
        precondition(rounds <= 70_000, "more replies than bytes could ask for")
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
