// A socket out of order, a board with sessions of its own, and a station that starts anew.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A socket out of order` {
    @Test func `has a stuck relay when power flows although it is off`() {
        var outlet = Outlet.charging(200)
        outlet.isStuck = true
        outlet.tell(.endAsked(.ended))
        outlet.run(20)
        #expect(outlet.faults == [.relayStuck] && outlet.ends == [.ended])
        #expect(outlet.socket.phase == .fault && outlet.offs >= 3)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.tell(.reset)
        #expect(outlet.refusals == [.faulty] && outlet.steps.last == .notReset)
        // Its plug is pulled: nothing flows, but nobody has looked.
        outlet.load = 0
        outlet.run(5)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.refusals == [.faulty, .faulty])
        outlet.isStuck = false
        outlet.tell(.reset)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.steps.last == .reset && outlet.isOn)
    }

    @Test func `does not take a meter that lags for a stuck relay`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.endAsked(.ended))
        let off = outlet.now
        for lag in [1, 2] {
            outlet.now = off + .seconds(Int64(lag))
            outlet.tell(.power(Outlet.reading(DecimalNumber(200), at: outlet.now)))
        }
        outlet.run(20)
        #expect(outlet.faults.isEmpty && outlet.socket.refusal == nil)
    }

    @Test func `is broken when its board says so, and well when it says otherwise`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.shown(.broken, readAt: outlet.now))
        outlet.run(2)
        #expect(outlet.ends == [.deviceFailed] && outlet.socket.refusal == .faulty)
        outlet.tell(.shown(.off, readAt: outlet.now))
        #expect(outlet.socket.refusal == nil)
        outlet.tell(.shown(.stuck, readAt: outlet.now))
        outlet.tell(.shown(.off, readAt: outlet.now))
        #expect(outlet.socket.refusal == .faulty, "a person must look")
    }

    @Test func `gives no reason but the device's when its board is off and says nothing`() {
        var outlet = Outlet.charging(200)
        for _ in 0..<4 {
            outlet.tell(.shown(.off, readAt: outlet.now))
            outlet.run(1)
        }
        #expect(outlet.isOn)
        outlet.run(3)
        #expect(outlet.ends == [.deviceFailed])
    }

    @Test func `knows a total that began anew, and says that the amount is estimated`() {
        var outlet = Outlet.charging(360)
        outlet.total += 10_0
        outlet.run(1)
        outlet.total = 0
        outlet.run(1)
        outlet.total = 5_0
        outlet.run(1)
        outlet.tell(.endAsked(.ended))
        outlet.run(2)
        #expect(outlet.amounts == [UsageAmount(15, .wattHours, isEstimated: true)])
    }

    @Test func `counts by power and time where there is no total, and says so`() {
        var outlet = Outlet.charging(360) { $0.energy = .none }
        outlet.run(940)
        outlet.tell(.endAsked(.ended))
        outlet.run(10)
        // 360 W for 1,000 s are 100 Wh.
        #expect(outlet.amounts == [UsageAmount(100, .wattHours, isEstimated: true)])
    }

    @Test func `is one use where nothing is metered`() {
        var outlet = Outlet.ready {
            $0.isMetered = false
            $0.energy = .none
        }
        outlet.load = nil
        outlet.tell(.asked(Socket.Request(Outlet.rider, time: .seconds(600))))
        outlet.run(605)
        #expect(outlet.ends == [.timeLimit] && outlet.amounts == [.once])
    }

    @Test func `waits for the plug before it is switched on, where something shows it`() {
        var outlet = Outlet.ready { $0.hasPlug = true }
        outlet.tell(.plug(false))
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(!outlet.isOn && outlet.socket.phase == .occupied)
        outlet.tell(.plug(true))
        #expect(outlet.isOn)
        outlet = Outlet.ready { $0.hasPlug = true }
        outlet.tell(.plug(false))
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(121)
        #expect(outlet.ends == [.noLoad] && outlet.amounts == [UsageAmount(0, .wattHours)])
        #expect(outlet.ons == 0)
    }
}

@Suite struct `A board with sessions of its own` {
    private func board() -> Outlet {
        var outlet = Outlet.ready {
            $0.energy = .charge
            $0.isIdempotent = false
            $0.runsOn = true
        }
        (outlet.load, outlet.total) = (200, 0)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(60)
        return outlet
    }

    @Test(arguments: [
        ("full", UseEnd.full), ("time", .timeLimit), ("used_up", .timeLimit), ("money", .quota),
        ("energy", .quota), ("by_hand", .unplugged), ("refund", .stopped),
        ("fault", .deviceFailed), ("board", .deviceFailed), ("overload", .overload),
        ("no_charger", .noLoad), ("too_hot", .overTemperature), ("smoke", .smoke),
    ])
    func `says why it ended, and how much it was`(word: String, end: UseEnd) {
        var outlet = board()
        let took = Outlet.reading(DecimalNumber(160), at: outlet.now)
        outlet.tell(.boardEnded(UseEnd(boardWord: word) ?? .closed, order: nil, took: took))
        outlet.run(2)
        #expect(outlet.ends == [end] && outlet.amounts == [UsageAmount(160, .wattHours)])
        #expect(UseEnd(boardWord: "smart") == nil)
    }

    @Test func `has nothing to say of a session that is not the present one`() throws {
        var outlet = board()
        let order = try #require(outlet.socket.relay.onOrder)
        outlet.tell(.boardEnded(.full, order: order &- 1, took: nil))
        #expect(outlet.isOn && outlet.ends.isEmpty)
        outlet.tell(.boardEnded(.full, order: order, took: nil))
        #expect(!outlet.isOn)
    }

    @Test func `has the reason that was there first, and the board's count`() {
        var outlet = board()
        outlet.tell(.endAsked(.stopped))
        let took = Outlet.reading(DecimalNumber(12), at: outlet.now)
        outlet.tell(.boardEnded(.unplugged, order: nil, took: took))
        outlet.run(2)
        #expect(outlet.ends == [.stopped] && outlet.amounts == [UsageAmount(12, .wattHours)])
    }

    @Test func `goes on over a restart without being touched`() throws {
        var outlet = board()
        outlet.total = 20_0
        outlet.run(1)
        let kept = outlet.socket.kept(at: outlet.now)
        outlet.socket = Socket(outlet.socket.settings)
        outlet.outputs.removeAll()
        outlet.now = outlet.now + .seconds(30)
        outlet.tell(.recalled(kept, away: .seconds(30)))
        outlet.tell(.shown(.on, readAt: outlet.now))
        outlet.total = 30_0
        outlet.run(10)
        #expect(outlet.ons == 0 && outlet.offs == 0 && outlet.steps == [.resumed])
        let took = Outlet.reading(DecimalNumber(31), at: outlet.now)
        outlet.tell(.boardEnded(.full, order: nil, took: took))
        outlet.run(2)
        #expect(outlet.ends == [.full] && outlet.amounts == [UsageAmount(31, .wattHours)])
    }
}

@Suite struct `A socket after a restart` {
    private func restart(
        _ outlet: inout Outlet, away: Interval?, kept: Socket.Kept?? = .none,
        before: [Socket.Input] = []
    ) {
        let last = kept ?? outlet.socket.kept(at: outlet.now)
        outlet.socket = Socket(outlet.socket.settings)
        outlet.outputs.removeAll()
        outlet.isOn = false
        outlet.now = outlet.now + (away ?? .seconds(60))
        for input in before { outlet.tell(input) }
        outlet.tell(.recalled(last, away: away))
    }

    @Test func `goes on when the station was away for ten minutes at most`() {
        var outlet = Outlet.charging(200)
        outlet.total += 5_0
        restart(&outlet, away: .seconds(500))
        #expect(outlet.offs == 1 && !outlet.isOn)
        outlet.run(4)
        #expect(!outlet.isOn, "guards, heat and mains are read first")
        outlet.run(10)
        #expect(outlet.isOn && outlet.steps == [.resumed])
        outlet.tell(.endAsked(.ended))
        outlet.run(3)
        #expect(outlet.ends == [.ended] && outlet.amounts == [UsageAmount(5, .wattHours)])
    }

    @Test(arguments: [Interval?.none, .seconds(601), .seconds(-5)])
    func `is interrupted when it was away for longer, or nobody knows`(away: Interval?) {
        var outlet = Outlet.charging(200)
        outlet.total += 5_0
        restart(&outlet, away: away)
        outlet.run(3)
        #expect(outlet.ends == [.interrupted] && outlet.ons == 0)
        #expect(outlet.amounts == [UsageAmount(5, .wattHours)])
    }

    @Test(arguments: [Socket.Input.guarded(true), .plug(false)])
    func `is interrupted when something stands against it`(input: Socket.Input) {
        var outlet = Outlet.charging(200)
        restart(&outlet, away: .seconds(5), before: [input])
        outlet.run(3)
        #expect(outlet.ends == [.interrupted] && outlet.ons == 0)
    }

    @Test func `is interrupted when another load is there`() {
        var outlet = Outlet.charging(200)
        restart(&outlet, away: .seconds(5))
        outlet.load = 400
        outlet.run(20)
        #expect(outlet.ends == [.interrupted] && !outlet.isOn)
    }

    @Test func `ends for the reason for which it was being ended`() {
        var outlet = Outlet.charging(200)
        outlet.offOutcome = nil
        outlet.tell(.endAsked(.stopped))
        outlet.offOutcome = .confirmed
        restart(&outlet, away: .seconds(5))
        outlet.run(2)
        #expect(outlet.ends == [.stopped])
    }

    @Test func `is only switched off when nothing was kept`() {
        var outlet = Outlet.charging(200)
        restart(&outlet, away: .seconds(5), kept: .some(nil))
        outlet.run(30)
        #expect(outlet.offs == 1 && outlet.ons == 0 && outlet.ends.isEmpty)
        #expect(outlet.socket.refusal == nil)
    }

    @Test func `is as much out of service as before`() {
        var outlet = Outlet.ready()
        let kept = Socket.Kept(isStuck: true, isBurning: true)
        restart(&outlet, away: .seconds(5), kept: .some(kept))
        outlet.run(30)
        #expect(outlet.faults == [.relayStuck, .burning] && outlet.socket.refusal == .faulty)
        outlet.tell(.reset)
        #expect(outlet.socket.refusal == nil)
    }

    @Test func `waits for the mains, and not for ever`() {
        var outlet = Outlet.charging(200)
        restart(&outlet, away: .seconds(100), before: [.mains(false)])
        outlet.run(400)
        #expect(outlet.ends.isEmpty && !outlet.isOn)
        outlet.run(107)
        #expect(outlet.ends == [.interrupted])
    }
}
