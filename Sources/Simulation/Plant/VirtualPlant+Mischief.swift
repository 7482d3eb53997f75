// Faults that come by themselves: chips that leave, disks that fail, clocks that jump, hands.

import EventLoop
import StationCore

extension VirtualPlant {
    private enum Kind: CaseIterable {
        case chip
        case disk
        case clock
        case force
        case command
        case power
        case reader
    }

    func scheduleFault(after now: Instant) {
        guard !kinds.isEmpty else { return }
        schedule(.fault, at: now + mischief.between(.seconds(1), swarm.every * 2))
    }

    private var kinds: [Kind] {
        Kind.allCases.filter { kind in
            switch kind {
            case .chip: swarm.chipsVanish
            case .disk: !swarm.moods.isEmpty
            case .clock: swarm.clockSteps
            case .force: swarm.forces
            case .command: swarm.commands
            case .power: swarm.powerCuts
            case .reader: !swarm.readerFaults.isEmpty && !twins.isEmpty
            }
        }
    }

    func makeFault(at now: Instant) {
        guard let kind = mischief.pick(kinds) else { return }
        scheduleFault(after: now)
        switch kind {
        case .chip:
            let chip = mischief.below(board.chips.count)
            schedule(.chipGone(chip), at: now)
            let absence = mischief.between(.milliseconds(200), .seconds(90))
            schedule(.chipBack(chip), at: now + absence)
        case .disk:
            guard let mood = mischief.pick(swarm.moods) else { return }
            give(.disk(mood), at: now)
            let spell = mischief.between(.seconds(1), .seconds(120))
            schedule(.order(.disk(.healthy)), at: now + spell)
        case .clock: stepClock(at: now)
        case .force:
            guard let door = mischief.pick(doors) else { return }
            schedule(.force(door.id), at: now)
        case .command: command(at: now)
        case .power:
            give(.brownOut(operations: mischief.below(12)), at: now)
            let spell = mischief.between(.milliseconds(1), .milliseconds(400))
            schedule(.order(.powerOff), at: now + spell)
        case .reader: disturbReader(at: now)
        }
    }

    /// The clock is set, forwards or backwards, or nobody vouches for it any more.
    private func stepClock(at now: Instant) {
        let qualities: [ClockQuality] = [.none, .restored, .holdover, .synced]
        let step = Int64(mischief.below(7_200_001)) - 3_600_000
        give(
            .clock(stepMilliseconds: step, mischief.pick(qualities) ?? .none), at: now)
        let spell = mischief.between(.seconds(10), .seconds(600))
        schedule(.order(.clock(stepMilliseconds: -step, .synced)), at: now + spell)
    }

    /// A person or the hub says something to a door, and takes it back some time later.
    private func command(at now: Instant) {
        guard let door = mischief.pick(doors) else { return }
        let pairs: [(DoorCommand, DoorCommand?)] = [
            (.access, nil), (.unlock, .lock), (.block, .unblock), (.lockDown, .releaseLockDown),
            (.resetFire, nil),
        ]
        guard let (command, undo) = mischief.pick(pairs) else { return }
        let authority: Authority = mischief.below(2) == 0 ? .crew : .hub
        give(.command(door.id, command, authority), at: now)
        guard let undo else { return }
        let spell = mischief.between(.seconds(5), .seconds(300))
        schedule(.order(.command(door.id, undo, authority)), at: now + spell)
    }

    /// The machine has no power: nobody holds its lines. What was said to it meanwhile is said
    /// again a little later, since modes outlive a core and somebody has to take them back.
    public func loseProcess(at now: Instant) {
        for request in board.requests.indices { board.abandon(request) }
        for twin in twins { twin.abandon() }
        services?.powerWent(at: now)
        orders.removeAll { order in
            switch order {
            case .command:
                schedule(.order(order), at: now + .seconds(2))
                return true
            case .brownOut, .powerOff: return true
            case .clock, .disk, .lookIntoBoxes, .closeMains: return false
            }
        }
        witness.chipChanged(at: now)
    }

    func removeChip(_ chip: Int, at now: Instant) {
        guard board.isPresent[chip] else { return }
        _ = board.remove(chip: chip)
        services?.lookAtAll(at: now)
        witness.chipChanged(at: now)
        stir()
    }

    func give(_ order: Order, at now: Instant) {
        if case .command(let door, let command, _) = order {
            witness.commanded(door, command, at: now)
        }
        orders.append(order)
        stir()
    }
}
