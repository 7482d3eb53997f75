// A virtual reader's answers: how they are put, and what goes wrong with them on their way.

import StationCore

extension VirtualPD {
    /// A reply, sealed when a channel stands.
    mutating func reply(_ reply: OSDPReply, _ frame: OSDPFrame) -> [UInt8] {
        guard channel != nil else { return clear(reply, frame) }
        if mischief == .clear, takeMischief() { return clear(reply, frame) }
        let envelope = self.envelope(of: frame)
        var bytes: [UInt8] = []
        let start = envelope.open(block: OSDPSecurityBlock(.reply), marked: false, into: &bytes)
        reply.encode(into: &bytes)
        channel?.seal(&bytes, from: start, check: envelope.check)
        if mischief == .wrongMAC, takeMischief() { bytes[bytes.count - 1] ^= 0x10 }
        envelope.close(&bytes, from: start)
        return bytes
    }

    func clear(_ reply: OSDPReply, _ frame: OSDPFrame) -> [UInt8] {
        envelope(reply, frame, nil)
    }

    func envelope(
        _ reply: OSDPReply, _ frame: OSDPFrame, _ block: OSDPSecurityBlock?
    ) -> [UInt8] {
        let envelope = self.envelope(of: frame)
        var bytes: [UInt8] = []
        let start = envelope.open(block: block, marked: false, into: &bytes)
        reply.encode(into: &bytes)
        envelope.close(&bytes, from: start)
        return bytes
    }

    func envelope(of frame: OSDPFrame) -> OSDPEnvelope {
        OSDPEnvelope(
            address: frame.address, isReply: true, sequence: frame.sequence,
            check: usesChecksum ? .checksum : frame.check)
    }

    // MARK: Mischief

    /// Uses up one of the mischief's times.
    mutating func takeMischief() -> Bool {
        guard mischiefLeft > 0 else { return false }
        mischiefLeft -= 1
        if mischiefLeft == 0 { mischief = nil }
        return true
    }

    /// BUSY: in the clear, under the number 0.
    var busyWord: [UInt8] {
        let envelope = OSDPEnvelope(address: address, isReply: true, sequence: 0)
        var bytes: [UInt8] = []
        let start = envelope.open(marked: false, into: &bytes)
        OSDPReply.busy.encode(into: &bytes)
        envelope.close(&bytes, from: start)
        return bytes
    }

    /// What happens to a right answer on its way.
    mutating func spoil(_ word: [UInt8], _ frame: OSDPFrame) -> [Answer] {
        let right = Answer(bytes: word, after: turnaround)
        switch mischief {
        case .silent?:
            return takeMischief() ? [] : [right]
        case .late(let delay)?:
            return takeMischief() ? [Answer(bytes: word, after: delay)] : [right]
        case .cut(let count)?:
            return takeMischief()
                ? [Answer(bytes: Array(word.dropLast(count)), after: turnaround)] : [right]
        case .damaged?:
            guard takeMischief() else { return [right] }
            var bytes = word
            bytes[bytes.count / 2] ^= 0x20
            return [Answer(bytes: bytes, after: turnaround)]
        case .noise(let count)?:
            guard takeMischief() else { return [right] }
            let noise = (0..<count).map { $0 % 5 == 2 ? 0x53 : UInt8(chance.below(256)) }
            return [Answer(bytes: noise + word, after: turnaround)]
        case .wrongSequence?:
            guard takeMischief() else { return [right] }
            let envelope = OSDPEnvelope(
                address: frame.address, isReply: true, sequence: (frame.sequence + 2) & 3)
            var bytes: [UInt8] = []
            let start = envelope.open(marked: false, into: &bytes)
            OSDPReply.ack.encode(into: &bytes)
            envelope.close(&bytes, from: start)
            return [Answer(bytes: bytes, after: turnaround)]
        case .twice?:
            return takeMischief()
                ? [Answer(bytes: word + word, after: turnaround)] : [right]
        case .nak?, .busy?, .resetInHandshake?, .wrongInitialMAC?, .wrongMAC?, .clear?,
            .downgrade?, .claimsDefaultKey?, nil:
            return [right]
        }
    }
}
