// One question at a time on a half-duplex line: when to speak, what of the bytes is the answer.
//
//   we    ──quiet─[wake][request]─────────────────────quiet─[request]──
//   echo          [wake][request]                            dropped by count, never by content
//   box                          ╰─ at most `patience` ─[answer]
//
// Whoever speaks at the wrong moment is heard all the same: what a box says by itself is told,
// what comes too late is counted and is nobody's answer.

public import EventLoop

/// The line's side of a field bus, without any I/O.
///
/// | it | the caller |
/// |---|---|
/// | `isFree`, and `now` is not before `quietAfter` | may `ask` |
/// | has news (`take`) | takes it after every `receive` and `expire` |
/// | `nextDeadline` | calls `expire` then |
public struct BusExchange: Sendable {
    /// What kind of line it is.
    public struct Line: Sendable, Equatable {
        public var baud: Int
        /// Start, data, parity and stop bits of one character, 10 to 12.
        public var bits: Int
        /// Whether the adapter hears what it sends.
        public var echoes: Bool

        public init(baud: Int, bits: Int = 10, echoes: Bool = false) {
            self.baud = max(1, baud)
            self.bits = bits
            self.echoes = echoes
        }

        /// How long so many characters take.
        public func time(of characters: Int) -> Interval {
            Interval(nanoseconds: Int64(characters) * Int64(bits) * 1_000_000_000 / Int64(baud))
        }

        /// Modbus's silence between two frames, whatever is spoken.
        public var quiet: Interval { ModbusTimings(baud: baud, bits: max(1, bits)).silence }
    }

    /// A box on the line.
    public struct Seat: Sendable {
        public var language: BusLanguage
        public var address: Int
        /// Whether it says anything unasked.
        public var speaksFirst: Bool

        public init(language: BusLanguage, address: Int) {
            self.language = language
            self.address = address
            speaksFirst = language.hasPushes
        }
    }

    /// A question with all that the line has to know about it.
    public struct Request: Sendable {
        public var seat: Int
        public var question: BusQuestion
        public var packet: [UInt8]
        public var wake: [UInt8]
        /// From the end of the request to the end of its answer; `nil`: nothing comes back.
        public var patience: Interval?
        /// Quiet that must follow a request that nobody answers.
        public var rest: Interval

        public init(
            seat: Int, question: BusQuestion, packet: [UInt8], wake: [UInt8] = [],
            patience: Interval?, rest: Interval = .zero
        ) {
            self.seat = seat
            self.question = question
            self.packet = packet
            self.wake = wake
            self.patience = patience
            self.rest = rest
        }
    }

    /// How a question ended.
    public enum Ending: Sendable, Equatable {
        case answered(BusAnswer)
        /// It is out, and nothing comes back.
        case told
        /// Nothing came in time.
        case silent
        /// Something came, and none of it was the answer.
        case garbled
    }

    public enum News: Sendable, Equatable {
        /// `took`: from the end of the request on. `spent`: how long it had the line.
        case ended(Ending, seat: Int, took: Interval, spent: Interval)
        /// A box said something unasked.
        case pushed(BusAnswer, seat: Int)
        /// An answer came after nobody waited for it any more.
        case late(seat: Int)
    }

    /// What was counted since the start.
    public struct Counters: Sendable, Equatable {
        public var requests: UInt64 = 0
        public var answers: UInt64 = 0
        public var timeouts: UInt64 = 0
        public var damaged: UInt64 = 0
        /// Bytes that belong to no frame.
        public var noise: UInt64 = 0
        /// Whole frames that were meant for nobody here.
        public var foreign: UInt64 = 0
        public var late: UInt64 = 0
        public var pushes: UInt64 = 0
        /// Requests whose echo was not what was sent, or did not come whole.
        public var echoFaults: UInt64 = 0
        /// How long the line was somebody's, in nanoseconds.
        public var busy: UInt64 = 0
    }

    /// How many of what, and how long.
    public enum Limit {
        /// What is looked at at once; the longest answer of any language fits.
        public static let bytes = 1_024
        /// Pushes of one call: more than any box has to say at once.
        public static let pushes = 256
        /// Between two bytes of one frame as a USB adapter hands them out, with some to spare.
        static let usbPause = Interval.milliseconds(20)
        /// A frame whose next byte takes longer may be no frame: what lies behind its first byte is
        /// looked at. USB adapters hand out bytes every 16 ms.
        static let pause = Interval.milliseconds(50)
        /// Longer than any frame: who talks on for so long has no right to the line.
        static let babble = Interval.milliseconds(400)
    }

    public let line: Line
    public let seats: [Seat]
    public internal(set) var counters = Counters()
    /// Nobody speaks before it.
    public private(set) var quietAfter: Instant

    struct Pending {
        var request: Request
        var askedAt: Instant
        var sentBy: Instant
        var overBy: Instant
        var isDamaged = false
    }

    var pending: Pending?
    /// The last question that nobody answered in time: what comes now may be its answer.
    var missed: (seat: Int, question: BusQuestion)?
    private var echo: [UInt8] = []
    private var echoLeft = 0
    private var isEchoFalse = false
    var buffer: [UInt8] = []
    /// No judgement changes before there are so many bytes.
    var wanted = 0
    private var lastByte: Instant
    private var firstStray: Instant?
    private var news: [News] = []
    private var nextNews = 0
    let listeners: [Int]
    /// How often bytes were held against a language: what a line costs when it is full of noise.
    package private(set) var judged: UInt64 = 0

    public init(_ line: Line, seats: [Seat], at now: Instant) {
        self.line = line
        self.seats = seats
        listeners = seats.indices.filter { seats[$0].speaksFirst }
        quietAfter = now
        lastByte = now
        buffer.reserveCapacity(Limit.bytes)
    }

    /// Whether no question is under way.
    public var isFree: Bool { pending == nil }
    /// The seat that is being asked.
    public var asked: Int? { pending?.request.seat }

    /// The oldest news that was not taken yet.
    public mutating func take() -> News? {
        guard nextNews < news.count else { return nil }
        defer {
            nextNews += 1
            if nextNews == news.count {
                news.removeAll(keepingCapacity: true)
                nextNews = 0
            }
        }
        return news[nextNews]
    }

    mutating func tell(_ item: News) {
        // What ends a question is never left out: an order would be told twice.
        if case .pushed = item, news.count >= Limit.pushes { return }
        news.append(item)
    }

    /// The line was opened anew, or closed: nothing from before counts. A question that was under
    /// way has no ending.
    public mutating func restart(at now: Instant) {
        pending = nil
        missed = nil
        echoLeft = 0
        buffer.removeAll(keepingCapacity: true)
        wanted = 0
        news.removeAll(keepingCapacity: true)
        nextNews = 0
        firstStray = nil
        quietAfter = now + line.quiet
    }

    /// Puts a question on the line; the caller writes `wake` and `packet` as one.
    ///
    /// What lies unread on the line is older than the question, and is dropped.
    /// - Precondition: the line is free.
    public mutating func ask(_ request: Request, at now: Instant) {
        precondition(pending == nil, "two questions at once on a line with one talker")
        counters.noise += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
        wanted = 0
        firstStray = nil
        let length = request.wake.count + request.packet.count
        let sentBy = now + line.time(of: length)
        if line.echoes {
            echo = request.wake + request.packet
            echoLeft = length
            isEchoFalse = false
        }
        counters.requests += 1
        pending = Pending(
            request: request, askedAt: now, sentBy: sentBy,
            overBy: sentBy + (request.patience ?? request.rest))
    }

    /// The line is wanted for something else: what has not begun to come so long after the
    /// request's end is not waited for any more.
    public mutating func shorten(to patience: Interval) {
        guard let asked = pending, asked.request.patience != nil else { return }
        pending?.overBy = min(asked.overBy, asked.sentBy + patience)
    }

    /// When `expire` is due.
    public var nextDeadline: Instant? {
        guard let pending else {
            return buffer.isEmpty ? nil : lastByte + Limit.pause
        }
        var next = pending.overBy
        if pending.isDamaged && buffer.isEmpty || !buffer.isEmpty && wanted > 0 {
            // Once for each byte: after it `wanted` is 0.
            next = min(next, lastByte + Limit.pause)
        }
        return next
    }

    // MARK: Bytes

    /// Takes what was read from the line at `now`.
    public mutating func receive(_ bytes: RawSpan, at now: Instant) {
        for offset in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if echoLeft > 0 {
                if echo[echo.count - echoLeft] != byte { isEchoFalse = true }
                echoLeft -= 1
                if echoLeft == 0 { echoEnded(at: now) }
                continue
            }
            if buffer.count == Limit.bytes {
                digest(at: now)
                if buffer.count == Limit.bytes { drop(1) }
            }
            buffer.append(byte)
        }
        lastByte = now
        if pending == nil {
            let since = firstStray ?? now
            firstStray = since
            quietAfter = max(quietAfter, min(now + line.quiet, since + Limit.babble))
        }
        digest(at: now)
        // A frame is under way, and USB adapters hand out bytes every 16 ms: nobody speaks into it.
        if pending == nil, !buffer.isEmpty, wanted > buffer.count, let since = firstStray {
            quietAfter = max(quietAfter, min(now + Limit.usbPause, since + Limit.babble))
        }
    }

    /// What nobody answers is over with its echo, if that came late.
    private mutating func echoEnded(at now: Instant) {
        if isEchoFalse { counters.echoFaults += 1 }
        guard let asked = pending, asked.request.patience == nil else { return }
        pending?.overBy = max(now, asked.sentBy + asked.request.rest)
    }

    /// `nextDeadline` has come.
    public mutating func expire(at now: Instant) {
        if let due = nextDeadline, due > now { return }
        guard let asked = pending else {
            // What stands there never became a frame: what is behind its first byte may be one.
            while !buffer.isEmpty, pending == nil {
                drop(1)
                digest(at: now)
            }
            firstStray = nil
            return
        }
        if !buffer.isEmpty { search(at: now) }
        guard pending != nil else { return }
        wanted = 0
        if now < asked.overBy {
            guard asked.isDamaged, buffer.isEmpty else { return }
            return end(.garbled, at: now)
        }
        if asked.request.patience == nil {
            // USB adapters hand out an echo late: it must not meet the next question.
            if echoLeft > 0, now < asked.sentBy + Limit.pause {
                pending?.overBy = asked.sentBy + Limit.pause
                return
            }
            return end(.told, at: now)
        }
        if isStillTalking(at: now) {
            pending?.overBy = now + line.time(of: 16) + .milliseconds(20)
            return
        }
        if asked.isDamaged || !buffer.isEmpty { return end(.garbled, at: now) }
        missed = (asked.request.seat, asked.request.question)
        end(.silent, at: now)
    }

    /// An answer that began in time may end a little later, but nobody talks for ever.
    private func isStillTalking(at now: Instant) -> Bool {
        guard let pending, !buffer.isEmpty else { return false }
        let patience = pending.request.patience ?? .zero
        return now - lastByte < .milliseconds(20)
            && now < pending.sentBy + patience + Limit.babble
    }

    private mutating func digest(at now: Instant) {
        while !buffer.isEmpty, buffer.count >= wanted {
            wanted = 0
            if let asked = pending {
                guard digest(asked.request, at: now) else { return }
            } else {
                guard digestUnasked(at: now) else { return }
            }
        }
    }

    /// Looks at the front of the buffer. Returns false when more bytes are needed.
    private mutating func digest(_ request: Request, at now: Instant) -> Bool {
        switch judge(seat: request.seat, after: request.question, from: 0) {
        case .incomplete(let count):
            wanted = buffer.count + max(1, count)
            return false
        case .answer(let answer, let length):
            drop(length, isNoise: false)
            guard request.patience != nil else {
                counters.foreign += 1
                return true
            }
            counters.answers += 1
            end(.answered(answer), at: now)
        case .push(let answer, let length):
            drop(length, isNoise: false)
            push(answer, request.seat)
        case .foreign(let length):
            if hearOther(than: request.seat, at: now) { return true }
            counters.foreign += 1
            drop(length, isNoise: false)
        case .damaged(_, let length):
            if hearOther(than: request.seat, at: now) { return true }
            counters.damaged += 1
            pending?.isDamaged = true
            drop(length, isNoise: false)
        case .noise(let length):
            if hearOther(than: request.seat, at: now) { return true }
            drop(min(length, noiseLength(forOthersThan: request.seat)))
        }
        return true
    }

    /// Bytes stopped coming in the middle of something: the answer may lie behind noise that looked
    /// like the beginning of one. Without an answer behind it, it may still be one.
    private mutating func search(at now: Instant) {
        guard let asked = pending, asked.request.patience != nil else { return }
        var start = 1
        while start < buffer.count {
            if case .answer(let answer, let length) = judge(
                seat: asked.request.seat, after: asked.request.question, from: start)
            {
                drop(start)
                drop(length, isNoise: false)
                counters.answers += 1
                end(.answered(answer), at: now)
                return digest(at: now)
            }
            start += 1
        }
    }

    /// What the bytes from `start` on begin with, by that seat's language.
    mutating func judge(
        seat: Int, after question: BusQuestion?, from start: Int
    ) -> BusJudgement {
        judged &+= 1
        let bytes = buffer.span.extracting(droppingFirst: start)
        return seats[seat].language.judge(bytes, after: question, at: seats[seat].address)
    }

    mutating func push(_ answer: BusAnswer, _ seat: Int) {
        counters.pushes += 1
        tell(.pushed(answer, seat: seat))
    }

    /// - Parameter isNoise: whether the bytes are counted as such.
    mutating func drop(_ length: Int, isNoise: Bool = true) {
        // A judgement that takes nothing would be asked for ever.
        let count = min(max(1, length), buffer.count)
        if isNoise { counters.noise += UInt64(count) }
        buffer.removeFirst(count)
        wanted = 0
    }

    private mutating func end(_ ending: Ending, at now: Instant) {
        guard let done = pending else { return }
        if echoLeft > 0 {
            echoLeft = 0
            counters.echoFaults += 1
        }
        if ending == .silent { counters.timeouts += 1 }
        if case .answered = ending, missed?.seat == done.request.seat { missed = nil }
        let spent = max(now, done.sentBy) - done.askedAt
        counters.busy += UInt64(max(0, spent.nanoseconds))
        pending = nil
        firstStray = nil
        quietAfter = max(now, done.sentBy) + line.quiet
        tell(
            .ended(
                ending, seat: done.request.seat,
                took: max(.zero, now - done.sentBy), spent: spent))
    }
}
