// The USB readers on the loop's side, with a folder in place of the bus.

import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

/// Writes down what a bank says.
private struct BankDiary: ChannelSink {
    var words: [String] = []

    mutating func opened(_ channel: ChannelID, at now: Instant) {
        words.append("\(channel.index) opened")
    }

    mutating func closed(_ channel: ChannelID, _ fault: Fault, at now: Instant) {
        words.append("\(channel.index) closed \(fault)")
    }

    mutating func received(
        _ bytes: RawSpan, on pipe: Pipe, of channel: ChannelID, at now: Instant
    ) {
        words.append("\(channel.index) \(pipe) \(bytes.byteCount)")
    }
}

@Suite struct `The bank of USB readers` {
    private static let channels = [
        ResolvedChannel(
            port: "line", link: .serial(SerialLink(path: "/dev/ttyS1", baud: 9_600)), device: 0),
        ResolvedChannel(port: "usb", link: .usb(USBLink(socket: "1-1.4")), device: 1),
        ResolvedChannel(port: "second", link: .usb(USBLink(socket: "1-0")), device: 2),
    ]

    /// Waits for the thread until the notebook has so many words; 20 s is a failure.
    private func listen(
        _ bank: USBBank, _ selector: EpollSelector, _ notebook: inout BankDiary, until count: Int
    ) throws {
        while notebook.words.count < count {
            var ready: [Readiness] = []
            let now = selector.now()
            selector.wait(from: now, until: now + .seconds(20), into: &ready)
            try #require(!ready.isEmpty, "the bank says nothing: \(notebook.words)")
            _ = bank.read(into: &notebook, at: selector.now())
        }
    }

    @Test func `owns the USB channels and no others, and tells once what is missing`() throws {
        let fake = try FakeTree()
        let selector = try EpollSelector()
        var troubles: [UInt16: Int] = [:]
        let bank = try USBBank(Self.channels, selector: selector, token: 9, tree: fake.tree) {
            channel, _ in troubles[channel.index, default: 0] += 1
        }
        #expect(bank.owns(9) && !bank.owns(8))
        #expect(!bank.owns(ChannelID(0)) && bank.owns(ChannelID(1)) && bank.owns(ChannelID(2)))
        #expect(!bank.owns(ChannelID(3)))
        var notebook = BankDiary()
        try listen(bank, selector, &notebook, until: 2)
        #expect(Set(notebook.words) == ["1 closed missing", "2 closed missing"])
        #expect(troubles == [1: 1, 2: 1])
        [UInt8(1)].withUnsafeBytes {
            bank.carryOut(
                .write(OrderBytes($0)), on: ChannelID(1), into: &notebook, at: selector.now())
        }
        bank.carryOut(.reset, on: ChannelID(1), into: &notebook, at: selector.now())
        #expect(notebook.words.count == 2)
        bank.stop()
    }

    @Test func `feels the thread's pulse`() throws {
        let fake = try FakeTree()
        let selector = try EpollSelector()
        let bank = try USBBank(Self.channels, selector: selector, token: 9, tree: fake.tree)
        var notebook = BankDiary()
        try listen(bank, selector, &notebook, until: 2)
        let due = try #require(bank.nextDeadline)
        bank.expire(into: &notebook, at: due)
        #expect(bank.nextDeadline == due + .seconds(5))
        // The answer is taken: the next question is the thread's next chance.
        var ready: [Readiness] = []
        let now = selector.now()
        selector.wait(from: now, until: now + .seconds(20), into: &ready)
        _ = bank.read(into: &notebook, at: due)
        bank.expire(into: &notebook, at: due + .seconds(5))
        #expect(notebook.words.count == 2)
        bank.stop()
        // Nobody is left to answer.
        bank.expire(into: &notebook, at: due + .seconds(10))
        #expect(Set(notebook.words.dropFirst(2)) == ["1 closed stuck", "2 closed stuck"])
        bank.expire(into: &notebook, at: due + .seconds(15))
        #expect(notebook.words.count == 4)
    }

    @Test func `starts no thread where no reader is`() throws {
        let selector = try EpollSelector()
        let bank = try USBBank(Array(Self.channels.prefix(1)), selector: selector, token: 9)
        #expect(bank.nextDeadline == nil)
        #expect(!bank.owns(9))
        bank.stop()
    }
}
