// A hub's commands at one gate: when they act, when they are refused, and what is written down.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A hub's command` {
    private static let boot: UInt128 = 0x3f0c
    private static let bootText = Hex.lower(boot, digits: 32)

    private func gate(_ journal: JournalSettings = JournalSettings()) -> Gate {
        var gate = Gate(journal)
        gate.station.knows(boot: Self.boot)
        gate.station.recalledCommands(isContinued: true, isWhole: true, at: gate.now)
        return gate
    }

    private func bring(_ text: String, _ gate: inout Gate, commits: Bool = true) -> CommandAnswer? {
        let command: SignedCommand
        do throws(CommandRefusal) {
            command = try CommandSample.read(
                CommandSample.signed(text), for: gate.station.resolved.station.id
            ).get()
        } catch {
            return .refused(error)
        }
        gate.station.take(command, asker: 5, at: gate.now)
        gate.settle()
        // The intent, and then the order's own entry.
        if commits {
            gate.commit()
            gate.commit()
        }
        return answer(&gate)
    }

    private func answer(_ gate: inout Gate) -> CommandAnswer? {
        guard let (asker, answer) = gate.station.takeCommandAnswer() else { return nil }
        #expect(asker == 5)
        return answer
    }

    private func outcome(_ answer: CommandAnswer?) -> CommandOutcome? {
        if case .stands(let command) = answer { command.outcome } else { nil }
    }

    private func text(
        _ fields: String, id: String = "c-1", issued: Int64 = 1_795_248_000,
        expires: Int64 = 1_795_248_300, boot: String = "-", _ gate: borrowing Gate
    ) -> String {
        CommandSample.text(
            fields, id: id, issued: issued, expires: expires, boot: boot,
            station: gate.station.resolved.station.id)
    }

    private func door(_ word: String, _ gate: borrowing Gate) -> String {
        "door\t\(gate.station.resolved.doors[0].name)\t\(word)"
    }

    @Test func `acts once its intent is durable, and its outcome is written down`() {
        var gate = gate()
        let order = text(door("unlock", gate), gate)
        #expect(bring(order, &gate, commits: false) == nil)
        #expect(gate.strikeValues.isEmpty && gate.count("door.commanded") == 0)
        gate.commit()
        #expect(gate.count("door.commanded") == 1 && gate.strikeValues.isEmpty)
        gate.commit()
        #expect(gate.strikeValues == [true] && gate.station.standingModes == [.unlocked])
        #expect(outcome(answer(&gate)) == .done)
        let names = gate.names.filter { $0.hasPrefix("command.") || $0 == "door.commanded" }
        #expect(names == ["command.taken", "door.commanded", "command.ended"])
        let taken = gate.entries.first { $0.event.name == "command.taken" }
        #expect(taken?.key == ShortText("c-1") && taken?.event.entryClass == .p0)
        #expect(taken?.holder == ShortText("hub:21fe31dfa154a261"))
        let ordered = gate.entries.first { $0.event.name == "door.commanded" }
        #expect(ordered?.key == ShortText("hub:21fe31dfa154a261"))
        #expect(ordered?.event == .commanded(door: DoorID(0), command: .unlock, by: .hub))
    }

    @Test func `that comes again answers with what became of it, and acts once`() {
        var gate = gate()
        let order = text(door("access", gate), gate)
        #expect(outcome(bring(order, &gate)) == .done)
        gate.run(for: .seconds(60))
        #expect(outcome(bring(order, &gate)) == .done)
        // Expired meanwhile, it still is what it was.
        gate.run(for: .seconds(600))
        #expect(outcome(bring(order, &gate)) == .done)
        #expect(gate.count("door.released") == 1 && gate.count("command.taken") == 1)
        // Another command of the same id is none of those.
        #expect(bring(text(door("lock", gate), gate), &gate) == .refused(.sameID))
    }

    @Test func `that comes again while it is under way is told so`() throws {
        var gate = gate()
        let order = text(door("unlock", gate), gate)
        #expect(bring(order, &gate, commits: false) == nil)
        let again = bring(order, &gate, commits: false)
        guard case .stands(let known) = again else { throw Missing() }
        #expect(known.outcome == nil && gate.count("command.taken") == 1)
    }

    private struct Missing: Error {}

    @Test(arguments: ["lock", "block", "lockDown"])
    func `that only stops waits for nothing`(word: String) {
        var gate = gate()
        gate.station.answered(.failed, at: gate.now)
        let answer = bring(text(door(word, gate), gate), &gate, commits: false)
        #expect(outcome(answer) == .done && gate.count("command.ended") == 1)
    }

    @Test(arguments: [JournalSettings.CommitWait.bounded, .strict])
    func `never acts without its intent in the journal`(wait: JournalSettings.CommitWait) {
        var journal = JournalSettings()
        journal.commitWait = wait
        var gate = gate(journal)
        let order = text(door("access", gate), gate)
        #expect(bring(order, &gate, commits: false) == nil)
        // Taps stop waiting meanwhile; a command is given up.
        gate.run(for: .milliseconds(2_999))
        #expect(gate.strikeValues.isEmpty && answer(&gate) == nil)
        gate.run(for: .milliseconds(2))
        #expect(outcome(answer(&gate)) == .notRecorded)
        gate.commit()
        gate.run(for: .seconds(10))
        #expect(gate.strikeValues.isEmpty && gate.count("door.commanded") == 0)
        #expect(outcome(bring(order, &gate)) == .notRecorded)
    }

    @Test func `for which there is no room in the outbox does not act`() {
        var gate = gate()
        gate.fillOutbox()
        let answer = bring(text(door("access", gate), gate), &gate, commits: false)
        #expect(outcome(answer) == .notRecorded && gate.strikeValues.isEmpty)
    }

    // MARK: Time

    @Test func `is good in its time only`() {
        var gate = gate()
        let lock = door("lock", gate)
        let old = text(lock, issued: 1_795_247_000, expires: 1_795_248_001, gate)
        #expect(bring(old, &gate) == .refused(.expired))
        let early = text(lock, issued: 1_795_248_400, expires: 1_795_248_600, gate)
        #expect(bring(early, &gate) == .refused(.notYet))
        // A hub's clock may be five minutes ahead.
        let soon = text(lock, id: "c-2", issued: 1_795_248_300, expires: 1_795_248_600, gate)
        #expect(outcome(bring(soon, &gate)) == .done)
        let long = text(lock, issued: 1_795_248_000, expires: 1_795_334_401, gate)
        #expect(bring(long, &gate) == .refused(.tooLong))
        let day = text(lock, id: "c-3", issued: 1_795_248_000, expires: 1_795_334_400, gate)
        #expect(outcome(bring(day, &gate)) == .done)
        #expect(gate.count("command.taken") == 2)
    }

    private func loseClock(_ gate: inout Gate, seconds: Int64 = 1_000_000) {
        gate.station.observed(
            Calendar(
                wallOffset: seconds * 1_000_000_000, bootOffset: 0, quality: .none,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: gate.now)
    }

    @Test func `needs this boot's name while nobody knows what time it is`() {
        var gate = gate()
        loseClock(&gate)
        let lock = door("lock", gate)
        #expect(bring(text(lock, gate), &gate) == .refused(.clockUnset))
        let bound = text(lock, boot: "\(Self.bootText)\t60", gate)
        #expect(outcome(bring(bound, &gate)) == .done)
        // The boot's clock ends it, which nobody sets.
        gate.run(for: .seconds(60))
        let late = text(lock, id: "c-2", boot: "\(Self.bootText)\t60", gate)
        #expect(bring(late, &gate) == .refused(.otherBoot))
        let other = text(lock, id: "c-3", boot: "\(Hex.lower(UInt128(7), digits: 32))\t6000", gate)
        #expect(bring(other, &gate) == .refused(.otherBoot))
        // It is later than the last time that was known, whatever the clock says.
        let floor = gate.station.currentCalendar.floor.seconds
        let past = text(
            lock, id: "c-4", issued: floor - 60, expires: floor, boot: "\(Self.bootText)\t6000",
            gate)
        #expect(bring(past, &gate) == .refused(.expired))
    }

    @Test func `of this boot is judged by a clock that can be believed as well`() {
        var gate = gate()
        let old = text(
            door("lock", gate), issued: 1_795_247_000, expires: 1_795_248_001,
            boot: "\(Self.bootText)\t6000", gate)
        #expect(bring(old, &gate) == .refused(.expired))
    }

    // MARK: Words

    @Test(arguments: [
        ("window\tgate\topen", CommandRefusal.unknownCommand("window")),
        ("door\tcellar\tlock", .badArgument(1)), ("door\t?\tfly", .unknownCommand("door fly")),
        ("door\t?", .badArgument(2)), ("door\t?\tlock\tnow", .badArgument(3)),
        ("door", .badArgument(1)), ("hours\t*\tclosed", .badArgument(1)),
        ("reader\tnone\treset", .badArgument(1)), ("guard\tnone\tg\treset", .badArgument(1)),
        ("box\tnone\t1\topen", .badArgument(1)), ("part\tnone\t1\tstop", .badArgument(1)),
        ("service\tnone\tresume", .badArgument(1)),
    ])
    func `that says nothing here is refused, and may be said rightly`(
        fields: String, refusal: CommandRefusal
    ) {
        var gate = gate()
        let name = gate.station.resolved.doors[0].name
        let order = text(fields.replacing("?", with: name), gate)
        #expect(bring(order, &gate) == .refused(refusal))
        #expect(gate.count("command.taken") == 0)
        #expect(outcome(bring(text(door("lock", gate), gate), &gate)) == .done)
    }

    @Test func `ends no lockdown and no block that a crew began, and resets no fire`() {
        var gate = gate()
        _ = gate.station.ordered(.lockDown, door: DoorID(0), by: .crew, at: gate.now)
        gate.settle()
        let words = ["releaseLockDown", "unlock", "access"]
        for (place, word) in words.enumerated() {
            let answer = bring(text(door(word, gate), id: "a-\(place)", gate), &gate)
            #expect([.outranked, .doorMode].contains(outcome(answer)), "\(word)")
        }
        _ = gate.station.ordered(.releaseLockDown, door: DoorID(0), by: .crew, at: gate.now)
        gate.settle()
        _ = gate.station.ordered(.block, door: DoorID(0), by: .crew, at: gate.now)
        gate.settle()
        #expect(outcome(bring(text(door("unblock", gate), id: "b", gate), &gate)) == .outranked)
        #expect(gate.station.standingModes == [.blocked])
        var burning = Gate(standing: .lockedOpen)
        burning.station.recalledCommands(isContinued: true, isWhole: true, at: burning.now)
        let reset = text(door("resetFire", burning), burning)
        #expect(outcome(bring(reset, &burning)) == .outranked)
        #expect(burning.station.standingModes == [.lockedOpen])
    }

    @Test func `ends the lockdown that a hub began`() {
        var gate = gate()
        #expect(outcome(bring(text(door("lockDown", gate), id: "a", gate), &gate)) == .done)
        #expect(gate.station.standingModes == [.lockedDown])
        let release = text(door("releaseLockDown", gate), id: "b", gate)
        #expect(outcome(bring(release, &gate)) == .done)
        #expect(gate.station.standingModes == [.locked])
    }

    // MARK: Starts

    @Test func `waits until the station knows what it has done, unless it only stops`() {
        var gate = Gate()
        #expect(bring(text(door("unlock", gate), gate), &gate) == .refused(.starting))
        #expect(outcome(bring(text(door("lock", gate), gate), &gate)) == .done)
    }

    @Test func `that the run before left half done is told as interrupted, and acts no more`() {
        var gate = Gate()
        let order = text(door("unlock", gate), gate)
        var before = CommandLedger()
        guard
            let command = try? CommandSample.read(
                CommandSample.signed(order), for: gate.station.resolved.station.id
            ).get()
        else {
            Issue.record("a command of ours is none")
            return
        }
        before.take(
            CommandLedger.Known(
                id: command.id, digest: command.digest, subject: .door,
                expires: command.expires))
        gate.station.recalled(before)
        gate.station.recalledCommands(isContinued: true, isWhole: false, at: gate.now)
        gate.settle()
        #expect(gate.names == ["command.ended"])
        #expect(outcome(bring(order, &gate)) == .interrupted)
        #expect(gate.strikeValues.isEmpty)
    }

    @Test func `from before what was lost is refused, unless it only stops`() {
        var gate = Gate()
        gate.run(for: .seconds(10))
        gate.station.recalled(CommandLedger.lost)
        gate.station.recalledCommands(isContinued: true, isWhole: false, at: gate.now)
        #expect(bring(text(door("unlock", gate), gate), &gate) == .refused(.forgotten))
        #expect(outcome(bring(text(door("lock", gate), gate), &gate)) == .done)
        gate.run(for: .seconds(60))
        let fresh = text(door("unlock", gate), id: "c-2", issued: 1_795_248_070, gate)
        #expect(outcome(bring(fresh, &gate)) == .done)
    }

    @Test func `beyond those that can be under way is refused`() {
        var gate = gate()
        for number in 0..<CommandDesk.capacity {
            let order = text(door("access", gate), id: "c-\(number)", gate)
            #expect(bring(order, &gate, commits: false) == nil)
        }
        let one = text(door("access", gate), id: "one", gate)
        #expect(bring(one, &gate, commits: false) == .refused(.tooMany))
    }
}
