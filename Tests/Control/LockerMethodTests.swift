// Boxes of lockers over the socket: by the names that people paint on them.

import EventLoop
import StationCore
import Testing

@testable import Control

@Suite struct `A box of a locker` {
    private static let info: ServiceInfo = {
        var info = Sample.info
        let order = DeviceOrder(device: 0, action: "open")
        info.station.services = [
            ResolvedService(
                name: "lockers", labelChinese: "柜", labelEnglish: "Lockers", readers: [0],
                hours: nil,
                settings: .lockers(
                    LockersSettings(
                        boxes: ["7", "A8"].map { name in
                            BoxSettings(
                                name: name, open: order,
                                closed: Comparison(
                                    point: "door", relation: .equal,
                                    value: Expression(plus: .zero), device: 0))
                        }, leftOpenMilliseconds: 60_000, overtimeMinutes: nil,
                        withoutPower: .key)))
        ]
        return info
    }()

    private func call(_ method: String, _ parameters: String = "{}") -> String {
        #"{"method":"io.stationd.\#(method)","parameters":\#(parameters)}"#
    }

    @Test func `is told by its service and its name`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(slot, call("TellBox", #"{"service":"lockers","box":"A8","order":"clear"}"#))
        guard
            case .tellBox(ServiceID(0), 1, .clear, let person)? = scene.core.asked.first?.query
        else {
            Issue.record("no box was told")
            return
        }
        #expect(person.user == 1_000)
        scene.answerCore(.done)
        #expect(scene.take(slot) == #"{"parameters":{}}"#)
    }

    @Test func `that is none, or is told nonsense, is said with what there is`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(slot, call("TellBox", #"{"service":"boxes","box":"7","order":"open"}"#))
        #expect(scene.take(slot)?.contains("lockers") == true)
        scene.send(slot, call("TellBox", #"{"service":"lockers","box":"9","order":"open"}"#))
        let reply = scene.take(slot)
        #expect(reply?.contains("NoSuchBox") == true && reply?.contains("A8") == true)
        scene.send(slot, call("TellBox", #"{"service":"lockers","box":"7","order":"melt"}"#))
        #expect(scene.take(slot)?.contains("InvalidParameter") == true)
        #expect(scene.core.asked.isEmpty)
    }

    @Test func `shows how it stands, and never whose it is`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join()
        scene.send(slot, call("ListBoxes"))
        let held = BoxState(
            isHeld: true, since: Instant(nanoseconds: 0), isKnown: true, isBlocked: false,
            isFree: false, isClosed: true, troubles: [.overtime])
        let unknown = BoxState(
            isHeld: false, since: nil, isKnown: false, isBlocked: false, isFree: false,
            isClosed: nil, troubles: [])
        scene.answerCore(.boxes(BoxesSnapshot(calendar: .unknown, services: [[held, unknown]])))
        let reply = scene.take(slot) ?? ""
        #expect(reply.contains(#""name":"7""#) && reply.contains(#""troubles":["overtime"]"#))
        #expect(reply.contains(#""door":"unknown""#) && reply.contains(#""known":false"#))
        // Nobody knows what time it is: no moment is said.
        #expect(!reply.contains("since") && !reply.contains("holder"))
    }
}
