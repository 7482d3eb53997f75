// What people and rules want of a PD: orders, and a new address or speed.

import EventLoop

extension OSDPBus {
    /// Queues an order for a PD that is online. It overtakes the polls.
    public mutating func submit(
        _ order: OSDPOrder, to peer: Int, at now: Instant
    ) -> OSDPSubmission {
        queue(order.command, for: peer, at: now)
    }

    /// Gives a PD another address or speed: by a person's command only.
    ///
    /// `moved` tells what the PD answered. A PD whose speed is not the line's any more is not heard
    /// until every PD of the line has the new one; then `setSpeed` follows. `.full` while another
    /// such order waits or is under way.
    public mutating func setCommunication(
        _ communication: OSDPCommunication, of peer: Int, at now: Instant
    ) -> OSDPSubmission {
        guard communication.isPossible, isFree(communication.address, for: peer) else {
            return .impossible
        }
        // One at a time: what becomes of it is written down for each.
        let isMoving =
            peers[peer].orders.contains { $0.command.code == .communication }
            || peers[peer].isOrder && peers[peer].request == .communication
        guard !isMoving else { return .full }
        return queue(.communication(communication), for: peer, at: now)
    }

    private mutating func queue(
        _ command: OSDPCommand, for peer: Int, at now: Instant
    ) -> OSDPSubmission {
        guard peers[peer].presence == .online else { return .offline }
        guard peers[peer].orders.count < OSDPLimits.orders else { return .full }
        peers[peer].orders.append(
            OSDPPeer.Waiting(command: command, lapses: now + OSDPTimings.order))
        return .queued
    }

    private func isFree(_ address: UInt8, for peer: Int) -> Bool {
        peers.indices.allSatisfy { $0 == peer || peers[$0].address != address }
    }

    /// The PD has answered COMSET with what it has from now on.
    mutating func move(
        _ index: Int, to communication: OSDPCommunication, at now: Instant,
        _ outputs: inout OSDPOutputs
    ) {
        // Only an answer to the question counts, and only one that can be true.
        guard peers[index].request == .communication, communication.isPossible,
            isFree(communication.address, for: index)
        else { return }
        outputs.news(index, .moved(communication))
        let hasChanged =
            communication.address != peers[index].address || communication.baud != baud
        guard hasChanged else { return }
        peers[index].address = communication.address
        peers[index].strandedAt = communication.baud == baud ? nil : communication.baud
        peers[index].startAfresh()
        peers[index].due = communication.baud == baud ? now + OSDPTimings.settling : .distantFuture
        followSpeed(at: now, &outputs)
    }

    /// The line takes the new speed once nobody is left on the old one.
    private mutating func followSpeed(at now: Instant, _ outputs: inout OSDPOutputs) {
        guard let speed = peers[0].strandedAt,
            peers.allSatisfy({ $0.strandedAt == speed })
        else { return }
        baud = speed
        outputs.append(.setSpeed(baud: speed))
        lineFree = now + OSDPTimings.settling
        for index in peers.indices {
            peers[index].strandedAt = nil
            peers[index].due = lineFree
        }
    }
}
