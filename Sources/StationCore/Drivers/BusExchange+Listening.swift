// What is said on the line by others than the one who was asked, and what of it is noise.

import EventLoop

extension BusExchange {
    /// So many bytes in front begin nothing that another box says, or that comes late.
    mutating func noiseLength(forOthersThan seat: Int) -> Int {
        var shortest = buffer.count
        for other in listeners where other != seat {
            guard case .noise(let length) = judge(seat: other, after: nil, from: 0) else {
                return 1
            }
            shortest = min(shortest, length)
        }
        guard let missed, missed.seat != seat else { return shortest }
        guard
            case .noise(let length) = judge(
                seat: missed.seat, after: missed.question, from: 0)
        else { return 1 }
        return min(shortest, length)
    }

    /// Whether what stands in front is said unasked, by another box than the one that was asked.
    mutating func hearOther(than seat: Int, at now: Instant) -> Bool {
        if let missed, missed.seat != seat, hearLate(at: now) { return true }
        for other in listeners where other != seat {
            if case .push(let answer, let length) = judge(seat: other, after: nil, from: 0) {
                drop(length, isNoise: false)
                push(answer, other)
                return true
            }
        }
        return false
    }

    /// Whether an answer stands in front that nobody waits for any more.
    mutating func hearLate(at now: Instant) -> Bool {
        guard let missed,
            case .answer(_, let length) = judge(
                seat: missed.seat, after: missed.question, from: 0)
        else { return false }
        self.missed = nil
        counters.late += 1
        drop(length, isNoise: false)
        tell(.late(seat: missed.seat))
        return true
    }

    /// Nobody was asked: what a box says by itself, an answer that is late, or noise.
    mutating func digestUnasked(at now: Instant) -> Bool {
        if hearLate(at: now) { return true }
        var wants: Int?
        var skips: (length: Int, isNoise: Bool)?
        // What begins nothing that any of them says.
        var noise = buffer.count
        for seat in listeners {
            switch judge(seat: seat, after: nil, from: 0) {
            case .push(let answer, let length):
                drop(length, isNoise: false)
                push(answer, seat)
                return true
            case .incomplete(let count): wants = min(wants ?? count, count)
            case .foreign(let length):
                if skips?.isNoise ?? true { skips = (length, false) }
            case .answer(_, let length), .damaged(_, let length):
                if skips == nil { skips = (length, true) }
            case .noise(let length): noise = min(noise, length)
            }
        }
        if let wants {
            wanted = buffer.count + max(1, wants)
            return false
        }
        if let missed,
            case .incomplete(let count) = judge(
                seat: missed.seat, after: missed.question, from: 0)
        {
            wanted = buffer.count + max(1, count)
            return false
        }
        if let missed, skips == nil {
            switch judge(seat: missed.seat, after: missed.question, from: 0) {
            case .noise(let length): noise = min(noise, length)
            case .answer, .push, .foreign, .damaged, .incomplete: noise = 1
            }
        }
        drop(skips?.length ?? noise, isNoise: skips?.isNoise ?? true)
        return true
    }
}
