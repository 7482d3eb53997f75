// A line with virtual readers, set up for a test: keys, settings, and what to look for in the news.

import EventLoop
import Simulation
import StationCore
import Testing

/// What tests of an OSDP line share.
enum OSDPStage {
    static let start = Instant(nanoseconds: 1_000_000_000)

    /// A key of its own for each address.
    static func key(_ address: UInt8) -> OSDPKey {
        var chance = SplitMix64(seed: 0xC0FF_EE00 + UInt64(address))
        while true {
            if let key = try? OSDPKey((0..<16).map { _ in UInt8(chance.below(256)) }) {
                return key
            }
        }
    }

    /// A line with so many readers, addresses from 0, each with its key.
    static func line(
        readers: Int, baud: UInt32 = 115_200, echoes: Bool = false, seed: UInt64 = 1
    ) -> HalfDuplexLine {
        let addresses = (0..<readers).map { UInt8($0) }
        let settings = OSDPBusSettings(
            baud: baud, echoes: echoes,
            peers: addresses.map { OSDPPeerSettings(address: $0, security: .enforced(key($0))) })
        let pds = addresses.map { address in
            VirtualPD(
                address: address, key: key(address), baud: baud,
                chance: SplitMix64(seed: seed).fork("PD \(address)"))
        }
        return HalfDuplexLine(settings, pds: pds, seed: seed, at: start)
    }

    /// A line whose readers are all online.
    static func running(
        readers: Int, baud: UInt32 = 115_200, echoes: Bool = false, seed: UInt64 = 1
    ) -> HalfDuplexLine {
        var line = line(readers: readers, baud: baud, echoes: echoes, seed: seed)
        line.run(for: .seconds(3))
        return line
    }

    static let card = OSDPReply.card(
        OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F6_23AE))
    static let cardNews = OSDPNews.card(
        OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F6_23AE))
    static let green = OSDPOrder.light(
        OSDPLight(passing: .show(.steady(.green), tenths: 10)))
    static let beep = OSDPOrder.buzz(OSDPBuzz(onTenths: 2, offTenths: 0, repetitions: 1))
}

extension HalfDuplexLine {
    /// Everything told about one reader.
    func news(_ peer: Int) -> [OSDPNews] { told.filter { $0.peer == peer }.map(\.news) }

    /// Everything told about one reader from a moment on.
    func news(_ peer: Int, since time: Instant) -> [OSDPNews] {
        told.filter { $0.peer == peer && $0.at >= time }.map(\.news)
    }

    func isOnline(_ peer: Int) -> Bool { bus.status(of: peer).isOnline }

    /// What the ACU said, by its codes.
    var commands: [OSDPCommandCode] {
        sent.compactMap { sent in
            guard let frame = try? OSDPFrame(sent.bytes.span.extracting(1...)) else { return nil }
            return OSDPCommandCode(rawValue: frame.code)
        }
    }
}
