// The store alone: batches of one grant, as fast as the medium takes them.

import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Prints entries per second.
enum Batches {
    static func run(directory: String, count: Int, size: Int) throws {
        let station = Gate.resolved()
        var store = try Store.open(
            StoreSettings(
                directory: DiskDirectory(path: directory), random: KernelRandom(),
                now: { Instant(nanoseconds: 0) }, wall: { WallTime(milliseconds: 0) },
                station: "bench", boot: BootID.ofKernel(), names: EntryNames(station)))
        var ticket: UInt64 = 0
        var batch: [Entry] = []
        let start = Clock.now()
        for _ in 0..<count {
            batch.removeAll(keepingCapacity: true)
            for _ in 0..<size {
                ticket += 1
                batch.append(
                    Entry(
                        ticket: Ticket(number: ticket), at: Instant(nanoseconds: 1),
                        calendar: .unknown,
                        event: .granted(
                            door: DoorID(0), reader: DeviceID(0), view: .full, note: .none),
                        key: ShortText("k0000001") ?? .empty,
                        holder: ShortText("r0000001") ?? .empty))
            }
            _ = try store.commit(batch.span)
        }
        print(Int(Double(count * size) / Clock.seconds(since: start)))
    }
}

/// A stopwatch.
enum Clock {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    static func seconds(since start: Int64) -> Double { Double(now() - start) / 1e9 }
}
