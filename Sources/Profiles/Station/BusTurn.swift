// How long a question and its answer hold a line, so that a lock is known not to wait too long.

import EventLoop
import StationCore

/// The longest turn of one box.
///
/// A command overtakes every poll that has not begun, and waits for the one that has. While a box
/// answers, that is at most `answered`: silence of 3.5 characters, the question, the time that the
/// box takes to begin, the answer. A box that is silent holds the line until its time-out; since it
/// is then asked ever more rarely, in less than a hundredth of the line's time, that is told and
/// not refused.
struct BusTurn {
    let device: Placed<String>
    /// Question and answer, in milliseconds, rounded up.
    let answered: Int
    /// The question, and the time-out.
    let silent: Int
    /// How much of the line's time its polls take at least, in hundredths of a percent: bytes and
    /// silence, as if every box answered at once.
    let load: Int

    /// A line that is planned fuller has nothing left for orders, retries and silent boxes.
    static let fullLine = 8_000
    /// How long an unlock may wait behind an answer: the slowest lock boards take 200 ms to begin.
    static let lockPatience = 250

    init(
        device: Placed<String>, _ settings: BusDeviceSettings,
        _ speed: DeviceProfile.SerialSettings
    ) {
        self.device = device
        let bits = 1 + 8 + (speed.parity == .none ? 0 : 1) + speed.stopBits
        func microseconds(_ bytes: Int) -> Int { bytes * bits * 1_000_000 / speed.baud }
        let timing = settings.timing
        let quiet = ModbusTimings(baud: speed.baud, bits: bits).silence.microseconds
        let silence = Int(quiet) + timing.gapMilliseconds * 1_000
        let polls = settings.longestPolls()
        func longest(_ microseconds: (BusPollLength) -> Int) -> Int {
            ((polls.map(microseconds).max() ?? 0) + 999) / 1_000
        }
        answered = longest { poll in
            silence + microseconds(poll.question + poll.answer)
                + (poll.answer > 0 ? timing.latencyMilliseconds * 1_000 : 0)
        }
        silent = longest { poll in
            silence + microseconds(poll.question) + poll.timeoutMilliseconds * 1_000
        }
        load = settings.plannedPolls().reduce(0) { sum, poll in
            let turn = silence + microseconds(poll.question + poll.answer)
            return sum + turn * 10 / max(1, Int(poll.interval.milliseconds))
        }
    }
}

extension DeviceResolver {
    /// Tells the longest turn of every line of boxes, and whether its time is enough; refuses one
    /// on which a lock would wait.
    func tellTurns() {
        for port in file.ports {
            guard let line = sharedLines[port.name.value], line.kind == .boxes,
                let slowest = line.turns.max(by: { $0.answered < $1.answered }),
                let stubborn = line.turns.max(by: { $0.silent < $1.silent })
            else { continue }
            if line.hasLocks, slowest.answered > BusTurn.lockPatience {
                checker.report(
                    slowest.device.place,
                    .turnTooLong(
                        port: port.name.value, milliseconds: slowest.answered,
                        device: slowest.device.value))
            }
            checker.note(
                port.name.place,
                .longestTurn(
                    port: port.name.value, answered: slowest.answered,
                    silent: stubborn.silent, device: stubborn.device.value))
            let load = line.turns.reduce(0) { $0 + $1.load }
            guard load > BusTurn.fullLine else { continue }
            checker.note(
                port.name.place, .lineFull(port: port.name.value, percent: load / 100))
        }
    }
}
