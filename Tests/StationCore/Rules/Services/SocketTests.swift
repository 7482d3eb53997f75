// A socket: how sessions begin, what ends them, and what they took.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A socket` {
    @Test func `charges from the request to the holder's end, and says what the meter counted`() {
        var outlet = Outlet.ready()
        #expect(outlet.socket.phase == .idle && outlet.socket.refusal == nil)
        outlet.load = 180
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.outputs.first == .began(Outlet.rider) && outlet.isOn)
        #expect(outlet.socket.phase == .occupied)
        outlet.run(2)
        #expect(outlet.socket.phase == .charging && outlet.steps == [.charging])
        outlet.run(600)
        outlet.total += 42_0
        outlet.tell(.endAsked(.ended))
        #expect(!outlet.isOn && outlet.ends.isEmpty, "the meter has the last word")
        outlet.run(2)
        #expect(outlet.ends == [.ended] && outlet.amounts == [UsageAmount(42, .wattHours)])
        #expect(outlet.socket.phase == .ended && outlet.socket.refusal == nil)
        #expect(
            outlet.outputs.last
                == .ended(
                    Outlet.rider, .ended, UsageAmount(42, .wattHours), lasted: .seconds(602)))
    }

    @Test func `is told how long and how much when it is switched on`() {
        var outlet = Outlet.ready()
        outlet.tell(
            .asked(
                Socket.Request(Outlet.rider, quota: .wattHours(500), time: .seconds(3_600))))
        #expect(
            outlet.outputs.last
                == .switchOn(order: 2, time: .seconds(3_600), energy: .wattHours(500)))
    }

    // MARK: Ends

    @Test func `is full when the power has stayed below the float power for its time`() {
        var outlet = Outlet.charging(200)
        outlet.load = 14
        outlet.run(599)
        #expect(outlet.isOn)
        // One look above the threshold and it begins anew.
        outlet.load = 15
        outlet.run(1)
        outlet.load = 14
        outlet.run(600)
        #expect(outlet.isOn)
        outlet.run(3)
        #expect(outlet.ends == [.full] && outlet.socket.phase == .full && !outlet.isOn)
    }

    @Test func `ends at its time limit, whatever was asked for`() {
        var outlet = Outlet.charging()
        outlet.run(8 * 3_600 - 62)
        #expect(outlet.isOn)
        outlet.run(5)
        #expect(outlet.ends == [.timeLimit])

        outlet = Outlet.ready()
        outlet.load = 100
        outlet.tell(.asked(Socket.Request(Outlet.rider, time: .seconds(60))))
        outlet.run(65)
        #expect(outlet.ends == [.timeLimit])
    }

    @Test func `ends with the meter's value that uses up the quota`() {
        var outlet = Outlet.charging(200, quota: .wattHours(50))
        outlet.total += 49_9
        outlet.run(1)
        // Power and time tell it between two values of a coarse meter.
        #expect(outlet.isOn)
        outlet.total += 1
        outlet.run(3)
        #expect(outlet.ends == [.quota] && outlet.amounts == [UsageAmount(50, .wattHours)])
    }

    @Test func `ends when nothing draws power within two minutes`() {
        var outlet = Outlet.ready()
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(119)
        #expect(outlet.isOn)
        outlet.run(4)
        #expect(outlet.ends == [.noLoad] && outlet.amounts == [UsageAmount(0, .wattHours)])
    }

    @Test func `was unplugged when the power falls from a charger's to nothing`() {
        var outlet = Outlet.charging(200)
        outlet.load = 0
        outlet.run(119)
        #expect(outlet.isOn)
        outlet.run(5)
        #expect(outlet.ends == [.unplugged])
    }

    @Test func `was full when the power falls from a float charge's to nothing`() {
        var outlet = Outlet.charging(200)
        outlet.load = 9
        outlet.run(100)
        outlet.load = 0
        outlet.run(125)
        #expect(outlet.ends == [.full])
    }

    @Test func `was unplugged at once where something shows the plug`() {
        var outlet = Outlet.ready { $0.hasPlug = true }
        outlet.tell(.plug(true))
        outlet.load = 200
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(10)
        outlet.tell(.plug(false))
        #expect(!outlet.isOn)
        outlet.run(2)
        #expect(outlet.ends == [.unplugged] && outlet.socket.phase == .idle)
    }

    @Test func `is cut when it is over its power for two seconds, not for one`() {
        var outlet = Outlet.charging()
        outlet.load = 1_001
        outlet.run(1)
        outlet.load = 1_000
        outlet.run(5)
        #expect(outlet.isOn)
        outlet.load = 1_001
        outlet.run(3)
        #expect(!outlet.isOn)
        outlet.run(2)
        #expect(outlet.ends == [.overload])
    }

    @Test func `is cut for an overload although the meter falls silent on the way`() {
        var outlet = Outlet.charging()
        outlet.load = 1_500
        outlet.run(1)
        outlet.load = nil
        outlet.run(3)
        #expect(!outlet.isOn && outlet.steps.last == .cut(.overload))
    }

    @Test func `tells of 50 degrees, is cut at 55, and free again below 49`() {
        var outlet = Outlet.charging()
        outlet.temperature = 49
        outlet.run(60)
        outlet.temperature = 50
        outlet.run(60)
        #expect(outlet.faults == [.warm] && outlet.isOn)
        outlet.temperature = 54
        outlet.run(60)
        #expect(outlet.isOn)
        outlet.temperature = 55
        outlet.run(3)
        #expect(outlet.ends == [.overTemperature] && outlet.faults == [.warm])
        #expect(outlet.socket.refusal == .warm)
        outlet.temperature = 48
        outlet.run(1)
        #expect(outlet.socket.refusal == nil && outlet.outputs.last == .cleared(.warm))
    }

    @Test func `stays out of service after 60 degrees until a person has looked`() {
        var outlet = Outlet.charging()
        outlet.temperature = 60
        outlet.run(3)
        #expect(outlet.ends == [.overTemperature] && outlet.socket.stands(.burning))
        #expect(outlet.socket.phase == .fault && outlet.socket.refusal == .faulty)
        outlet.tell(.reset)
        #expect(outlet.steps.last == .notReset, "it is hot yet")
        outlet.temperature = 30
        outlet.run(60)
        #expect(outlet.socket.refusal == .faulty)
        outlet.tell(.reset)
        #expect(outlet.steps.last == .reset && outlet.socket.refusal == nil)
    }

    @Test func `is switched off again when it burns without a session`() {
        var outlet = Outlet.ready()
        outlet.temperature = 61
        outlet.run(1)
        #expect(outlet.offs == 1 && outlet.faults.contains(.burning))
    }

    @Test func `is cut when it grows five degrees warmer within a minute, and not in two`() {
        var slow = Outlet.charging()
        for degrees in 20...40 {
            slow.temperature = Int64(degrees)
            slow.run(20)
        }
        #expect(slow.isOn)
        var fast = Outlet.charging()
        for degrees in 20...25 {
            fast.temperature = Int64(degrees)
            fast.run(10)
        }
        #expect(fast.steps.last == .cut(.overTemperature) && fast.socket.stands(.burning))
    }

    @Test func `takes one wrong look at its heat for what it is`() {
        var outlet = Outlet.charging()
        outlet.temperature = 20
        outlet.run(30)
        outlet.temperature = 28
        outlet.run(1)
        outlet.temperature = 20
        outlet.run(30)
        #expect(outlet.isOn && outlet.faults.isEmpty)
    }

    @Test func `ends with smoke, and takes nobody until it is over`() {
        var outlet = Outlet.charging()
        outlet.tell(.smoke(true))
        #expect(!outlet.isOn)
        outlet.run(2)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.ends == [.smoke] && outlet.refusals == [.smoke])
        outlet.tell(.smoke(false))
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.isOn)
    }

    @Test func `ends when its meter says nothing for half a minute`() {
        var outlet = Outlet.charging()
        outlet.load = nil
        outlet.run(29)
        #expect(outlet.isOn)
        outlet.run(2)
        #expect(!outlet.isOn)
        outlet.run(8)
        #expect(outlet.ends == [.meterSilent])
        #expect(outlet.amounts.first?.isEstimated == true)
    }

    @Test func `ends when its meter never speaks at all`() {
        var outlet = Outlet()
        outlet.load = nil
        outlet.tell(.recalled(nil, away: nil))
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(40)
        #expect(outlet.ends == [.meterSilent])
    }

    @Test func `ends when a guard stands`() {
        var outlet = Outlet.charging()
        outlet.tell(.guarded(true))
        outlet.run(2)
        #expect(outlet.ends == [.guarded] && outlet.socket.refusal == .guarded)
        outlet.tell(.guarded(false))
        #expect(outlet.socket.refusal == nil)
    }

    @Test(arguments: [UseEnd.ended, .stopped])
    func `ends when somebody ends it`(end: UseEnd) {
        var outlet = Outlet.charging()
        outlet.tell(.endAsked(end))
        outlet.run(2)
        #expect(outlet.ends == [end])
    }

    @Test func `ends when its service closes, and opens with it`() {
        var outlet = Outlet.charging()
        outlet.tell(.open(false))
        outlet.run(2)
        #expect(outlet.ends == [.closed] && outlet.socket.refusal == .closed)
        outlet.tell(.open(true))
        #expect(outlet.socket.refusal == nil)
    }

    // MARK: The mains

    @Test func `goes on with the same load when the mains return within ten minutes`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.mains(false))
        #expect(!outlet.isOn && outlet.steps.last == .suspended)
        outlet.load = nil
        outlet.run(590)
        outlet.load = 210
        outlet.tell(.mains(true))
        #expect(outlet.isOn)
        outlet.run(5)
        #expect(outlet.steps.last == .resumed && outlet.socket.phase == .charging)
        outlet.total += 30_0
        outlet.tell(.endAsked(.ended))
        outlet.run(2)
        #expect(outlet.amounts == [UsageAmount(30, .wattHours)])
    }

    @Test func `ends when the mains stay away for longer`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.mains(false))
        outlet.load = nil
        outlet.run(607)
        #expect(outlet.ends == [.mainsLost] && outlet.socket.refusal == .noMains)
        outlet.tell(.mains(true))
        #expect(!outlet.isOn)
    }

    @Test func `ends when something else is plugged in after the mains were away`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.mains(false))
        outlet.run(60)
        outlet.load = 320
        outlet.tell(.mains(true))
        outlet.run(5)
        #expect(outlet.ends == [.mainsLost] && !outlet.isOn)
    }

    @Test func `ends when nothing is plugged in after the mains were away`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.mains(false))
        outlet.load = 0
        outlet.tell(.mains(true))
        outlet.run(125)
        #expect(outlet.ends == [.mainsLost])
    }

    @Test func `ends when a guard stands while the mains are away`() {
        var outlet = Outlet.charging(200)
        outlet.tell(.mains(false))
        outlet.tell(.guarded(true))
        outlet.run(10)
        #expect(outlet.ends == [.mainsLost])
    }

    // MARK: Orders

    @Test func `ends when it could not be switched on, with nothing taken`() {
        var outlet = Outlet.ready()
        outlet.onOutcome = .failed
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.ons == 1 && outlet.offs == 1)
        outlet.run(2)
        #expect(outlet.ends == [.deviceFailed] && outlet.amounts.first?.value == 0)
    }

    @Test func `is not told twice to start what must not be started twice`() {
        var outlet = Outlet.ready { $0.isIdempotent = false }
        outlet.onOutcome = .unknown
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.run(3)
        #expect(outlet.ons == 1 && outlet.offs == 0)
        outlet.run(10)
        #expect(outlet.ons == 1 && outlet.ends == [.deviceFailed])
    }

    @Test func `believes its meter when the answer to the start was lost`() {
        var outlet = Outlet.ready { $0.isIdempotent = false }
        outlet.onOutcome = .unknown
        outlet.load = 150
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.isOn = true
        outlet.run(20)
        #expect(outlet.socket.phase == .charging && outlet.ons == 1 && outlet.ends.isEmpty)
    }

    @Test func `is told three times to start what may be started twice`() {
        var outlet = Outlet.ready()
        outlet.onOutcome = .unknown
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.ons == 3)
        outlet.run(10)
        #expect(outlet.ons == 3 && outlet.ends == [.deviceFailed])
    }

    @Test func `is told to be off again and again until that is certain`() {
        var outlet = Outlet.charging(200)
        outlet.offOutcome = .unknown
        let before = outlet.offs
        outlet.tell(.endAsked(.ended))
        #expect(outlet.offs == before + 1 && outlet.isOn)
        outlet.run(29)
        #expect(outlet.offs == before + 4 && outlet.ends.isEmpty, "after 0, 2, 6 and 14 s")
        outlet.run(2)
        #expect(outlet.ends == [.ended] && outlet.amounts.first?.isEstimated == true)
        #expect(outlet.faults == [.notOff] && outlet.socket.phase == .fault)
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        #expect(outlet.refusals == [.notReady])
        outlet.offOutcome = .confirmed
        outlet.run(60)
        #expect(!outlet.isOn && outlet.outputs.contains(.cleared(.notOff)))
        #expect(outlet.socket.refusal == nil)
    }

    @Test func `is not taken for off while an order to switch on is underway`() throws {
        var outlet = Outlet.ready()
        outlet.onOutcome = nil
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        guard case .switchOn(let order, _, _) = try #require(outlet.outputs.last) else {
            Issue.record("it was not switched on")
            return
        }
        outlet.tell(.endAsked(.ended))
        #expect(outlet.offs == 1)
        // The bus carries it out after "off", which went before it.
        outlet.isOn = true
        outlet.tell(.orderEnded(order, .confirmed))
        #expect(outlet.offs == 2 && !outlet.isOn)
        outlet.run(2)
        #expect(outlet.ends == [.ended] && outlet.socket.refusal == nil)
    }

    @Test func `is told again a moment later by a device that has too much to do`() {
        var outlet = Outlet.ready()
        outlet.onOutcome = nil
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.tell(.orderRefused(2, isBusy: true))
        #expect(outlet.ons == 1)
        outlet.onOutcome = .confirmed
        outlet.run(1)
        #expect(outlet.ons == 2 && outlet.isOn)
        outlet = Outlet.ready()
        outlet.onOutcome = nil
        outlet.tell(.asked(Socket.Request(Outlet.rider)))
        outlet.tell(.orderRefused(2, isBusy: false))
        outlet.run(3)
        #expect(outlet.ends == [.deviceFailed])
    }

    @Test func `believes a device that only promises once its meter shows it`() {
        var outlet = Outlet.charging(200)
        outlet.offOutcome = .accepted
        outlet.tell(.endAsked(.ended))
        #expect(outlet.ends.isEmpty)
        outlet.run(6)
        #expect(outlet.ends == [.ended] && outlet.socket.refusal == nil)
    }
}
