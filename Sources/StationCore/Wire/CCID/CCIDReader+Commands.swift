// Which command goes next, by what the reader is at.

import EventLoop

extension CCIDReader {
    /// Sends the next command if none is in flight and one is due.
    mutating func proceed(at now: Instant, into outputs: inout Outputs<CCIDReaderOutput>) {
        guard exchange == nil else { return }
        switch state {
        case .detached, .refused, .draining, .resetting:
            break
        case .preparing(let step):
            guard nextAt <= now else { return }
            send(family.preparation(step), for: .prepare, at: now, into: &outputs)
        case .empty, .occupied:
            if isReady, let command = takeWaiting() {
                send(command, for: .signal, at: now, into: &outputs)
            } else if nextAt <= now {
                send(.slotStatus, for: .status, at: now, into: &outputs)
            }
        case .powering(let attempt):
            guard nextAt <= now else { return }
            send(
                .powerOn, for: .powerOn, detail: voltage(attempt), patience: CCIDTiming.powerOn,
                at: now, into: &outputs)
        case .reading(_, let length):
            guard nextAt <= now else { return }
            // GET UID (PC/SC part 3, 3.2.2.1.3).
            withUnsafeBytes(of: (0xff, 0xca, 0x00, 0x00, length) as GetUID) {
                send(.transfer, for: .read, payload: $0, at: now, into: &outputs)
            }
        }
    }

    private typealias GetUID = (UInt8, UInt8, UInt8, UInt8, UInt8)

    private mutating func send(
        _ command: PseudoAPDU, for purpose: CCIDExchange.Purpose, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        let type: CCIDCommand =
            switch command.route {
            case .transfer: .transfer
            case .escape: .escape
            }
        command.withBytes {
            send(
                type, for: purpose, payload: $0, patience: CCIDTiming.reply + command.duration,
                at: now, into: &outputs)
        }
    }

    private mutating func send(
        _ command: CCIDCommand, for purpose: CCIDExchange.Purpose, detail: UInt8 = 0,
        payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        patience: Interval = CCIDTiming.reply, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        sequence &+= 1
        unasked = 0
        let fits = outgoing.write(
            command, slot: slot, sequence: sequence, detail: detail, payload: payload)
        precondition(fits, "a command of ours is longer than a CCID packet")
        exchange = CCIDExchange(
            purpose, command, slot: slot, sequence: sequence, patience: patience, at: now)
        outputs.append(.send)
    }

    /// The oldest signal that waits.
    mutating func takeWaiting() -> PseudoAPDU? {
        let first = waiting[0]
        for place in 1..<CCIDTiming.waiting { waiting[place - 1] = waiting[place] }
        waiting[CCIDTiming.waiting - 1] = nil
        return first
    }

    /// The voltages of the reader in turn, 5 V first; 0 where it chooses.
    private func voltage(_ attempt: Int) -> UInt8 {
        let count = voltages.nonzeroBitCount
        guard count > 0 else { return 0 }
        var skip = (attempt - 1) % count
        for bit in 0..<3 where voltages >> UInt8(bit) & 1 == 1 {
            if skip == 0 { return UInt8(bit + 1) }
            skip -= 1
        }
        return 0
    }
}
