// Install mode: how a reader gets a key of its own, and how it must not.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `Install mode of an OSDP reader` {
    /// A line whose first reader is new, and whose station has no key for it.
    private func line(_ prepare: (inout VirtualPD) -> Void = { _ in }) -> HalfDuplexLine {
        let settings = OSDPBusSettings(
            baud: 115_200,
            peers: [
                OSDPPeerSettings(address: 0, security: .enforced(nil)),
                OSDPPeerSettings(address: 1, security: .enforced(OSDPStage.key(1))),
            ])
        var new = VirtualPD(
            address: 0, key: nil, isInInstallMode: true, chance: SplitMix64(seed: 11))
        prepare(&new)
        let old = VirtualPD(
            address: 1, key: OSDPStage.key(1), chance: SplitMix64(seed: 12))
        var line = HalfDuplexLine(settings, pds: [new, old], seed: 9, at: OSDPStage.start)
        line.run(for: .seconds(2))
        return line
    }

    private func chosenKey(_ line: HalfDuplexLine) -> OSDPKey? {
        for news in line.news(0) { if case .keyChosen(let key) = news { return key } }
        return nil
    }

    @Test func `gives it a key, hands the key out first, and proves it by a channel`() throws {
        var line = line()
        #expect(line.bus.status(of: 0).fault == .noKey)
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(2))
        let key = try #require(chosenKey(line))
        #expect(line.pds[0].key == key)
        #expect(!line.pds[0].isInInstallMode)
        #expect(line.isOnline(0))
        #expect(line.bus.status(of: 0).isSecure)
        let news = line.news(0)
        let order = [
            news.firstIndex(of: .keyChosen(key)), news.firstIndex(of: .keyProven),
            news.firstIndex(of: .installEnded(.done)), news.firstIndex(of: .online(isSecure: true)),
        ].compactMap { $0 }
        #expect(order.count == 4 && order == order.sorted())
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0).last == OSDPStage.cardNews)
    }

    @Test func `never puts the key on the line in the clear, nor into any text`() throws {
        var line = line()
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(2))
        let key = try #require(chosenKey(line))
        for sent in line.sent {
            #expect(!sent.bytes.indices.contains { sent.bytes[$0...].starts(with: key.revealed) })
        }
        let secret = key.revealed.map { String($0, radix: 16) }.joined()
        let number = key.revealed.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        for text in ["\(key)", "\(line.told)", "\(line.bus)", String(reflecting: line.bus)] {
            #expect(!text.lowercased().contains(secret))
            #expect(!text.contains("\(number)"))
        }
    }

    @Test func `sends no key before a store has it, and none that no store takes`() {
        var line = line()
        line.storeTakes = .milliseconds(700)
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .milliseconds(600))
        #expect(chosenKey(line) != nil)
        #expect(!line.commands.contains(.keySet) && line.pds[0].key == nil)
        line.run(for: .seconds(2))
        #expect(line.isOnline(0) && line.pds[0].key == chosenKey(line))
        var full = self.line()
        full.storeTakes = nil
        #expect(full.bus.install(0, at: full.now) == nil)
        full.run(for: .seconds(5))
        #expect(full.news(0).contains(.installEnded(.notKept)))
        #expect(full.pds[0].obeyed.isEmpty && full.pds[0].key == nil)
    }

    @Test(arguments: [false, true])
    func `that a power failure cut short tries both keys, and tells which one it is`(
        isNew: Bool
    ) {
        var line = OSDPStage.line(readers: 1)
        let (old, new) = (OSDPStage.key(0), OSDPStage.key(9))
        line.pds[0].key = isNew ? new : old
        line.bus.setKeys(OSDPReaderKeys(key: old, candidate: new), of: 0, at: line.now)
        line.run(for: .seconds(10))
        #expect(line.isOnline(0))
        #expect(line.news(0).filter { $0 == .keyProven }.count == 1)
        #expect(line.bus.provenKey(0) == (isNew ? new : old))
    }

    @Test func `takes no card of the reader before it has shown its own key`() {
        var line = line { $0.happen(OSDPStage.card) }
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(2))
        #expect(line.isOnline(0))
        // It was held to the reader before that was anybody's.
        #expect(!line.news(0).contains(OSDPStage.cardNews))
        #expect(line.bus.status(of: 0).counters.stale == 1)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0).last == OSDPStage.cardNews)
    }

    @Test func `ends by itself after five minutes at most`() {
        var line = line { $0.isInInstallMode = false }
        #expect(line.bus.install(0, for: .seconds(10_000), at: line.now) == nil)
        let begun = line.now
        line.run(for: .seconds(301))
        let end = line.told.first { $0.news == .installEnded(.timeUp(keySent: false)) }
        #expect(end?.at == begun + .seconds(300))
        #expect(line.news(0).contains(.faulted(.notInInstallMode)))
        // From then on a reader in install mode gets nothing.
        line.pds[0].isInInstallMode = true
        line.run(for: .seconds(60))
        #expect(line.pds[0].key == nil)
        #expect(line.pds[0].obeyed.isEmpty)
    }

    @Test func `waits for the reader to be reset by hand`() {
        var line = line { $0.isInInstallMode = false }
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(60))
        line.pds[0].isInInstallMode = true
        line.run(for: .seconds(15))
        #expect(line.isOnline(0))
        #expect(line.news(0).contains(.recovered(.notInInstallMode)))
    }

    @Test func `is for one reader at a time, and not for one that has its channel`() {
        var line = line()
        #expect(line.bus.install(1, at: line.now) == .alreadySecured)
        #expect(line.bus.install(0, at: line.now) == nil)
        #expect(line.bus.install(1, at: line.now) == .another(peer: 0))
        line.run(for: .seconds(2))
        #expect(line.isOnline(1))
    }

    @Test func `can be ended by a person`() {
        var line = line { $0.isInInstallMode = false }
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(3))
        line.cancelInstall(0)
        line.run(for: .seconds(3))
        #expect(line.news(0).contains(.installEnded(.cancelled(keySent: false))))
        #expect(line.bus.install(0, at: line.now) == nil)
    }

    @Test(arguments: [.silent, .cut(2), .damaged, .busy, .nak(.check)] as [PDMischief])
    func `survives a bad line in the middle of it`(mischief: PDMischief) {
        for delay in stride(from: Int64(0), through: 40, by: 5) {
            var line = line()
            #expect(line.bus.install(0, at: line.now) == nil)
            line.run(for: .milliseconds(delay))
            line.pds[0].misbehave(mischief)
            line.run(for: .seconds(5))
            #expect(line.isOnline(0), "after \(delay) ms")
            #expect(chosenKey(line) == line.pds[0].key)
            let keys = line.news(0).filter { if case .keyChosen = $0 { true } else { false } }
            #expect(Set(keys.map { "\($0)" }).count == 1)
        }
    }

    /// KEYSET is answered, and the reader loses its power before it has written the key down.
    @Test(arguments: [false, true])
    func `gives a reader its key again that has lost it`(saysSo: Bool) {
        var line = line { $0.saysFactoryKey = saysSo }
        #expect(line.bus.install(0, at: line.now) == nil)
        while line.pds[0].obeyed.isEmpty { line.run(for: .milliseconds(1)) }
        let key = line.pds[0].key
        #expect(key != nil && key == chosenKey(line))
        line.pds[0].reset()
        line.pds[0].key = nil
        line.pds[0].isInInstallMode = true
        line.run(for: .seconds(20))
        #expect(line.isOnline(0))
        #expect(line.pds[0].key == key && !line.pds[0].isInInstallMode)
        #expect(line.news(0).contains(.installEnded(.done)))
        #expect(line.commands.count { $0 == .keySet } == 2)
    }

    @Test func `of a reader that will not take the key ends with its reason`() {
        var line = line()
        line.pds[0].refusesKeys = true
        #expect(line.bus.install(0, at: line.now) == nil)
        line.run(for: .seconds(2))
        #expect(line.news(0).contains(.installEnded(.refused(.record))))
        #expect(!line.isOnline(0))
    }

    @Test func `chooses another key each time`() throws {
        var keys: [OSDPKey] = []
        for seed in UInt64(1)...4 {
            let settings = OSDPBusSettings(
                baud: 115_200, peers: [OSDPPeerSettings(address: 0, security: .enforced(nil))])
            let pd = VirtualPD(
                address: 0, key: nil, isInInstallMode: true, chance: SplitMix64(seed: 1))
            var line = HalfDuplexLine(settings, pds: [pd], seed: seed, at: OSDPStage.start)
            #expect(line.bus.install(0, at: line.now) == nil)
            line.run(for: .seconds(2))
            keys.append(try #require(chosenKey(line)))
        }
        #expect(Set(keys).count == 4)
    }
}
