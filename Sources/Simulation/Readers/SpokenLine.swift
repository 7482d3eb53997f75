// What a reader has to say on a serial line: every byte takes its time, and comes in pieces.

import EventLoop

/// The transmitting half of a serial line.
struct SpokenLine {
    /// Bits per second; a byte is ten of them.
    var baud: UInt32
    private var agenda = Agenda<[UInt8]>()
    private var busyUntil = Instant(nanoseconds: 0)

    init(baud: UInt32) { self.baud = baud }

    var next: Instant? { agenda.next }

    /// So many bytes on the line.
    func characters(_ count: Int) -> Interval {
        Interval(nanoseconds: Int64(count) * 10_000_000_000 / Int64(baud))
    }

    /// Says bytes from `now` on, after what is being said. Unless `isWhole`, one in four comes in
    /// two reads.
    mutating func say(
        _ bytes: [UInt8], at now: Instant, isWhole: Bool, _ chance: inout SplitMix64
    ) {
        guard !bytes.isEmpty else { return }
        let start = max(now, busyUntil)
        busyUntil = start + characters(bytes.count)
        guard bytes.count > 2, chance.below(4) == 0, !isWhole else {
            return agenda.add(bytes, at: busyUntil)
        }
        let cut = 1 + chance.below(bytes.count - 1)
        agenda.add(Array(bytes[..<cut]), at: start + characters(cut))
        agenda.add(Array(bytes[cut...]), at: busyUntil)
    }

    /// The next bytes that have been heard by `now`.
    mutating func take(upTo now: Instant) -> [UInt8]? { agenda.take(upTo: now)?.event }

    mutating func clear() {
        agenda = Agenda()
        busyUntil = Instant(nanoseconds: 0)
    }
}
