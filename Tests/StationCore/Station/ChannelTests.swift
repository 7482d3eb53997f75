// Bytes in, bytes out: the way between a channel and its driver, and through a bus to its members.

import EventLoop
import Testing

@testable import StationCore

/// Answers every line that ends with a newline by the same line; asks for random bytes on "?".
private struct EchoDriver: Driver {
    private var line: [UInt8] = []
    var isAttached = false
    var nextDeadline: Instant? { nil }

    mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .attached: isAttached = true
        case .detached(let fault):
            isAttached = false
            outputs.append(.raised(fault))
        case .edge, .level, .edgesLost, .deadline, .command: break
        }
    }

    mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        for index in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            line.append(byte)
            if byte == UInt8(ascii: "?") { outputs.append(.wantsRandom) }
            guard byte == UInt8(ascii: "\n") else { continue }
            outputs.write(Packet(line))
            line = []
            return index + 1
        }
        return bytes.byteCount
    }

    mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs
    ) {
        outputs.write(Packet([bytes[0], bytes[31]]))
    }
}

/// Has one member, device 1, which is online from the first byte on and passes commands as bytes.
private struct BusDriver: Driver {
    var nextDeadline: Instant? { nil }

    mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        guard case .detached(let fault) = input else { return }
        outputs.append(.raised(fault))
        outputs.append(.offline(.lost), for: DeviceID(1))
    }

    mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        outputs.append(.online, for: DeviceID(1))
        return bytes.byteCount
    }

    mutating func pass(
        _ command: DriverCommand, to member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        guard case .feedback(let rhythm) = command else { return }
        outputs.write(Packet([UInt8(member.index), rhythm.rawValue]))
    }
}

@Suite struct `A channel` {
    private let now = Instant(nanoseconds: 1_000)
    private let channel = ChannelID(0)

    private func station(_ driver: any Driver) -> Station {
        func device(_ name: String) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "test", labelChinese: "", labelEnglish: "",
                driver: .button(ButtonSettings(settleMilliseconds: 0)))
        }
        var station = Station(
            ResolvedStation(
                station: StationIdentity(
                    id: "test", nameChinese: "", nameEnglish: "", phone: "",
                    utcOffsetMinutes: 480),
                lines: [], devices: [device("one"), device("two")],
                channels: [
                    ResolvedChannel(
                        port: "serial", link: .serial(SerialLink(path: "/dev/ttyS1", baud: 9_600)),
                        device: 0)
                ], doors: [], journal: JournalSettings(), policy: StationPolicy()))
        station.drivers[0] = driver
        return station
    }

    /// What was ordered, in words: an order's bytes are there until the next one is taken.
    private func orders(of station: inout Station) -> [String] {
        var orders: [String] = []
        while let (channel, order) = station.takeOrder() {
            #expect(channel == self.channel)
            orders.append("\(order)")
        }
        return orders
    }

    private func write(_ bytes: some Sequence<UInt8>) -> String { "write " + Hex.upper(bytes) }

    @Test func `gives its bytes to its device's driver, and writes what that answers`() {
        var station = station(EchoDriver())
        station.opened(channel, at: now)
        let bytes = Array("one\ntwo\nth".utf8)
        station.received(bytes.span.bytes, of: channel, at: now)
        #expect(
            orders(of: &station) == [write("one\n".utf8), write("two\n".utf8)])
        #expect(station.counters.bytesReceived == 10)
    }

    @Test func `that is closed is a fault, and what is written to it is counted as lost`() {
        var station = station(EchoDriver())
        station.opened(channel, at: now)
        #expect(station.deviceStates[0].isAttached == true)
        station.closed(channel, .lost, at: now)
        #expect(station.deviceStates[0].isAttached == false)
        #expect(station.deviceStates[0].faults.has(.lost) == true)
        let bytes = Array("late\n".utf8)
        station.received(bytes.span.bytes, of: channel, at: now)
        #expect(orders(of: &station) == [])
        #expect(station.counters.ordersLost == 1)
        station.opened(channel, at: now)
        #expect(station.deviceStates[0].faults.has(.lost) == false)
    }

    @Test func `passes random bytes to the driver that asked`() {
        var station = station(EchoDriver())
        station.opened(channel, at: now)
        #expect(station.takeRandomRequest() == nil)
        let bytes = Array("?".utf8)
        station.received(bytes.span.bytes, of: channel, at: now)
        #expect(station.takeRandomRequest() == DeviceID(0))
        #expect(station.takeRandomRequest() == nil)
        var random = RandomBytes(repeating: 0)
        (random[0], random[31]) = (7, 9)
        station.supplied(random: random, to: DeviceID(0), at: now)
        #expect(orders(of: &station) == [write([7, 9])])
    }

    @Test func `of a bus speaks for its members`() {
        var station = station(BusDriver())
        station.opened(channel, at: now)
        let bytes: [UInt8] = [1]
        station.deviceStates[1].isOnline = false
        station.received(bytes.span.bytes, of: channel, at: now)
        #expect(station.deviceStates[1].isAttached == true)
        station.pass(.feedback(.comeIn), to: DeviceID(1), on: DeviceID(0), at: now)
        #expect(orders(of: &station) == [write([1, Rhythm.comeIn.rawValue])])
        station.closed(channel, .lost, at: now)
        #expect(station.deviceStates[1].isAttached == false)
        #expect(station.deviceStates[1].faults.has(.lost) == true)
    }

    @Test func `that nobody empties drops what comes too much`() {
        var station = station(EchoDriver())
        station.opened(channel, at: now)
        let lines = Array(String(repeating: "x\n", count: 1_000).utf8)
        station.received(lines.span.bytes, of: channel, at: now)
        #expect(orders(of: &station).count == Station.orderCapacity)
        #expect(station.counters.ordersLost == UInt64(1_000 - Station.orderCapacity))
    }
}

@Suite struct `A USB socket's name` {
    @Test(arguments: ["", "1-1", "1-1.3", "2-1.4.2", "12-3"])
    func `is the kernel's`(text: String) {
        #expect(ResolvedChannel.Link.isSocket(text))
    }

    @Test(arguments: ["1", "-", "1-", "-1", "1-1.", "1-a", "1-1/2", "1-1-1", "1111-1", "1-1 "])
    func `is nothing else`(text: String) {
        #expect(!ResolvedChannel.Link.isSocket(text))
    }
}
