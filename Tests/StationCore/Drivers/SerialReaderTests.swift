// Readers on channels, driver by driver: bytes in, presentations and packets out.

import EventLoop
import Testing

@testable import StationCore

/// Feeds a driver bytes in pieces of one size; returns what it answered and what it wrote.
private func hear(
    _ driver: inout some Driver, _ bytes: [UInt8], in size: Int, at now: Instant
) -> (outputs: [DriverOutput], written: [[UInt8]]) {
    var outputs = DriverOutputs()
    var heard: [DriverOutput] = []
    var written: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = Array(rest.prefix(size))
        let taken = driver.receive(piece.span.bytes, on: .data, at: now, into: &outputs)
        rest = rest.dropFirst(taken)
        drain(&outputs, &heard, &written)
    }
    return (heard, written)
}

private func drain(
    _ outputs: inout DriverOutputs, _ heard: inout [DriverOutput], _ written: inout [[UInt8]]
) {
    while let output = outputs.popFirst() {
        if case .write = output {
            written.append(outputs.popPacket()?.bytes ?? [])
        } else {
            heard.append(output)
        }
    }
}

private func feed(
    _ driver: inout some Driver, _ input: DriverInput, at now: Instant
) -> (outputs: [DriverOutput], written: [[UInt8]]) {
    var outputs = DriverOutputs()
    var heard: [DriverOutput] = []
    var written: [[UInt8]] = []
    driver.handle(input, at: now, into: &outputs)
    drain(&outputs, &heard, &written)
    return (heard, written)
}

private func cards(_ outputs: [DriverOutput]) -> [Credential] {
    outputs.compactMap { output in
        if case .presented(let presentation) = output { presentation.credential } else { nil }
    }
}

@Suite struct `A driver of a 125 kHz reader` {
    private let now = Instant(nanoseconds: 1_000_000_000)
    /// 01 0007 34E0, checksum D2: Seeed's page of the RDM6300.
    private let frame: [UInt8] = [0x02] + Array("01000734E0D2".utf8) + [0x03]

    private func driver() -> EM4100Driver {
        EM4100Driver(
            EM4100Settings(framing: "rdm6300", views: ["low3"]), terminals: [0, 1])
    }

    @Test(arguments: [1, 3, 14, 64])
    func `presents a card, however its bytes are cut`(size: Int) {
        var driver = driver()
        let heard = hear(&driver, frame + frame, in: size, at: now)
        #expect(
            cards(heard.outputs)
                == Array(
                    repeating: Credential(
                        technology: .em4100, bitCount: 40, bits: 0x01_0007_34E0), count: 2))
    }

    @Test func `tells a wrong checksum as damage`() {
        var driver = driver()
        var wrong = frame
        wrong[5] ^= 1
        let heard = hear(&driver, wrong, in: 64, at: now)
        #expect(cards(heard.outputs).isEmpty)
        #expect("\(heard.outputs)".contains("damaged"))
    }

    @Test func `gives up half a frame`() {
        var driver = driver()
        _ = hear(&driver, Array(frame.prefix(5)), in: 64, at: now)
        let due = driver.nextDeadline
        #expect(due == now + EM4100Reader.silence)
        let given = feed(&driver, .deadline, at: now + EM4100Reader.silence)
        #expect("\(given.outputs)".contains("damaged"))
        #expect(driver.nextDeadline == nil)
    }

    @Test func `answers on light and sound`() {
        var driver = driver()
        #expect(feed(&driver, .command(.feedback(.comeIn)), at: now).outputs.count == 2)
        #expect(driver.nextDeadline == now + Rhythm.long)
    }
}

@Suite struct `A driver of a PN532` {
    private let now = Instant(nanoseconds: 1_000_000_000)

    @Test func `wakes the chip when its port opens, and says when nobody answers`() {
        var driver = PN532Driver(PN532Settings(views: ["full"]), terminals: [])
        let woken = feed(&driver, .attached, at: now)
        #expect(woken.written.count == 1)
        // A wake-up begins with 55 (PN532 user manual, 7.2.11).
        #expect(woken.written[0].first == 0x55)
        var raised: [DriverOutput] = []
        var turns = 0
        while raised.isEmpty, turns < 100, let due = driver.nextDeadline {
            raised = feed(&driver, .deadline, at: due).outputs
            turns += 1
        }
        #expect("\(raised)".contains("silent"))
        #expect("\(feed(&driver, .detached(.lost), at: now).outputs)".contains("lost"))
        #expect(driver.nextDeadline == nil)
    }
}

@Suite struct `A driver of a keyboard reader` {
    private let now = Instant(nanoseconds: 1_000_000_000)

    /// The events of a text and Enter, 5 ms a key, as the kernel writes them.
    private func events(_ text: String) -> [UInt8] {
        let codes: [Character: UInt16] = [
            "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11,
            "\n": 28,
        ]
        var bytes: [UInt8] = []
        var time = now
        for character in text + "\n" {
            for value in [Int32(1), 0] {
                bytes += event(time, type: 1, codes[character] ?? 0, value)
                bytes += event(time, type: 0, 0, 0)
            }
            time = time + .milliseconds(5)
        }
        return bytes
    }

    private func event(
        _ time: Instant, type: UInt16, _ code: UInt16, _ value: Int32
    ) -> [UInt8] {
        let seconds = time.nanoseconds / 1_000_000_000
        let microseconds = time.nanoseconds / 1_000 % 1_000_000
        return withUnsafeBytes(of: seconds) { Array($0) }
            + withUnsafeBytes(of: microseconds) { Array($0) }
            + withUnsafeBytes(of: type) { Array($0) } + withUnsafeBytes(of: code) { Array($0) }
            + withUnsafeBytes(of: value) { Array($0) }
    }

    @Test(arguments: [1, 24, 1_000])
    func `presents the number that was typed`(size: Int) {
        var driver = KeyedDriver(
            KeyedReaderSettings(
                formats: [KeyedReaderSettings.Format(form: "8H10D")], technology: "em4100",
                views: ["low3"]), terminals: [])
        let heard = hear(&driver, events("0007304186"), in: size, at: now)
        #expect(
            cards(heard.outputs)
                == [Credential(technology: .em4100, bitCount: 32, bits: 7_304_186)])
    }

    @Test func `takes a text of another length for damage`() {
        var driver = KeyedDriver(
            KeyedReaderSettings(
                formats: [KeyedReaderSettings.Format(form: "8H10D")], technology: "em4100",
                views: ["low3"]), terminals: [])
        let heard = hear(&driver, events("007304186"), in: 24, at: now)
        #expect(cards(heard.outputs).isEmpty)
        #expect("\(heard.outputs)".contains("damaged"))
    }
}
