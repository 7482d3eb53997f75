// The half-duplex line: bytes in, one frame out at a time, and who may speak when.

public import EventLoop

extension OSDPBus {
    /// Takes what came over the line.
    public mutating func receive(
        _ bytes: RawSpan, at now: Instant, into outputs: inout OSDPOutputs
    ) {
        for offset in 0..<bytes.byteCount {
            receive(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self), at: now, &outputs)
        }
    }

    private mutating func receive(
        _ byte: UInt8, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        guard let asked = exchange else {
            noise += 1
            lineFree = max(lineFree, min(now + turnaround, patience))
            return
        }
        if echoLeft > 0 {
            let sent = peers[asked.peer].frame
            if sent[sent.count - echoLeft] != byte { echoFaults += 1 }
            echoLeft -= 1
            return
        }
        reader.append(byte)
        exchange?.lastByte = now
        while exchange != nil, let reading = reader.next() {
            switch reading {
            case .frame(let frame):
                scratch.removeAll(keepingCapacity: true)
                scratch.append(contentsOf: reader.bytes)
                take(frame, at: now, &outputs)
            case .damaged:
                peers[asked.peer].counters.damaged += 1
                exchange?.isDamaged = true
            }
        }
    }

    // MARK: The line

    var turnaround: Interval {
        OSDPTimings.line(bytes: Int(OSDPTimings.turnaroundCharacters), baud: baud)
    }

    /// Nobody wants the reply any more. It may come all the same, so nobody speaks before it could
    /// have come.
    mutating func abandonExchange() {
        guard let exchange else { return }
        echoLeft = 0
        endExchange(at: exchange.sentAt)
        lineFree = exchange.firstByteBy
        patience = exchange.firstByteBy
    }

    /// The exchange is over; whoever is next may speak after a short silence.
    mutating func endExchange(at now: Instant) {
        exchange = nil
        reader.reset()
        if echoLeft > 0 {
            echoFaults += 1
            echoLeft = 0
        }
        lineFree = now + turnaround
        patience = now + OSDPTimings.reply
    }

    /// Puts a PD's frame on the line.
    mutating func transmit(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        precondition(exchange == nil, "two frames at once on a line with one talker")
        let frame = peers[index].frame
        outputs.frame.removeAll(keepingCapacity: true)
        outputs.frame.append(contentsOf: frame)
        outputs.append(.transmit)
        peers[index].counters.frames += 1
        reader.address = peers[index].address
        echoLeft = echoes ? frame.count : 0
        let sent = now + OSDPTimings.line(bytes: frame.count, baud: baud)
        let firstByteBy = sent + OSDPTimings.reply
        exchange = Exchange(
            peer: index, sequence: frame[5] & 3, sentAt: now, firstByteBy: firstByteBy,
            overBy: firstByteBy + OSDPTimings.line(bytes: OSDPFrame.longest, baud: baud)
                + OSDPTimings.characterGap)
    }
}
