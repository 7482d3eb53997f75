// How long what is asked of a box can be on the wire, for whoever lays out a line.

import EventLoop

/// One question that is asked of a box again and again, and its answer, both at their longest.
public struct BusPollLength: Sendable, Equatable {
    /// Bytes of the question, with those that wake the box.
    public var question: Int
    /// Bytes of the answer; 0: none comes.
    public var answer: Int
    /// How long the line is held for an answer that does not come.
    public var timeoutMilliseconds: Int
    /// How often it is asked.
    public var interval: Interval
}

extension BusDeviceSettings {
    /// What is asked of the box, each question with as many neighbours as it ever takes along:
    /// every slot is due, as it is when the box has just come.
    public func longestPolls() -> [BusPollLength] {
        let plan = BusPlan(self, at: Instant(nanoseconds: 0))
        return plan.slots.indices.compactMap { length(of: $0, in: plan) }
    }

    /// What is asked of the box again and again: of those that come together, the one that is asked
    /// most often.
    public func plannedPolls() -> [BusPollLength] {
        let plan = BusPlan(self, at: Instant(nanoseconds: 0))
        var covered = Set<Int>()
        let often = plan.slots.indices.sorted {
            (plan.slots[$0].interval ?? .zero) < (plan.slots[$1].interval ?? .zero)
        }
        return often.compactMap { slot in
            guard !covered.contains(slot), let poll = length(of: slot, in: plan) else { return nil }
            covered.formUnion(plan.ask(for: slot, at: Instant(nanoseconds: 0)).slots)
            return poll
        }
    }

    private func length(of slot: Int, in plan: borrowing BusPlan) -> BusPollLength? {
        guard let interval = plan.slots[slot].interval else { return nil }
        let question = plan.ask(for: slot, at: Instant(nanoseconds: 0)).question
        guard let packet = try? language.packet(for: question, to: address) else { return nil }
        var timeout = timing.timeoutMilliseconds
        switch language.reply(to: question, at: address) {
        case .wanted(let within), .optional(let within): if within > 0 { timeout = within }
        case .none: timeout = 0
        }
        return BusPollLength(
            question: timing.wake.count + packet.count,
            answer: language.longestReply(to: question), timeoutMilliseconds: timeout,
            interval: interval)
    }
}
