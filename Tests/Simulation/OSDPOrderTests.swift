// Orders to OSDP readers: lights, sounds, texts, outputs, and a new address or speed.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `An order to an OSDP reader` {
    @Test func `overtakes the polls and is carried out once`() {
        var line = OSDPStage.running(readers: 4)
        line.run(for: .milliseconds(7))
        let before = line.now
        #expect(line.bus.submit(OSDPStage.green, to: 2, at: line.now) == .queued)
        #expect(line.bus.submit(OSDPStage.beep, to: 2, at: line.now) == .queued)
        let done = line.run(atMost: .milliseconds(50)) { $0.news == .done(.buzz) }
        #expect(done.map { $0 - before <= .milliseconds(30) } == true)
        #expect(line.news(2, since: before) == [.done(.light), .done(.buzz)])
        let wanted: [OSDPCommand] = [
            .light(OSDPLight(passing: .show(.steady(.green), tenths: 10))),
            .buzz(OSDPBuzz(onTenths: 2, offTenths: 0, repetitions: 1)),
        ]
        #expect(line.pds[2].obeyed == wanted)
    }

    @Test func `may be a text or an output`() throws {
        var line = OSDPStage.running(readers: 1)
        let text = try #require(OSDPDisplay("Welcome in", seconds: 3))
        let output = OSDPOutputControl(output: 0, .onFor, tenths: 30)
        #expect(line.bus.submit(.text(text), to: 0, at: line.now) == .queued)
        #expect(line.bus.submit(.output(output), to: 0, at: line.now) == .queued)
        line.run(for: .seconds(1))
        #expect(line.pds[0].obeyed == [.text(text), .output(output)])
        #expect(line.news(0).contains(.outputs(OSDPLevels(count: 1, active: 1))))
        #expect(line.news(0).contains(.done(.text)) && line.news(0).contains(.done(.output)))
    }

    @Test func `is refused by name when the reader does not know it`() {
        var line = OSDPStage.running(readers: 1)
        line.run(for: .milliseconds(5))
        #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .queued)
        line.pds[0].misbehave(.nak(.unknownCommand))
        line.run(for: .seconds(3))
        // This NAK comes in the clear, so the channel is made anew and the order is not repeated.
        #expect(line.news(0).last == .lapsed(.buzz) || line.news(0).last == .done(.buzz))
        #expect(line.isOnline(0))
        line.pds[0].unknownCommands = [.buzz]
        let before = line.now
        #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .queued)
        line.run(for: .seconds(1))
        #expect(line.news(0, since: before) == [.refused(.buzz, .unknownCommand)])
        #expect(line.bus.status(of: 0).isSecure)
    }

    @Test func `is not queued for a reader that is away, nor beyond eight`() {
        var line = OSDPStage.line(readers: 2)
        #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .offline)
        line.run(for: .seconds(3))
        line.pds[0].isConnected = false
        line.run(for: .seconds(2))
        for _ in 0..<8 {
            #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .queued)
        }
        #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .full)
        let before = line.now
        line.run(for: .seconds(3))
        #expect(line.news(0, since: before).filter { $0 == .lapsed(.buzz) }.count == 8)
        line.run(for: .seconds(10))
        #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .offline)
    }

    @Test func `whose answer is lost is not carried out twice`() {
        var line = OSDPStage.running(readers: 1)
        for mischief in [PDMischief.silent, .cut(3), .damaged] {
            let count = line.pds[0].obeyed.count
            #expect(line.bus.submit(OSDPStage.beep, to: 0, at: line.now) == .queued)
            line.pds[0].misbehave(mischief)
            line.run(for: .seconds(2))
            #expect(line.pds[0].obeyed.count == count + 1)
        }
    }

    @Test func `in a flood does not keep cards from being heard`() {
        var line = OSDPStage.running(readers: 4)
        var chance = SplitMix64(seed: 4)
        var worst = Interval.zero
        for _ in 0..<40 {
            for peer in 0..<4 {
                while line.bus.submit(OSDPStage.beep, to: peer, at: line.now) == .queued {}
            }
            let before = line.now
            line.pds[chance.below(4)].happen(OSDPStage.card)
            let heard = line.run(atMost: .seconds(1)) { $0.news == OSDPStage.cardNews }
            worst = max(worst, heard.map { $0 - before } ?? .seconds(1))
        }
        #expect(worst <= .milliseconds(120), "worst \(worst.milliseconds) ms")
    }
}

@Suite struct `An OSDP reader's own state` {
    @Test func `is told when it comes online and when it changes`() {
        var line = OSDPStage.line(readers: 1)
        line.run(for: .seconds(2))
        let well = OSDPLocalStatus(isTampered: false, powerFailed: false)
        #expect(line.news(0).contains(.localStatus(well)))
        #expect(line.news(0).contains(.readers(OSDPReaderStates([.normal]))))
        let tampered = OSDPLocalStatus(isTampered: true, powerFailed: true)
        let before = line.now
        line.pds[0].localStatus = tampered
        line.pds[0].happen(.localStatus(tampered))
        line.run(for: .seconds(1))
        #expect(line.news(0, since: before) == [.localStatus(tampered)])
    }

    @Test func `is looked at every minute, in case the reader does not tell`() {
        var line = OSDPStage.running(readers: 1)
        let tampered = OSDPLocalStatus(isTampered: true, powerFailed: false)
        line.pds[0].localStatus = tampered
        let told = line.run(atMost: .seconds(61)) { $0.news == .localStatus(tampered) }
        #expect(told != nil)
    }

    @Test func `holds keys, inputs and cards in characters as well`() throws {
        var line = OSDPStage.running(readers: 1)
        let before = line.now
        let keys = OSDPKeys([.one, .nine, .zero, .star, .hash])
        let card = OSDPFormattedCard(text: try #require(OSDPCharacters("0004821557")))
        let long = OSDPCard(format: .unspecified, bitCount: 200, bits: 0)
        line.pds[0].happen(.keys(keys))
        line.pds[0].happen(.formattedCard(card))
        line.pds[0].happen(.inputs(OSDPLevels(count: 3, active: 0b101)))
        line.pds[0].happen(.card(long))
        line.run(for: .seconds(1))
        #expect(
            line.news(0, since: before) == [
                .keyed(keys), .formattedCard(card), .inputs(OSDPLevels(count: 3, active: 0b101)),
                .card(long),
            ])
        #expect(long.overflows)
    }
}

@Suite struct `An OSDP reader's address and speed` {
    @Test func `change by a person's order, and the reader is found where it went`() {
        var line = OSDPStage.running(readers: 2)
        let wanted = OSDPCommunication(address: 9, baud: 115_200)
        let before = line.now
        #expect(line.bus.setCommunication(wanted, of: 1, at: line.now) == .queued)
        line.run(for: .seconds(2))
        #expect(
            line.news(1, since: before) == [.moved(wanted), .done(.communication)])
        #expect(line.bus.status(of: 1).address == 9)
        #expect(line.isOnline(1))
        line.pds[1].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(1).last == OSDPStage.cardNews)
    }

    @Test func `of the whole line change when the last reader has followed`() {
        var line = OSDPStage.running(readers: 2, baud: 9_600)
        let first = OSDPCommunication(address: 0, baud: 115_200)
        let second = OSDPCommunication(address: 1, baud: 115_200)
        #expect(line.bus.setCommunication(first, of: 0, at: line.now) == .queued)
        line.run(for: .seconds(3))
        #expect(line.speed == 9_600)
        #expect(line.isOnline(1))
        #expect(line.bus.setCommunication(second, of: 1, at: line.now) == .queued)
        line.run(for: .seconds(3))
        #expect(line.speed == 115_200)
        #expect(line.bus.baud == 115_200)
        #expect(line.isOnline(0) && line.isOnline(1))
        #expect(line.collisions == 0)
    }

    @Test func `are asked for one at a time`() {
        var line = OSDPStage.running(readers: 1)
        let wanted = OSDPCommunication(address: 9, baud: 115_200)
        #expect(line.bus.setCommunication(wanted, of: 0, at: line.now) == .queued)
        #expect(line.bus.setCommunication(wanted, of: 0, at: line.now) == .full)
        line.pds[0].misbehave(.silent, times: 3)
        line.run(for: .milliseconds(20))
        // It is under way, and not yet answered.
        #expect(line.commands.last == .communication)
        #expect(line.bus.setCommunication(wanted, of: 0, at: line.now) == .full)
        line.run(for: .seconds(5))
        let again = OSDPCommunication(address: 8, baud: 115_200)
        #expect(line.bus.setCommunication(again, of: 0, at: line.now) == .queued)
    }

    @Test func `are refused when they cannot be`() {
        var line = OSDPStage.running(readers: 2)
        let taken = OSDPCommunication(address: 0, baud: 115_200)
        let nobody = OSDPCommunication(address: 0x7F, baud: 115_200)
        let odd = OSDPCommunication(address: 5, baud: 1_200)
        for wanted in [taken, nobody, odd] {
            #expect(line.bus.setCommunication(wanted, of: 1, at: line.now) == .impossible)
        }
    }
}
