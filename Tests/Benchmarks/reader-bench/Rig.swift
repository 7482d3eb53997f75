// A station, the twins of its readers and a journal that commits at once, in virtual time.

import EventLoop
import Simulation
import StationCore

/// Runs one station as its loop would, deadline by deadline.
final class Rig {
    var station: Station
    let twins: [any ReaderTwin]
    private var channels: VirtualChannels
    var now = Instant(nanoseconds: 60_000_000_000)
    private(set) var freed = 0
    private(set) var granted = 0
    private var chance = SplitMix64(seed: 1)

    init(_ resolved: ResolvedStation, roster: Roster) throws {
        let made = ChannelTwins(resolved, seed: SplitMix64(seed: 1))
        twins = made.all
        channels = VirtualChannels(made.all)
        station = Station(try resolved.validated())
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        for (reader, key) in made.keys {
            station.learned(OSDPReaderKeys(key: key), of: reader, at: now)
        }
        station.installed(key: BenchReader.key(), isNew: false, at: now)
        station.replaced(roster: roster, refused: 0, isNew: false, at: now)
        channels.openAll(into: &station, at: now)
        settle()
    }

    var nextDeadline: Instant? {
        Instant.earlier(station.nextDeadline, channels.nextDeadline)
    }

    func run(for interval: Interval) {
        let end = now + interval
        while let due = nextDeadline, due <= end {
            now = max(now, due)
            channels.expire(into: &station, at: now)
            station.expire(at: now)
            settle()
        }
        now = end
    }

    /// How long it takes until so, in virtual time; `limit` when it does not.
    func wait(atMost limit: Interval, until isSo: () -> Bool) -> Interval {
        let start = now
        while now - start < limit, !isSo() { run(for: .microseconds(500)) }
        return now - start
    }

    func settle() {
        repeat {
            station.letGo(at: now)
            _ = station.pump(steps: 4_096, at: now)
            while let setting = station.takeSetting() { if setting.isActive { freed += 1 } }
            while let (channel, order) = station.takeOrder() {
                channels.carryOut(order, on: channel, into: &station, at: now)
            }
            while let device = station.takeRandomRequest() {
                var bytes = RandomBytes(repeating: 0)
                for place in bytes.indices { bytes[place] = UInt8(chance.below(256)) }
                station.supplied(random: bytes, to: device, at: now)
            }
            commit()
        } while station.hasWork
    }

    private func commit() {
        let count = station.outbox.count
        guard count > 0 else { return }
        var last = Ticket(number: 0)
        for place in 0..<count {
            if case .granted = station.outbox[place].event { granted += 1 }
            last = station.outbox[place].ticket
        }
        station.handedOver(count)
        station.answered(.committed(upTo: last, lastSequence: last.number), at: now)
    }
}
