// What a crew tells boxes over the socket: names become orders, outcomes become words.

import EventLoop
import StationCore
import Testing

@testable import Control

@Suite struct `A box at the control socket` {
    private static let info: ServiceInfo = {
        var info = Sample.info
        let open = ActionSettings(
            name: "open",
            arguments: [
                ArgumentSettings(name: "lock", lowest: .one, highest: DecimalNumber(12))
            ], steps: [.wait(milliseconds: 300)], isIdempotent: false, safety: .board)
        let air = ActionSettings(
            name: "air",
            steps: [
                .perform(
                    action: "open",
                    arguments: [FrameArgument(name: "lock", value: Expression(plus: .one))]),
                .perform(action: "pause", arguments: []),
            ], isIdempotent: false, safety: .board)
        let pause = ActionSettings(
            name: "pause", steps: [.wait(milliseconds: 40_000)], isIdempotent: true)
        let settings = BusDeviceSettings(
            bus: 0, address: 1, language: .modbus(ModbusSettings()), points: [],
            actions: [open, pause, air],
            guards: [GuardSettings(name: "left_open", when: Condition(all: []))])
        info.station.devices.append(
            ResolvedDevice(
                name: "locker", profile: "lockboard", labelChinese: "", labelEnglish: "",
                driver: .busDevice(settings)))
        return info
    }()

    private func call(_ method: String, _ parameters: String) -> String {
        #"{"method":"io.stationd.\#(method)","parameters":\#(parameters)}"#
    }

    @Test func `is told by the names of the station file, and says how it ended`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(
            slot,
            call(
                "PerformAction",
                #"{"device":"locker","action":"open","arguments":{"lock":"3"}}"#))
        guard case .act(DeviceID(2), 0, let values, let person) = scene.core.asked.first?.query
        else {
            Issue.record("no box was told anything")
            return
        }
        #expect(values == [ArgumentValue("lock", DecimalNumber(3))])
        #expect(person == CrewMember(user: 1_000, name: "zhang"))
        scene.answerCore(.action(.confirmed, order: 41, isWritten: true))
        let reply = scene.take(slot)
        #expect(reply?.contains(#""outcome":"confirmed""#) == true)
        #expect(reply?.contains(#""order":41"#) == true)
    }

    @Test(arguments: [
        (#"{"device":"nobody","action":"open"}"#, "NoSuchDevice"),
        (#"{"device":"locker","action":"burn"}"#, "open lock=1...12"),
        (#"{"device":"locker","action":"open"}"#, "badArgument"),
        (#"{"device":"locker","action":"open","arguments":{"lock":"13"}}"#, "lock=1...12"),
        (#"{"device":"locker","action":"open","arguments":{"lock":"x"}}"#, "badArgument"),
        (
            #"{"device":"locker","action":"open","arguments":{"lock":"1","zzz":"1"}}"#,
            "badArgument"
        ),
    ])
    func `is not asked what makes no sense`(parameters: String, word: String) {
        let scene = Scene(info: Self.info)
        let slot = scene.join()
        scene.send(slot, call("PerformAction", parameters))
        #expect(scene.take(slot)?.contains(word) == true)
        #expect(scene.core.asked.isEmpty)
    }

    @Test func `that takes too long is told as that, and not as the station's silence`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join()
        scene.send(
            slot,
            call(
                "PerformAction",
                #"{"device":"locker","action":"open","arguments":{"lock":"3"}}"#))
        scene.pass(.seconds(14))
        #expect(scene.take(slot) == nil)
        scene.pass(.seconds(30))
        let reply = scene.take(slot)
        #expect(reply?.contains("NoAnswer") == true && reply?.contains("device") == true)
    }

    @Test func `takes as long as the actions within its action`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join()
        scene.send(slot, call("PerformAction", #"{"device":"locker","action":"air"}"#))
        scene.pass(.seconds(55))
        #expect(scene.take(slot) == nil)
        scene.pass(.seconds(10))
        #expect(scene.take(slot)?.contains("NoAnswer") == true)
    }

    @Test func `has a guard reset by who has looked, when that is said`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(
            slot, call("ResetGuard", #"{"device":"locker","guard":"left_open","blind":true}"#))
        guard case .resetGuard(DeviceID(2), 0, isBlind: true, _)? = scene.core.asked.first?.query
        else {
            Issue.record("nobody said that somebody has looked")
            return
        }
    }

    @Test func `has its guards reset by name, and says why not`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(slot, call("ResetGuard", #"{"device":"locker","guard":"nothing"}"#))
        #expect(scene.take(slot)?.contains("left_open") == true)
        scene.send(slot, call("ResetGuard", #"{"device":"locker","guard":"left_open"}"#))
        guard
            case .resetGuard(DeviceID(2), 0, isBlind: false, let person)? =
                scene.core.asked.first?.query
        else {
            Issue.record("no guard was reset")
            return
        }
        #expect(person == CrewMember(user: 1_000, name: "zhang"))
        scene.answerCore(.refused(.guardRefused(ControlReason(.causeHolds))))
        #expect(scene.take(slot)?.contains("causeHolds") == true)
        scene.send(slot, call("ResetGuard", #"{"device":"locker","guard":"left_open"}"#))
        scene.answerCore(.done)
        #expect(scene.take(slot) == #"{"parameters":{}}"#)
    }

    @Test func `is not told anything by who may only read`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Scene.reader)
        scene.send(slot, call("ResetGuard", #"{"device":"locker","guard":"left_open"}"#))
        #expect(scene.take(slot)?.contains("NotAllowed") == true)
    }
}
