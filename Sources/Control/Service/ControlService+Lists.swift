// Long replies: as many messages as it takes, each made when the one before has gone.

import EventLoop

extension ControlService {
    mutating func list(_ slot: Int, _ mode: CallMode, _ items: Listing.Items) {
        connections[slot]?.work = .listing(Listing(mode: mode, items: items))
    }

    /// Sends the next piece of a list. Without `more` the first piece must be the last one.
    mutating func sendPiece(_ slot: Int, _ listing: Listing, at now: Instant) {
        var next = listing
        let bytes: [UInt8]
        switch listing.items {
        case .devices(let devices):
            bytes = next.piece(of: devices) { part, _ in ListDevices.Reply(devices: part) }
        case .boxes(let boxes):
            bytes = next.piece(of: boxes) { part, _ in ListBoxes.Reply(boxes: part) }
        case .services(let services):
            bytes = next.piece(of: services) { part, _ in ListServices.Reply(services: part) }
        case .hours(let hours):
            bytes = next.piece(of: hours) { part, _ in ListHours.Reply(hours: part) }
        case .metrics(let metrics):
            bytes = next.piece(of: metrics) { part, _ in GetMetrics.Reply(metrics: part) }
        case .verdicts(let head, let verdicts):
            bytes = next.piece(of: verdicts) { part, rest in
                var reply = head
                reply.verdicts = part
                reply.unlisted = listing.mode.more ? 0 : rest
                return reply
            }
        case .usage(let head, let records):
            bytes = next.piece(of: records) { part, _ in
                var reply = head
                reply.usage = part
                return reply
            }
        }
        if next.isComplete {
            connections[slot]?.work = .idle
        } else if !next.mode.more {
            return fail(slot, next.mode, .expectedMore, at: now)
        } else {
            connections[slot]?.work = .listing(next)
        }
        guard !next.mode.oneway else { return }
        connections[slot]?.send(bytes, at: now)
    }
}

extension Listing {
    /// Whether nothing is left, or nothing more will be sent.
    var isComplete: Bool {
        switch items {
        case .devices(let all): sent >= all.count
        case .boxes(let all): sent >= all.count
        case .services(let all): sent >= all.count
        case .hours(let all): sent >= all.count
        case .metrics(let all): sent >= all.count
        case .usage(_, let all): sent >= all.count
        case .verdicts(_, let all): sent >= all.count || !mode.more
        }
    }

    /// As many of the items as fit into one message, at least one; counts them as sent.
    mutating func piece<Items: RandomAccessCollection, Reply: Encodable>(
        of items: Items, _ reply: (_ part: [Items.Element], _ rest: Int) -> Reply
    ) -> [UInt8] where Items.Index == Int {
        var count = min(ControlLimits.items, items.count - sent)
        while true {
            let part = Array(items[sent..<(sent + count)])
            let rest = items.count - sent - count
            let bytes = ControlCoder.reply(
                reply(part, rest), continues: rest > 0 && mode.more)
            if bytes.count <= ControlLimits.message || count <= 1 {
                sent += count
                return bytes
            }
            count /= 2
        }
    }
}
