// How soon readers are back and decide, in virtual time: the worst of many, not the mean.

import EventLoop
import Simulation
import StationCore

/// Prints milliseconds, one figure a line.
enum Times {
    static func run() {
        for kind in BenchReader.allCases where kind != .wiegand { replug(kind) }
        osdp()
    }

    private static func rig(_ station: ResolvedStation, _ roster: Roster?) -> Rig {
        do {
            return try Rig(station, roster: try roster ?? BenchReader.wiegand.roster())
        } catch {
            preconditionFailure("the bench's own station is refused: \(error)")
        }
    }

    /// Fifty times out, in the middle of whatever a card makes them say, and in again.
    private static func replug(_ kind: BenchReader) {
        let rig = rig(kind.station(), try? kind.roster())
        var (back, tapped) = (Interval.zero, Interval.zero)
        rig.run(for: .seconds(3))
        for round in 0..<50 {
            let twin = rig.twins[0]
            twin.present(
                kind.card(round), to: DeviceID(0), at: rig.now, until: rig.now + .seconds(1))
            rig.run(for: .milliseconds(Int64(7 * round)))
            twin.unplug(at: rig.now)
            rig.run(for: .seconds(3) + .milliseconds(Int64(37 * round)))
            twin.plug(at: rig.now)
            let took = rig.wait(atMost: .seconds(10)) {
                twin.condition.isWatched && rig.station.deviceHealth[0].isAttached
            }
            back = max(back, took)
            rig.run(for: .seconds(2) + .microseconds(Int64(1_377 * round)))
            let before = rig.freed
            twin.present(
                kind.card(100 + round), to: DeviceID(0), at: rig.now,
                until: rig.now + .seconds(1))
            tapped = max(tapped, rig.wait(atMost: .seconds(5)) { rig.freed > before })
            rig.run(for: .seconds(3))
        }
        print("replug_to_ready_ms", kind.rawValue, text(back))
        print("card_to_strike_ms", kind.rawValue, text(tapped))
    }

    /// Four readers on one line at 115200 baud: all well, then with one of them dead.
    private static func osdp() {
        let rig = rig(BenchStation.osdp(), nil)
        rig.run(for: .seconds(3))
        print("osdp_card_to_decision_ms", text(worst(rig, of: 4, rounds: 200).worst))
        guard let line = (rig.twins[0] as? OSDPTwin)?.line else { return }
        line.pds[3].isConnected = false
        rig.run(for: .seconds(12))
        let (worst, late) = worst(rig, of: 3, rounds: 200)
        print("osdp_card_to_decision_beside_a_dead_reader_ms", text(worst))
        print("osdp_taps_in_200_that_waited_for_the_dead_reader", late)
    }

    private static func worst(
        _ rig: Rig, of readers: Int, rounds: Int
    ) -> (worst: Interval, late: Int) {
        var worst = Interval.zero
        var late = 0
        for round in 0..<rounds {
            rig.run(for: .milliseconds(1_500) + .microseconds(Int64(round) * 377))
            let place = round % readers
            let before = rig.granted
            rig.twins[0].present(
                BenchReader.wiegand.card(place), to: DeviceID(1 + place), at: rig.now,
                until: rig.now + .seconds(1))
            let took = rig.wait(atMost: .seconds(1)) { rig.granted > before }
            worst = max(worst, took)
            if took > .milliseconds(60) { late += 1 }
        }
        return (worst, late)
    }

    private static func text(_ interval: Interval) -> String {
        let tenths = interval.microseconds / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}
