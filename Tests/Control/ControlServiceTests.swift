// Calls, answers, roles, deadlines: the service without a socket.

import EventLoop
import StationCore
import Testing

@testable import Control

@Suite struct `The control service` {
    private func call(_ method: String, _ parameters: String = "{}", more: Bool = false) -> String {
        #"{"method":"\#(method)","parameters":\#(parameters),"more":\#(more)}"#
    }

    private func failure(_ error: ControlError) -> String {
        String(decoding: ControlCoder.failure(error).dropLast(), as: UTF8.self)
    }

    @Test func `says what it is`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, #"{"method":"org.varlink.service.GetInfo"}"#)
        let reply = try #require(scene.take(slot))
        #expect(reply.contains(#""interfaces":["org.varlink.service","io.stationd"]"#))
        scene.send(
            slot,
            call("org.varlink.service.GetInterfaceDescription", #"{"interface":"io.stationd"}"#))
        #expect(try #require(scene.take(slot)).contains("method GetStation() -> "))
        scene.send(
            slot, call("org.varlink.service.GetInterfaceDescription", #"{"interface":"a.b"}"#))
        #expect(scene.take(slot) == failure(.interfaceNotFound("a.b")))
    }

    @Test func `joins the journal's state and the core's`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.GetStation"))
        #expect(scene.core.asked.isEmpty)
        scene.answerJournal(.status(Sample.status))
        #expect(scene.take(slot) == nil)
        scene.answerCore(.station(Sample.snapshot))
        let reply = try #require(scene.take(slot))
        #expect(reply.contains(#""lastSequence":9"#))
        #expect(reply.contains(#""mode":"accessed""#))
    }

    @Test func `tells the station's state although the journal is silent`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.GetStation"))
        scene.pass(.milliseconds(999))
        #expect(scene.core.asked.isEmpty)
        scene.pass(.milliseconds(1))
        scene.answerCore(.station(Sample.snapshot))
        #expect(try #require(scene.take(slot)).contains(#""state":"silent""#))
        // Its late answer concerns nobody.
        scene.answerJournal(.status(Sample.status))
        #expect(scene.take(slot) == nil)
    }

    @Test func `tells the station's state although the journal's desk is full`() throws {
        let scene = Scene()
        scene.journal.isFull = true
        let slot = scene.join()
        scene.send(slot, call("io.stationd.GetStation"))
        scene.answerCore(.station(Sample.snapshot))
        #expect(try #require(scene.take(slot)).contains(#""state":"silent""#))
    }

    @Test func `says which part did not answer, and takes the next call`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.ListDevices"))
        scene.pass(ControlLimits.answer)
        #expect(scene.take(slot) == failure(.noAnswer(what: "core")))
        scene.send(slot, call("io.stationd.Nonsense"))
        #expect(scene.take(slot) == failure(.methodNotFound("io.stationd.Nonsense")))
        scene.send(slot, call("a.b.C"))
        #expect(scene.take(slot) == failure(.interfaceNotFound("a.b")))
    }

    @Test func `lets nobody do what is not theirs`() {
        let scene = Scene()
        let reader = scene.join(Scene.reader)
        scene.send(reader, call("io.stationd.CreateKey"))
        #expect(
            scene.take(reader)
                == failure(.notAllowed(method: "io.stationd.CreateKey", needs: "owner")))
        #expect(scene.core.asked.isEmpty)
        let stranger = scene.join(Peer(user: 1_001, groups: [100]))
        scene.send(stranger, call("io.stationd.GetStation"))
        #expect(
            scene.take(stranger)
                == failure(.notAllowed(method: "io.stationd.GetStation", needs: "reader")))
    }

    @Test(arguments: [
        (#"{"dryy":true}"#, "dryy"), (#"{"dry":"yes"}"#, "dry"), (#"{"partial":[]}"#, "partial"),
    ])
    func `does not import when a parameter is misspelt or of another type`(
        parameters: String, name: String
    ) {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.ImportRoster", parameters))
        #expect(scene.take(slot) == failure(.invalidParameter(name)))
        #expect(scene.core.asked.isEmpty)
    }

    @Test func `names the parameter that is missing or beyond its range`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.Tap", #"{"reader":"gate-reader"}"#))
        #expect(scene.take(slot) == failure(.invalidParameter("bits")))
        for (parameters, name) in [
            (#"{"limit":0}"#, "limit"), (#"{"wait":-1}"#, "wait"), (#"{"after":"x"}"#, "after"),
            (#"{"limit":1e99}"#, "parameters"),
        ] {
            scene.send(slot, call("io.stationd.ReadEntries", parameters))
            #expect(scene.take(slot) == failure(.invalidParameter(name)))
        }
    }

    @Test func `hands a signed roster over, and says what is in force then`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.ApplyRoster"))
        #expect(try #require(scene.take(slot)).contains("NoDescriptor"))
        scene.send(slot, call("io.stationd.ApplyRoster"), passed: try TestFile.regular("x"))
        guard case .applyRoster(let file) = scene.core.asked.first?.query else {
            Issue.record("the roster was not handed over")
            return
        }
        #expect(try file.contents() == Array("x".utf8))
        scene.answerCore(.applied(try #require(Sample.snapshot.roster)))
        let reply = try #require(scene.take(slot))
        #expect(reply.contains(#""issuer":"21fe31dfa154a261""#))
    }

    @Test func `shows a roster that is not there as version 0 without keys`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.GetRoster"))
        scene.answerCore(.roster(nil, enrolled: 0, keys: [], next: nil))
        let reply = try #require(scene.take(slot))
        #expect(reply.contains(#""keys":[]"#))
        #expect(reply.contains(#""version":0"#))
    }

    @Test func `imports from a descriptor only, and from a regular file only`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("io.stationd.ImportRoster"))
        #expect(try #require(scene.take(slot)).contains("NoDescriptor"))
        scene.send(slot, call("io.stationd.ImportRoster"), passed: try TestFile.pipe())
        #expect(try #require(scene.take(slot)).contains(#""reason":"notRegular""#))
        scene.send(
            slot, call("io.stationd.ImportRoster", #"{"dry":true}"#),
            passed: try TestFile.regular("key,holder\n"))
        guard case .importRoster(let file, false, true) = scene.core.asked.first?.query else {
            Issue.record("no import was asked for")
            return
        }
        #expect(try file.contents() == Array("key,holder\n".utf8))
    }

    @Test func `lists refused rows first and counts what does not fit`() throws {
        let scene = Scene()
        let slot = scene.join()
        let refused = VerdictRecord(line: 1_500, key: "key-1500", accepted: false)
        let accepted = (1...2_000).filter { $0 != 1_500 }
            .map { (line: $0, key: ShortText("key-\($0)") ?? .empty) }
        let verdicts = Verdicts(refused: [refused], accepted: accepted)
        let outcome = ImportOutcome(applied: false, verdicts: verdicts, roster: nil)
        scene.send(
            slot, call("io.stationd.ImportRoster"), passed: try TestFile.regular("x"))
        scene.answerCore(.imported(outcome))
        let short = try #require(scene.take(slot))
        #expect(short.contains(#""verdicts":[{"accepted":false,"key":"key-1500""#))
        #expect(short.contains(#""unlisted":1744"#))
        scene.send(
            slot, call("io.stationd.ImportRoster", more: true),
            passed: try TestFile.regular("x"))
        scene.answerCore(.imported(outcome))
        let pieces = scene.takeAll(slot)
        #expect(pieces.count == 8)
        #expect(pieces.allSatisfy { $0.contains(#""unlisted":0"#) && $0.utf8.count <= 65_536 })
        #expect(pieces.dropLast().allSatisfy { $0.contains(#""continues":true"#) })
        #expect(pieces.last?.contains("continues") == false)
    }

    @Test func `sends long lists in pieces, or asks for more`() throws {
        let scene = Scene()
        let samples = (0..<3_000).map { SampleRecord(Double($0), labels: ["n": "\($0)"]) }
        let measured = Measurements(
            station: Sample.snapshot, devices: Sample.devices,
            more: [MetricRecord(MetricCatalog.deviceCounter, samples)])
        let slot = scene.join()
        for more in [false, true] {
            scene.send(slot, call("io.stationd.GetMetrics", more: more))
            scene.answerJournal(.status(Sample.status))
            scene.answerCore(.measurements(measured))
            let pieces = scene.takeAll(slot)
            if more {
                #expect(pieces.count > 1)
                #expect(pieces.allSatisfy { $0.utf8.count <= 65_536 })
                #expect(pieces.joined().ranges(of: #""value":2999"#).count == 1)
            } else {
                #expect(pieces == [failure(.expectedMore)])
            }
        }
    }

    @Test func `refuses a card that is no card, and every card on a real station`() {
        let scene = Scene()
        let slot = scene.join()
        for (bits, reason) in [
            ("", ControlReason(.bitCount, 0)), ("01x", ControlReason(.notBits)),
            ("+1", ControlReason(.notBits)), ("-1", ControlReason(.notBits)),
            (String(repeating: "1", count: 129), ControlReason(.bitCount, 129)),
        ] {
            scene.send(
                slot, call("io.stationd.Tap", #"{"reader":"gate-reader","bits":"\#(bits)"}"#))
            #expect(scene.take(slot) == failure(.badBits(reason)), "\(bits)")
        }
        scene.send(slot, call("io.stationd.Tap", #"{"reader":"gate","bits":"1"}"#))
        #expect(
            scene.take(slot) == failure(.noSuchReader(reader: "gate", readers: ["gate-reader"])))
        scene.send(slot, call("io.stationd.Tap", #"{"reader":"gate-reader","bits":"0101"}"#))
        guard case .tap(DeviceID(0), let credential) = scene.core.asked.first?.query else {
            Issue.record("no tap was asked for")
            return
        }
        #expect(credential == Credential(technology: .wiegand, bitCount: 4, bits: 5))
        var info = Sample.info
        info.simulated = false
        let real = Scene(info: info)
        let crew = real.join()
        real.send(crew, call("io.stationd.Tap", #"{"reader":"gate-reader","bits":"0101"}"#))
        #expect(real.take(crew) == failure(.notSimulated))
    }

    @Test func `asks for a door's command by its names, and says how the door stands`() {
        let scene = Scene()
        let slot = scene.join()
        let order = { (door: String, command: String) in
            call("io.stationd.CommandDoor", #"{"door":"\#(door)","command":"\#(command)"}"#)
        }
        let doors = Sample.resolved.doors.map(\.name)
        scene.send(slot, order("nowhere", "lock"))
        #expect(scene.take(slot) == failure(.noSuchDoor(door: "nowhere", doors: doors)))
        scene.send(slot, order(doors[0], "open"))
        #expect(scene.take(slot) == failure(.invalidParameter("command")))
        #expect(scene.core.asked.isEmpty)
        scene.send(slot, order(doors[0], "unlock"))
        guard case .door(DoorID(0), .unlock, let person) = scene.core.asked.first?.query else {
            Issue.record("no door was told anything")
            return
        }
        #expect(person == CrewMember(user: 990))
        scene.answerCore(.door(.unlocked, isWritten: true))
        let reply = scene.take(slot)
        #expect(reply?.contains(#""mode":"unlocked""#) == true)
        #expect(reply?.contains(#""written":true"#) == true)
    }

    @Test func `names who gave an order, and waits as long as a strict station may`() {
        var info = Sample.info
        info.station.journal = JournalSettings(commitWait: .strict, lapseMilliseconds: 20_000)
        let scene = Scene(info: info)
        let slot = scene.join(Peer(user: 1_000, groups: [27], name: "zhang"))
        let door = Sample.resolved.doors[0].name
        scene.send(
            slot, call("io.stationd.CommandDoor", #"{"door":"\#(door)","command":"access"}"#))
        guard case .door(_, .access, let person) = scene.core.asked.first?.query else {
            Issue.record("no door was told anything")
            return
        }
        #expect(person == CrewMember(user: 1_000, name: "zhang"))
        scene.pass(.seconds(20))
        scene.answerCore(.refused(.doorRefused(ControlReason(.notRecorded))))
        #expect(scene.take(slot) == failure(.doorRefused(ControlReason(.notRecorded))))
    }

    @Test func `asks on from a card, and withdraws the question of who has left`() {
        let scene = Scene()
        let slot = scene.join(Peer(user: 1_000, groups: [27]))
        scene.send(slot, call("io.stationd.WatchCard", #"{"wait":5000,"after":6}"#))
        guard case .watchCard(let wish) = scene.core.asked.first?.query else {
            Issue.record("nobody was asked")
            return
        }
        let person = CrewMember(user: 1_000)
        #expect(
            wish == CardWish(reader: nil, patience: .seconds(5), after: 6, person: person))
        scene.answerCore(.card(nil, next: 6))
        #expect(scene.take(slot)?.contains(#""next":6"#) == true)
        scene.send(slot, call("io.stationd.WatchCard", #"{"after":-1}"#))
        #expect(scene.take(slot) == failure(.invalidParameter("after")))
        scene.send(slot, call("io.stationd.WatchCard", "{}"))
        let asked = scene.core.asked.first?.id
        scene.service.disconnect(slot)
        #expect(scene.core.withdrawn == [asked])
    }

    @Test func `answers calls one after the other, in their order`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(
            slot,
            Array(call("io.stationd.ListDevices").utf8) + [0] + Array(call("a.b.C").utf8) + [0])
        #expect(scene.core.asked.count == 1)
        #expect(!scene.service.wantsInput(slot))
        scene.answerCore(.devices(Sample.devices))
        #expect(try #require(scene.take(slot)).contains("gate-reader"))
        #expect(scene.take(slot) == failure(.interfaceNotFound("a.b")))
        #expect(scene.service.wantsInput(slot))
    }

    @Test func `says nothing to who wants no reply`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, #"{"method":"io.stationd.ListDevices","oneway":true}"#)
        scene.answerCore(.devices(Sample.devices))
        #expect(scene.take(slot) == nil)
        scene.send(slot, #"{"method":"io.stationd.Tap","oneway":true}"#)
        #expect(scene.take(slot) == nil)
        #expect(scene.service.wantsInput(slot))
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "null", #"{"method":7}"#, #"{"method":"a","more":"yes"}"#,
        #"{"method":"a","parameters":"# + String(repeating: "[", count: 5_000), "\u{1F}{}",
    ])
    func `says what a call looks like to who sends none, and lets go`(message: String) throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, message)
        #expect(try #require(scene.take(slot)).contains("io.stationd.BadMessage"))
        #expect(scene.service.isFinished(slot))
    }

    @Test func `lets go of a message without end`() throws {
        let scene = Scene()
        let slot = scene.join()
        for _ in 0..<5 { scene.send(slot, [UInt8](repeating: 0x20, count: 16_384)) }
        #expect(scene.take(slot) == failure(.badMessage(ControlReason(.tooLong, 65_536))))
        #expect(scene.service.isFinished(slot))
        scene.send(slot, call("io.stationd.GetStation"))
        #expect(scene.journal.asked.isEmpty)
    }

    @Test func `makes room by closing who was idle the longest, never who waits`() {
        let scene = Scene()
        for _ in 0..<ControlLimits.connections {
            _ = scene.join()
            scene.now = scene.now + .seconds(1)
        }
        scene.send(0, call("io.stationd.ListDevices"))
        let place = scene.service.connect(Scene.owner, at: scene.now)
        #expect(place?.slot == 1)
        #expect(place?.evicted == true)
        for slot in scene.service.connections.indices where slot != 0 {
            scene.send(slot, call("io.stationd.ListDevices"))
        }
        #expect(scene.service.connect(Scene.owner, at: scene.now) == nil)
    }

    @Test func `gives one user no more than half of the places`() {
        let scene = Scene()
        for _ in 0..<ControlLimits.connectionsPerUser { #expect(scene.join(Scene.reader) >= 0) }
        #expect(scene.join(Scene.reader) == -1)
        #expect(scene.join(Peer(user: 1_002, groups: [991])) >= 0)
        scene.service.disconnect(0)
        #expect(scene.join(Scene.reader) == 0)
    }

    @Test func `keeps no more open questions than it may, whoever left`() {
        let scene = Scene()
        for _ in 0..<(ControlLimits.outstanding + 10) {
            let slot = scene.join()
            scene.send(slot, call("io.stationd.ListDevices"))
            scene.service.disconnect(slot)
        }
        #expect(scene.core.asked.count == ControlLimits.outstanding)
        let slot = scene.join()
        scene.send(slot, call("io.stationd.ListDevices"))
        #expect(scene.take(slot) == failure(.busy(what: "core")))
        scene.answerCore(.devices(Sample.devices))
        #expect(scene.take(slot) == nil)
        scene.send(slot, call("io.stationd.ListDevices"))
        scene.core.asked.removeFirst(ControlLimits.outstanding - 1)
        scene.answerCore(.devices(Sample.devices))
        #expect(scene.take(slot)?.contains("gate-reader") == true)
    }

    @Test func `drops who does not take a reply in time`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("org.varlink.service.GetInfo"))
        scene.pass(.seconds(6))
        scene.service.took(slot, 1, at: scene.now)
        scene.pass(.seconds(6))
        #expect(!scene.service.isFinished(slot))
        scene.pass(.seconds(4))
        #expect(scene.service.isFinished(slot))
    }

    @Test func `never traps on random bytes and keeps a bounded amount of them`() {
        var random = SeededNumbers(state: 7)
        let scene = Scene()
        let pieces = [
            "{", "}", "[", "\"", "\\", ":", ",", "\0", "\"method\"", "\"io.stationd.Tap\"",
            "\"parameters\"", "null", "1e9", "\u{FEFF}", "\"more\":true",
        ].map { Array($0.utf8) }
        for _ in 0..<3_000 {
            let slot = scene.join()
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                if Bool.random(using: &random) {
                    bytes += pieces.randomElement(using: &random) ?? []
                } else {
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                }
            }
            scene.send(slot, bytes)
            _ = scene.takeAll(slot)
            #expect(scene.service.connections[slot]?.frames.count ?? 0 <= bytes.count)
            scene.service.disconnect(slot)
        }
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
