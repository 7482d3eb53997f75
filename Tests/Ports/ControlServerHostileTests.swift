// Peers that mean no good: no crash, no growth, no descriptor left open, others served.

import CLinux
import Control
import Glibc
import Testing

@testable import Ports

@Suite(.serialized) struct `A hostile peer of the control socket` {
    /// How many descriptors of this process show the given file.
    private func openings(of descriptor: Int32) -> Int {
        var wanted = stat()
        guard fstat(descriptor, &wanted) == 0 else { return -1 }
        return (0..<4_096).count { number in
            var status = stat()
            return fstat(Int32(number), &status) == 0 && status.st_ino == wanted.st_ino
                && status.st_dev == wanted.st_dev
        }
    }

    /// The openings once the thread has caught up: what it is about to close does not count.
    private func openings(
        of descriptor: Int32, downTo limit: Int, _ rig: ControlRig
    ) throws -> Int {
        var found = openings(of: descriptor)
        for _ in 0..<1_000 where found > limit {
            try expectServed(rig)
            found = openings(of: descriptor)
        }
        return found
    }

    private func residentPages() throws -> Int {
        let file = open("/proc/self/statm", O_RDONLY)
        guard file >= 0 else { throw RigFailure(errno: errno) }
        defer { _ = close(file) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = read(file, &text, text.count)
        let words = String(decoding: text[..<max(0, count)], as: UTF8.self).split(separator: " ")
        return Int(words[1]) ?? 0
    }

    /// Asks for something and so knows that the thread has dealt with all that was sent before.
    private func expectServed(_ rig: ControlRig) throws {
        var client = try ControlClient(path: rig.path)
        #expect(try client.call(GetStation.self).station.id == "test")
    }

    @Test func `is told what a call is and let go`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        for bytes in [
            [0x00], Array("GET / HTTP/1.1\r\n\r\n\0".utf8), [0xFF, 0xFE, 0x00],
            Array(String(repeating: "{\"a\":", count: 10_000).utf8) + [0],
            [UInt8](repeating: 0x20, count: 70_000),
        ] {
            let peer = try RawPeer(rig.path)
            peer.throwAt(bytes)
            #expect(try peer.receive().contains("io.stationd.BadMessage"))
            #expect(try peer.receive() == "")
        }
        try expectServed(rig)
    }

    @Test func `may send anything without making the station larger`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var random = SeededNumbers(state: 42)
        let before = try residentPages()
        let noise = (0..<80_000).map { _ in UInt8.random(in: 1...255, using: &random) }
        for round in 0..<1_500 {
            let peer = try RawPeer(rig.path)
            let count = Int.random(in: 1...noise.count, using: &random)
            // A third of them are all NULs: a message in every byte.
            peer.throwAt(
                round % 3 == 0 ? [UInt8](repeating: 0, count: count) : Array(noise[..<count]))
        }
        try expectServed(rig)
        let grown = (try residentPages() - before) * 4_096
        #expect(grown < 64 << 20, "\(grown) bytes more than before")
    }

    @Test func `may pass descriptors with every byte and leaves none open`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let file = try temporaryFile("x")
        defer { _ = close(file) }
        let baseline = openings(of: file)
        let peer = try RawPeer(rig.path)
        for _ in 0..<2_000 { try peer.send([0x7B], passing: file) }
        try expectServed(rig)
        // Only the last one may still wait for its call.
        #expect(try openings(of: file, downTo: baseline + 1, rig) <= baseline + 1)
        let flood = try RawPeer(rig.path)
        for _ in 0..<50 {
            try flood.send([0x7B], flood: [Int32](repeating: file, count: 200))
        }
        try expectServed(rig)
        #expect(try openings(of: file, downTo: baseline + 2, rig) <= baseline + 2)
        let done = try RawPeer(rig.path)
        try done.send(Array("{\"method\":\"io.stationd.CreateKey\"}\0".utf8), passing: file)
        #expect(try done.receive().contains("local-1"))
        try flood.send([0x00])
        _ = try flood.receive()
        try peer.send([0x00])
        _ = try peer.receive()
        try expectServed(rig)
        #expect(try openings(of: file, downTo: baseline, rig) == baseline)
    }

    @Test func `may open connections without end and keeps nobody out`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        for _ in 0..<10 {
            let crowd = [Int32](unsafeUninitializedCapacity: 40) { sockets, count in
                for index in 0..<40 { sockets[index] = station_connect_unix(rig.path) }
                count = 40
            }
            try expectServed(rig)
            for socket in crowd where socket >= 0 { _ = close(socket) }
        }
        try expectServed(rig)
    }

    @Test func `may leave in the middle of everything`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        for _ in 0..<100 {
            let half = try RawPeer(rig.path)
            half.throwAt(Array("{\"method\":\"io.stationd.Get".utf8))
            let asking = try RawPeer(rig.path)
            try asking.send("{\"method\":\"io.stationd.GetMetrics\",\"more\":true}")
            let live = try RawPeer(rig.path)
            try live.send("{\"method\":\"io.stationd.ReadEntries\",\"more\":true}")
        }
        try expectServed(rig)
    }

    @Test func `may stop talking after its call and still gets the reply`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let peer = try RawPeer(rig.path)
        try peer.send("{\"method\":\"io.stationd.ListDevices\"}")
        shutdown(peer.socket, Int32(SHUT_WR))
        #expect(try peer.receive().contains("strike"))
        #expect(try peer.receive() == "")
    }
}

/// SplitMix64: the same numbers on every run.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
