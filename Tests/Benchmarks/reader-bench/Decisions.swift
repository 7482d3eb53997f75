// From the reply that carries a card to the strike: what that alone costs.

import EventLoop
import Glibc
import Simulation
import StationCore

/// Everything that one decision works on.
struct DecisionTable: ~Copyable {
    var station: Station
    var freed = 0
    var sequence: UInt64 = 0
    /// What is to be written to the reader; written outside of what is measured.
    let orders = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 16)
    var orderLengths = InlineArray<8, Int>(repeating: 0)
    var orderCount = 0

    /// Lets consequences run until the strike was set, with a journal that answers at once.
    @inline(__always)
    mutating func settle(at now: Instant) {
        repeat {
            if station.heldGrants > 0 { station.letGo(at: now) }
            _ = station.pump(steps: 4_096, at: now)
            while let setting = station.takeSetting() { if setting.isActive { freed += 1 } }
            while station.hasOrders, let (_, order) = station.takeOrder() {
                guard case .write(let packet) = order, orderCount < 8 else { continue }
                let room = orders.baseAddress! + orderCount * 1_024
                packet.withBytes {
                    room.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
                }
                orderLengths[orderCount] = packet.count
                orderCount += 1
            }
            let count = station.outbox.count
            guard count > 0 else { continue }
            let last = station.outbox[count - 1].ticket
            sequence += UInt64(count)
            station.handedOver(count)
            station.answered(.committed(upTo: last, lastSequence: sequence), at: now)
        } while station.hasWork
    }
}

/// What is measured: callgrind collects inside of this function alone.
@inline(never)
func decide(_ context: UnsafeMutableRawPointer, _ input: UnsafeRawPointer, _ count: Int) {
    let table = context.assumingMemoryBound(to: DecisionTable.self)
    let now = Decisions.now
    if Decisions.isWiegand {
        let edges = input.assumingMemoryBound(to: LineEdge.self)
        table.pointee.station.edges(
            UnsafeBufferPointer(start: edges, count: count).span, of: DeviceID(0))
        // The frame is over when it was quiet for long enough.
        let end = now + .milliseconds(30)
        table.pointee.station.expire(at: end)
        table.pointee.settle(at: end)
    } else {
        let bytes = UnsafeRawBufferPointer(start: input, count: count).bytes
        table.pointee.station.received(bytes, on: .data, of: ChannelID(0), at: now)
        table.pointee.settle(at: now)
    }
}

/// Taps on one reader, one after the other.
enum Decisions {
    nonisolated(unsafe) static var now = Instant(nanoseconds: 60_000_000_000)
    nonisolated(unsafe) static var isWiegand = false

    private typealias Counter = @convention(c) () -> UInt

    static func run(_ kind: BenchReader, taps: Int) {
        isWiegand = kind == .wiegand || kind == .rules
        let mallocs = dlsym(nil, "station_mallocs").map {
            unsafeBitCast($0, to: Counter.self)
        }
        let table = UnsafeMutablePointer<DecisionTable>.allocate(capacity: 1)
        table.initialize(to: DecisionTable(station: Station(kind.station())))
        prepare(table, kind)
        let twin = isWiegand ? nil : ChannelTwins(kind.station(), seed: SplitMix64(seed: 1)).all[0]
        twin?.condition.saysWhole = true
        if let twin { open(twin, table) }
        var counted: UInt = 0
        for tap in 0..<taps {
            now = now + .seconds(4)
            if let twin {
                counted += play(kind, tap, twin, table, mallocs)
            } else {
                let edges = pulses(kind.card(tap % 10_000))
                let before = mallocs?() ?? 0
                edges.withUnsafeBytes {
                    decide(UnsafeMutableRawPointer(table), $0.baseAddress!, edges.count)
                }
                counted += (mallocs?() ?? 0) - before
                now = now + .seconds(1)
                table.pointee.station.expire(at: now)
                table.pointee.settle(at: now)
            }
        }
        precondition(table.pointee.freed == taps, "\(table.pointee.freed) of \(taps) taps opened")
        print("\(kind.rawValue) taps \(taps) mallocs \(mallocs == nil ? "-" : "\(counted)")")
        table.deinitialize(count: 1)
        table.deallocate()
    }

    private static func prepare(
        _ table: UnsafeMutablePointer<DecisionTable>, _ kind: BenchReader
    ) {
        for device in 0..<2 { table.pointee.station.attached(DeviceID(device), at: now) }
        table.pointee.station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: now)
        table.pointee.station.installed(key: BenchReader.key(), isNew: false, at: now)
        guard let roster = try? kind.roster() else { preconditionFailure("no roster") }
        table.pointee.station.replaced(roster: roster, refused: 0, isNew: false, at: now)
        table.pointee.settle(at: now)
    }

    private static func open(
        _ twin: any ReaderTwin, _ table: UnsafeMutablePointer<DecisionTable>
    ) {
        let descriptor = twin.opened(at: now)
        table.pointee.station.received(
            descriptor.span.bytes, on: .descriptor, of: ChannelID(0), at: now)
        table.pointee.station.opened(ChannelID(0), at: now)
        table.pointee.settle(at: now)
        obey(twin, table)
        advance(twin, table, until: now + .seconds(3)) { _ in false }
    }

    /// One card from its coming to its leaving. Returns what the decision allocated.
    private static func play(
        _ kind: BenchReader, _ tap: Int, _ twin: any ReaderTwin,
        _ table: UnsafeMutablePointer<DecisionTable>, _ mallocs: Counter?
    ) -> UInt {
        twin.present(
            kind.card(tap % 10_000), to: DeviceID(0), at: now, until: now + .milliseconds(900))
        var counted: UInt = 0
        advance(twin, table, until: now + .seconds(3)) { bytes in
            // The same card again, as long as it lies there, decides nothing.
            let hasOpened = table.pointee.freed > tap
            guard !hasOpened, kind.mayDecide(bytes) else { return false }
            let before = mallocs?() ?? 0
            bytes.withUnsafeBytes {
                decide(UnsafeMutableRawPointer(table), $0.baseAddress!, bytes.count)
            }
            counted += (mallocs?() ?? 0) - before
            return true
        }
        return counted
    }

    /// Lets time pass; bytes that `takes` does not take go to the station as they are.
    private static func advance(
        _ twin: any ReaderTwin, _ table: UnsafeMutablePointer<DecisionTable>, until end: Instant,
        takes: ([UInt8]) -> Bool
    ) {
        while let due = Instant.earlier(table.pointee.station.nextDeadline, twin.nextDeadline),
            due <= end
        {
            now = max(now, due)
            while let said = twin.says(by: now) {
                if said.pipe == .data, takes(said.bytes) {
                    obey(twin, table)
                    continue
                }
                table.pointee.station.received(
                    said.bytes.span.bytes, on: said.pipe, of: ChannelID(0), at: now)
                table.pointee.settle(at: now)
                obey(twin, table)
            }
            table.pointee.station.expire(at: now)
            table.pointee.settle(at: now)
            obey(twin, table)
        }
        now = end
    }

    private static func obey(
        _ twin: any ReaderTwin, _ table: UnsafeMutablePointer<DecisionTable>
    ) {
        for place in 0..<table.pointee.orderCount {
            let start = place * 1_024
            let bytes = table.pointee.orders[
                start..<start + table.pointee.orderLengths[place]]
            twin.written(Packet(UnsafeRawBufferPointer(rebasing: bytes)), at: now)
        }
        table.pointee.orderCount = 0
    }

    /// A frame as the kernel tells it: 26 falling edges, a millisecond apart.
    private static func pulses(_ card: Credential) -> [LineEdge] {
        (0..<26).map { place in
            let isOne = card.bits >> UInt128(25 - place) & 1 == 1
            return LineEdge(
                terminal: isOne ? 1 : 0, isActive: true,
                at: now + .milliseconds(Int64(place) - 26))
        }
    }
}

extension BenchReader {
    /// Whether these bytes may carry a card: everything else is not measured.
    func mayDecide(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .wiegand, .rules: false
        // A data block with a UID of four bytes and its status word.
        case .ccid: bytes.count == 16 && bytes[0] == 0x80
        // The reply to a look for cards that found some.
        case .pn532: bytes.count > 7 && bytes[6] == 0x4b && bytes[7] > 0
        case .rdm6300: bytes.last == 0x03
        // Enter.
        case .wedge: bytes.count == 96 && bytes[18] == 28
        }
    }
}
