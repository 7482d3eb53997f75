// What a crew member at the socket gets: an answer when the order is durable, cards as they come.

import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A crew member at the socket` {
    private let folder: StateFolder
    private let run: ScannerRun

    init() throws {
        folder = try StateFolder()
        run = try ScannerRun(folder)
        #expect(run.recall())
    }

    private func peer() throws -> RawPeer { try RawPeer(folder.disk.path(of: "control")) }

    private func call(_ method: String, _ parameters: String) -> String {
        #"{"method":"io.stationd.\#(method)","parameters":\#(parameters)}"#
    }

    @Test func `hears that a door is free when the order was durable, by name`() throws {
        let peer = try peer()
        try peer.send(call("CommandDoor", #"{"door":"door","command":"access"}"#))
        let reply = try run.reply(to: peer)
        #expect(reply.contains(#""written":true"#) && reply.contains(#""mode":"locked""#))
        #expect(run.events.map(\.name).suffix(2) == ["door.commanded", "door.released"])
        let orders = run.entries.filter { $0.event.name == "door.commanded" }
        #expect(orders.map(\.key) == [CrewMember(user: getuid()).id])
        #expect(orders.map(\.holder.description) == [ControlLoop.name(of: getuid())])
        run.end()
    }

    @Test func `hears why a door does not do it`() throws {
        let peer = try peer()
        try peer.send(call("CommandDoor", #"{"door":"door","command":"unlock"}"#))
        let reply = try run.reply(to: peer)
        #expect(reply.contains("io.stationd.DoorRefused") && reply.contains("lockDuty"))
        #expect(run.events.last?.name == "door.commandRefused")
        run.end()
    }

    @Test func `misses no card between two questions`() throws {
        let peer = try peer()
        try peer.send(call("WatchCard", #"{"wait":10000}"#))
        run.turns { run.backstage.watchers.count == 1 }
        run.scan("6212345678")
        let first = try run.reply(to: peer)
        #expect(first.contains(#""code":"…(10)""#) && first.contains(#""next":1"#))
        // While it is read, the next one comes.
        run.scan("62123456789")
        run.wait(.seconds(3))
        run.turn()
        try peer.send(call("WatchCard", #"{"wait":10000,"after":1}"#))
        let second = try run.reply(to: peer)
        #expect(second.contains(#""code":"…(11)""#) && second.contains(#""next":2"#))
        // Whoever comes anew sees what comes from now on.
        try peer.send(call("WatchCard", #"{"wait":0}"#))
        #expect(try run.reply(to: peer).contains(#""next":2"#))
        // Nobody asked on: what was kept is gone.
        run.wait(.seconds(11))
        run.turn()
        run.scan("621234567890")
        run.turn()
        try peer.send(call("WatchCard", #"{"wait":0,"after":2}"#))
        let last = try run.reply(to: peer)
        #expect(last.contains(#""next":2"#) && !last.contains("card"))
        run.end()
    }

    @Test func `makes room at once by hanging up`() throws {
        var waiting: [Int32] = []
        for _ in 0..<Backstage.watcherLimit {
            let peer = try peer()
            try peer.send(call("WatchCard", #"{"wait":60000}"#))
            waiting.append(dup(peer.socket))
        }
        run.turns { run.backstage.watchers.count == Backstage.watcherLimit }
        let late = try peer()
        try late.send(call("WatchCard", #"{"wait":60000}"#))
        #expect(try run.reply(to: late).contains("io.stationd.Busy"))
        for socket in waiting { close(socket) }
        run.turns { run.backstage.watchers.isEmpty }
        #expect(run.backstage.watchers.isEmpty)
        try late.send(call("WatchCard", #"{"wait":60000}"#))
        run.turns { run.backstage.watchers.count == 1 }
        #expect(run.backstage.watchers.count == 1)
        run.end()
    }
}
