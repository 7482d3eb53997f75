// A USB reader's life without a bus: when it is opened, what ends it, what the loop hears.

import EventLoop
import StationCore
import Testing

@testable import Ports

private let info = USBReaderInfo(
    path: "1-1", address: 5, vendor: 0x072f, product: 0x2200, release: 0x0214, name: "ACR122U",
    descriptor: Descriptors.acr122uClass, classBytes: Descriptors.ccid, hasInterrupts: true,
    takenFrom: nil)

/// A seat, and what it asked for, in words.
private struct Stage {
    var seat: USBSeat
    var now = Instant(nanoseconds: 1_000_000_000)
    var words: [String] = []

    init() { seat = USBSeat(reader: 3, at: Instant(nanoseconds: 1_000_000_000)) }

    mutating func hear(_ actions: Outputs<USBSeat.Action>) {
        for action in actions.all {
            switch action {
            case .open: words.append("open")
            case .listen: words.append("listen")
            case .cancel: words.append("cancel")
            case .close(let reset): words.append(reset ? "close, reset" : "close")
            case .tell(.attached(let reader, let session, _)):
                words.append("attached \(reader) #\(session)")
            case .tell(.detached(_, let session, let end)):
                words.append("detached #\(session) \(end)")
            case .tell(.unavailable(_, let obstacle)):
                words.append("unavailable \(obstacle.word)")
            case .tell: words.append("?")
            }
        }
    }

    /// What came of everything since the last look.
    mutating func look() -> [String] {
        defer { words = [] }
        return words
    }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = seat.nextDeadline, due <= end {
            now = max(now, due)
            hear(seat.expire(at: now))
            if seat.nextDeadline == due { break }
        }
        now = end
    }

    mutating func opened(_ address: Int = 5) {
        var info = info
        info.address = address
        hear(seat.opened(info, at: now))
    }
    mutating func failed(_ obstacle: USBObstacle) { hear(seat.failed(obstacle, at: now)) }
    mutating func ended(_ end: USBEnd) { hear(seat.ended(end, at: now)) }
    mutating func drained() { hear(seat.drained()) }
    mutating func closed() { seat.closed(at: now) }

    mutating func start() {
        wait(.zero)
        opened()
        _ = look()
    }
}

@Suite struct `A USB reader's seat` {
    @Test func `is opened at once, told, and listened to`() {
        var stage = Stage()
        stage.wait(.zero)
        #expect(stage.look() == ["open"])
        #expect(stage.seat.nextDeadline == stage.now + .seconds(10))
        stage.opened()
        #expect(stage.look() == ["attached 3 #1", "listen"])
        #expect(stage.seat.nextDeadline == nil)
        #expect(stage.seat.isLive)
    }

    @Test func `looks twice a second for what is not there, and says so once`() {
        var stage = Stage()
        for _ in 0..<5 {
            stage.wait(.zero)
            stage.failed(.missing(.only))
            stage.wait(.milliseconds(500))
        }
        let words = stage.look()
        #expect(words.filter { $0 == "open" }.count == 6)
        #expect(words.filter { $0.hasPrefix("unavailable") }.count == 1)
    }

    @Test func `looks at once when something is plugged in`() {
        var stage = Stage()
        stage.wait(.zero)
        stage.failed(.missing(.only))
        stage.wait(.milliseconds(300))
        _ = stage.look()
        stage.seat.busChanged(at: stage.now)
        stage.wait(.zero)
        #expect(stage.look() == ["open"])
        // pcscd does not go away because a mouse was plugged in.
        stage.failed(.pcscd)
        _ = stage.look()
        stage.seat.busChanged(at: stage.now)
        stage.wait(.milliseconds(1_999))
        #expect(stage.look().isEmpty)
        stage.wait(.milliseconds(1))
        #expect(stage.look() == ["open"])
    }

    @Test func `tells another obstacle when there is another one`() {
        var stage = Stage()
        stage.wait(.zero)
        stage.failed(.missing(.only))
        stage.wait(.seconds(1))
        stage.failed(.pcscd)
        stage.wait(.seconds(2))
        stage.failed(.pcscd)
        #expect(
            stage.look() == [
                "open", "unavailable missing", "open", "unavailable pcscd",
                "open",
            ])
    }

    @Test func `that is unplugged gives everything back before it is looked for again`() {
        var stage = Stage()
        stage.start()
        stage.ended(.unplugged)
        #expect(stage.look() == ["detached #1 unplugged", "cancel"])
        stage.ended(.broken(status: 1))
        stage.wait(.seconds(60))
        #expect(stage.look().isEmpty)
        stage.drained()
        #expect(stage.look() == ["close"])
        stage.drained()
        stage.closed()
        stage.wait(.milliseconds(250))
        #expect(stage.look() == ["open"])
        stage.opened()
        #expect(stage.look() == ["attached 3 #2", "listen"])
    }

    /// libusb tells a cable that is pulled as an error as often as not.
    @Test func `that is pulled out again and again is never made to wait longer`() {
        var stage = Stage()
        stage.start()
        for plug in 0..<50 {
            stage.ended(.broken(status: 1))
            stage.drained()
            stage.closed()
            #expect(stage.seat.nextDeadline == stage.now + .milliseconds(250))
            stage.wait(.milliseconds(250))
            if plug % 2 == 0 {
                stage.failed(.missing(.only))
                stage.wait(.milliseconds(500))
                stage.opened()
            } else {
                stage.opened(6 + plug)
            }
        }
    }

    @Test(arguments: [USBEnd.broken(status: 4), .deaf, .flooding])
    func `that came undone is reset, and opened ever more rarely`(end: USBEnd) {
        var stage = Stage()
        stage.start()
        var waits: [Int64] = []
        for _ in 0..<8 {
            stage.ended(end)
            #expect(stage.look() == ["detached #\(stage.seat.session) \(end)", "cancel"])
            stage.drained()
            #expect(stage.look() == ["close, reset"])
            stage.closed()
            waits.append((stage.seat.nextDeadline! - stage.now).milliseconds)
            stage.wait(.seconds(8))
            stage.opened()
            _ = stage.look()
        }
        #expect(waits == [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
        stage.wait(.seconds(10))
        stage.ended(end)
        stage.drained()
        stage.closed()
        #expect(stage.seat.nextDeadline! - stage.now == .milliseconds(250))
    }

    @Test func `that the loop resets is not told as gone, but as back, or as unavailable`() {
        var stage = Stage()
        stage.start()
        stage.ended(.reset)
        #expect(stage.look() == ["cancel"])
        stage.drained()
        #expect(stage.look() == ["close, reset"])
        stage.closed()
        stage.wait(.milliseconds(250))
        stage.opened()
        #expect(stage.look() == ["open", "attached 3 #2", "listen"])
        stage.ended(.reset)
        stage.drained()
        stage.closed()
        stage.wait(.seconds(1))
        _ = stage.look()
        stage.failed(.missing(.only))
        #expect(stage.look() == ["unavailable missing"])
    }

    @Test func `that cannot be opened in ten seconds is told as stuck, once`() {
        var stage = Stage()
        stage.wait(.seconds(60))
        #expect(stage.look() == ["open", "unavailable stuck"])
        stage.opened()
        #expect(stage.look() == ["attached 3 #1", "listen"])
    }

    @Test func `that stops gives back what is open, and opens nothing more`() {
        var stage = Stage()
        stage.start()
        stage.hear(stage.seat.stop(at: stage.now))
        #expect(stage.look() == ["detached #1 stopped", "cancel"])
        stage.drained()
        stage.closed()
        #expect(stage.seat.isAtRest)
        #expect(stage.seat.nextDeadline == nil)
        var late = Stage()
        late.wait(.zero)
        late.hear(late.seat.stop(at: late.now))
        _ = late.look()
        late.opened()
        #expect(late.look() == ["close"])
        late.closed()
        #expect(late.seat.isAtRest)
    }
}

extension USBObstacle {
    fileprivate var word: String {
        switch self {
        case .missing: "missing"
        case .pcscd: "pcscd"
        case .stuck: "stuck"
        case .ambiguous, .notAReader, .taken, .driver, .notPermitted, .failed, .noUSB: "?"
        }
    }
}
