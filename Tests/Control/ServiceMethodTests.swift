// Services and hours over the socket: by name, with what there is, and never who.

import EventLoop
import StationCore
import Testing

@testable import Control

@Suite struct `A service` {
    private static let info: ServiceInfo = {
        var info = Sample.info
        let place = ServiceSettings.machine(
            MachineSettings(.place, parts: (1...300).map { PartSettings(name: "\($0)") }))
        let shower = ServiceSettings.machine(
            MachineSettings(.place, parts: [PartSettings(name: "shower")]))
        let lockers = ServiceSettings.lockers(
            LockersSettings(
                boxes: [], leftOpenMilliseconds: 60_000, overtimeMinutes: nil,
                withoutPower: .key))
        info.station.services = [("beds", place), ("shower", shower), ("lockers", lockers)].map {
            ResolvedService(
                name: $0.0, labelChinese: "服务", labelEnglish: "", readers: [0], hours: 0,
                settings: $0.1)
        }
        info.station.hours = ["rooms", "gate"].map {
            ResolvedHours(
                name: $0, labelChinese: "", labelEnglish: "Rooms", hours: .always)
        }
        return info
    }()

    private func call(
        _ method: String, _ parameters: String = "{}", more: Bool = false
    ) -> String {
        #"{"method":"io.stationd.\#(method)","parameters":\#(parameters),"more":\#(more)}"#
    }

    /// What the core is asked when a crew member calls.
    private func ask(_ method: String, _ parameters: String) -> CoreQuery? {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(slot, call(method, parameters))
        return scene.core.asked.first?.query
    }

    private func refusal(of method: String, _ parameters: String) -> String {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        scene.send(slot, call(method, parameters))
        return scene.core.asked.isEmpty ? scene.take(slot) ?? "" : "asked"
    }

    @Test func `is told by its name and its part, the only one without`() {
        guard
            case .service(ServiceID(0), .tell(.reset, unit: 6), let person)? = ask(
                "TellService", #"{"service":"beds","place":"7","word":"reset"}"#)
        else {
            Issue.record("nobody was told")
            return
        }
        #expect(person.user == 1_000 && "\(person.name)" == "zhang")
        guard
            case .service(ServiceID(1), .tell(.filterChanged, unit: 0), _)? = ask(
                "TellService", #"{"service":"shower","word":"filter-changed"}"#)
        else {
            Issue.record("nobody was told")
            return
        }
    }

    @Test func `is paused for a reason, with an end or without, and resumed`() {
        guard
            case .service(ServiceID(1), .pause(let pause), _)? = ask(
                "PauseService", #"{"service":"shower","reason":"cleaning","until":1790000000000}"#)
        else {
            Issue.record("nothing was paused")
            return
        }
        let until = WallTime(milliseconds: 1_790_000_000_000)
        #expect(pause == ServicePause(.cleaning, until: until))
        // A locker is paused as any other service.
        guard
            case .service(ServiceID(2), .pause(ServicePause(.weather)), _)? = ask(
                "PauseService", #"{"service":"lockers","reason":"weather"}"#),
            case .service(ServiceID(2), .resume, _)? = ask(
                "ResumeService", #"{"service":"lockers"}"#)
        else {
            Issue.record("nothing was paused or resumed")
            return
        }
    }

    @Test func `that is none, or is told nonsense, is said with what there is`() {
        let other = refusal(of: "TellService", #"{"service":"bed","place":"7","word":"stop"}"#)
        #expect(other.contains("NoSuchService") && other.contains("shower"))
        // Boxes have words of their own.
        let box = refusal(of: "TellService", #"{"service":"lockers","place":"1","word":"stop"}"#)
        #expect(box.contains("NoSuchService") && !box.contains(#""lockers"]"#))
        let place = refusal(of: "TellService", #"{"service":"shower","place":"2","word":"stop"}"#)
        #expect(place.contains("NoSuchPlace") && place.contains(#"["shower"]"#))
        let which = refusal(of: "TellService", #"{"service":"beds","word":"stop"}"#)
        #expect(which.contains("NoSuchPlace"))
        let word = refusal(of: "TellService", #"{"service":"shower","word":"melt"}"#)
        #expect(word.contains("InvalidParameter"))
        let reason = refusal(of: "PauseService", #"{"service":"shower","reason":"lunch"}"#)
        #expect(reason.contains("InvalidParameter") && reason.contains("reason"))
    }

    @Test func `is told by nobody who may only read`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Scene.reader)
        let calls = [
            ("TellService", #"{"service":"shower","word":"stop"}"#),
            ("PauseService", #"{"service":"shower","reason":"other"}"#),
            ("ResumeService", #"{"service":"shower"}"#), ("ChangeHours", #"{"word":"planned"}"#),
        ]
        for (method, parameters) in calls {
            scene.send(slot, call(method, parameters))
            #expect(scene.take(slot)?.contains("NotAllowed") == true, "\(method)")
        }
        #expect(scene.core.asked.isEmpty)
    }

    private static let snapshot: ServicesSnapshot = {
        let beds = (1...300).map {
            PartState(
                condition: $0 == 1 ? .outOfOrder(.byPerson) : .working, isInUse: $0 == 2,
                faults: $0 == 2 ? [.overstay] : [])
        }
        let until = WallTime(milliseconds: 1_790_000_000_000)
        return ServicesSnapshot(
            services: [
                .init(availability: .degraded(.byPerson), parts: beds),
                .init(
                    availability: .closed(until: until), pause: ServicePause(.repair, until: until),
                    parts: [PartState(condition: .working, isInUse: false)]),
                .init(availability: .outOfOrder(.deviceMissing), parts: []),
            ],
            hours: [
                .init(
                    answer: HoursAnswer(isOpen: true, cause: .severeWeather, until: until),
                    days: [(CivilDate(dayNumber: 20_778), .allDay)]),
                .init(answer: HoursAnswer(isOpen: false, cause: .written(.holiday), until: nil)),
            ])
    }()

    @Test func `is shown with its parts, in pieces, and never who uses them`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Scene.reader)
        scene.send(slot, call("ListServices", more: true))
        scene.answerCore(.services(Self.snapshot))
        let replies = scene.takeAll(slot)
        let text = replies.joined()
        #expect(text.ranges(of: #""name":"beds""#).count == 3)
        #expect(text.contains(#""availability":"degraded""#))
        #expect(text.contains(#""free":298"#) && text.contains(#""all":300"#))
        #expect(text.contains(#""faults":["overstay"]"#))
        #expect(text.contains(#""reason":"repair""#) && text.contains(#""paused":true"#))
        #expect(text.contains(#""until":1790000000000"#))
        #expect(!text.contains("holder") && !text.contains("key"))
        for reply in replies { #expect(reply.utf8.count < ControlLimits.message) }
    }

    @Test func `keeps hours, which are shown with what decides them`() {
        let scene = Scene(info: Self.info)
        let slot = scene.join(Scene.reader)
        scene.send(slot, call("ListHours"))
        scene.answerCore(.services(Self.snapshot))
        let reply = scene.take(slot) ?? ""
        #expect(reply.contains(#""cause":"severeWeather""#))
        #expect(reply.contains(#""cause":"holiday""#))
        #expect(reply.contains(#"{"date":"2026-11-21","open":"00:00-24:00"}"#))
    }

    @Test func `keeps hours that a person changes, of one set or of all`() {
        func places(_ parameters: String) -> ([Int], HoursWord)? {
            guard case .changeHours(let places, let word, _)? = ask("ChangeHours", parameters)
            else { return nil }
            return (places, word)
        }
        let until = WallTime(milliseconds: 1_790_000_000_000)
        var found = places(#"{"hours":"gate","word":"open","until":1790000000000}"#)
        #expect(found?.0 == [1] && found?.1 == .open(until: until))
        found = places(#"{"word":"severeWeather","until":1790000000000}"#)
        #expect(found?.0 == [0, 1] && found?.1 == .severeWeather(until: until))
        found = places(#"{"word":"today","open":"8:00-12:00, 14:00-18:00"}"#)
        let stretches = DayHours(
            [DaySpan("8:00-12:00"), DaySpan("14:00-18:00")].compactMap(\.self))
        #expect(found?.1 == .today(stretches))
        #expect(places(#"{"word":"closed"}"#)?.1 == .closed)
        #expect(places(#"{"word":"planned"}"#)?.1 == .planned)
    }

    @Test func `keeps hours that nonsense does not change`() {
        let other = refusal(of: "ChangeHours", #"{"hours":"door","word":"closed"}"#)
        #expect(other.contains("NoSuchHours") && other.contains("gate"))
        for parameters in [
            #"{"word":"open"}"#, #"{"word":"severeWeather"}"#, #"{"word":"today"}"#,
            #"{"word":"today","open":"8-12"}"#, #"{"word":"holiday"}"#,
        ] {
            #expect(refusal(of: "ChangeHours", parameters).contains("InvalidParameter"))
        }
    }

    @Test func `is a metric: whether it can be had, and how much of it is free`() {
        let records = MetricCatalog.records(
            Measurements(
                station: Sample.snapshot, devices: Sample.devices, services: Self.snapshot),
            journal: nil, control: ControlCounters(), Self.info)
        func values(_ metric: Metric) -> [String: Double] {
            let samples = records.first { $0.name == metric.name }?.samples ?? []
            return Dictionary(
                uniqueKeysWithValues: samples.map { ($0.labels["service"] ?? "", $0.value) })
        }
        #expect(
            values(MetricCatalog.serviceAvailable) == ["beds": 1, "shower": 0, "lockers": 0])
        #expect(
            values(MetricCatalog.serviceFreeParts) == ["beds": 298, "shower": 1, "lockers": 0])
    }
}
