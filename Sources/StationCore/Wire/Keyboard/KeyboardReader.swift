// Events of a card reader or code scanner that plays a keyboard in, cards and codes out.
//
//   ...█ █ █ █ █ █ █ █ █ █ ⏎        a reader: 1 to 20 ms between keys, always the same length
//   ...█      █   █      █           a person: above 50 ms now and then

public import EventLoop

/// How a reader that plays a keyboard is set.
public struct KeyboardSettings: Equatable, Sendable {
    /// What it types for a card, at most `KeyboardFormat.perReader`, each with a length of its own.
    public var formats: [KeyboardFormat]
    /// Whether a text of any other length is a code and not a mistake: a QR scanner.
    public var takesText: Bool
    /// Characters that it types before and behind each text, such as `;` and `?`: with them, a
    /// truncated text shows.
    public var sentinels: Sentinels?
    /// No two keys of a text are further apart. A person's are, at least once in ten.
    public var longestInterval: Interval

    public struct Sentinels: Equatable, Sendable {
        public var first: UInt8
        public var last: UInt8

        public init(first: UInt8, last: UInt8) {
            self.first = first
            self.last = last
        }
    }

    /// A low-speed device is asked every 8 to 10 ms, and needs two reports for a key.
    public static let usualInterval = Interval.milliseconds(50)

    public init(
        formats: [KeyboardFormat], takesText: Bool = false, sentinels: Sentinels? = nil,
        longestInterval: Interval = usualInterval
    ) {
        self.formats = formats
        self.takesText = takesText
        self.sentinels = sentinels
        self.longestInterval = longestInterval
    }
}

/// Collects what one reader types. Sans-I/O; no event allocates.
///
/// The caller hands over every byte that the input device gives, in order, and calls `expire(at:)`
/// once `nextDeadline` has come. Intervals are measured by the events' own time stamps, so a loop
/// that reads late does not make a person out of a reader.
public struct KeyboardReader: Sendable {
    /// Keys that pause so long belong to no text.
    public static let silence = Interval.milliseconds(150)
    /// A text that never ends is told each time so many keys have come.
    static let stormKeys = 4_096

    let settings: KeyboardSettings
    private let layout: InputEventLayout
    private var buffer = InlineArray<24, UInt8>(repeating: 0)
    private var buffered = 0

    /// What was typed; after `.text` the whole of it, until the next key.
    public internal(set) var text = KeyedText()
    var keys = 0
    var isStrange = false
    var isSlow = false
    var eventsLost = false
    private var isShifted = (left: false, right: false)
    /// Events up to the next report are leftovers of a full queue.
    private var isResynchronising = false
    /// Of the latest key, by its own time stamp; `nil` when that made no sense.
    private var lastKey: Instant?
    /// When the latest key was handed over.
    private var lastHanded = Instant(nanoseconds: 0)

    /// - Precondition: at most `KeyboardFormat.perReader` formats, no two of one length
    ///   (`KeyboardFormat.conflict(in:)`).
    public init(_ settings: KeyboardSettings, layout: InputEventLayout = .native) {
        precondition(
            settings.formats.count <= KeyboardFormat.perReader
                && KeyboardFormat.conflict(in: settings.formats) == nil,
            "formats of one length on a reader: `stationctl check` refuses this station")
        self.settings = settings
        self.layout = layout
    }

    /// Takes one byte. Returns what it completed, if it did: at most one read for each event.
    public mutating func receive(_ byte: UInt8, at now: Instant) -> KeyboardRead? {
        buffer[buffered] = byte
        buffered += 1
        guard buffered == layout.size else { return nil }
        buffered = 0
        return take(InputEvent(layout) { buffer[$0] }, at: now)
    }

    /// Takes one event.
    public mutating func take(_ event: InputEvent, at now: Instant) -> KeyboardRead? {
        if event.type == InputEvent.synchronisation {
            if event.code == InputEvent.dropped {
                isResynchronising = true
                eventsLost = true
                isShifted = (false, false)
                lastHanded = now
            } else if event.code == InputEvent.report {
                isResynchronising = false
            }
            return nil
        }
        guard event.type == InputEvent.key, !isResynchronising else { return nil }
        let key = KeyCode(rawValue: event.code)
        if key.isShift, event.value == InputEvent.pressed || event.value == InputEvent.released {
            let isDown = event.value == InputEvent.pressed
            if key == .leftShift { isShifted.left = isDown } else { isShifted.right = isDown }
            return nil
        }
        // Releases and autorepeat say nothing new.
        guard event.value == InputEvent.pressed, !key.isLock else { return nil }
        return press(key, event.time, at: now)
    }

    /// When `expire(at:)` is due, or `nil` while nothing is open.
    public var nextDeadline: Instant? {
        keys > 0 || eventsLost ? lastHanded + Self.silence : nil
    }

    /// Gives up keys that no Enter followed; an early call is harmless.
    public mutating func expire(at now: Instant) -> KeyboardRead? {
        guard let deadline = nextDeadline, now >= deadline else { return nil }
        return close(isComplete: false)
    }

    /// Forgets everything: the device was unplugged or plugged.
    public mutating func reset() {
        self = KeyboardReader(settings, layout: layout)
    }

    private mutating func press(
        _ key: KeyCode, _ time: Instant?, at now: Instant
    ) -> KeyboardRead? {
        var read: KeyboardRead?
        let interval = time.flatMap { time in lastKey.map { time - $0 } }
        if keys > 0, let interval, interval >= Self.silence {
            // The loop is late: the keys before belonged to no text.
            read = close(isComplete: false)
        }
        if keys == 0 {
            text.removeAll()
        } else if let interval, interval >= .zero, interval <= settings.longestInterval {
            // As a machine types.
        } else {
            isSlow = true
        }
        lastKey = time
        lastHanded = now
        if key.isEnter {
            // An Enter of its own is nobody's: some readers send two.
            return keys > 0 || eventsLost ? close(isComplete: true) : read
        }
        keys += 1
        if let character = key.character(isShifted: isShifted.left || isShifted.right) {
            text.append(character)
        } else {
            isStrange = true
        }
        return keys == Self.stormKeys ? close(isComplete: false) : read
    }

    private mutating func close(isComplete: Bool) -> KeyboardRead {
        let read = isComplete ? judgement() : .diagnosed(cause, keys: keys)
        keys = 0
        isStrange = false
        isSlow = false
        eventsLost = false
        lastKey = nil
        if read != .text { text.removeAll() }
        return read
    }

    /// Why keys without an Enter are nothing.
    private var cause: KeyboardDiagnosis {
        if eventsLost { return .eventsLost }
        if keys > KeyedText.capacity { return .overflow }
        if isStrange { return .strangeKey }
        // One key alone is a person's.
        return isSlow || keys == 1 ? .typed : .cutShort
    }
}

extension KeyboardReader {
    /// Takes bytes that came together, and tells each read, with its text, in its turn.
    public mutating func receive(
        _ bytes: RawSpan, at now: Instant, _ tell: (KeyboardRead, KeyedText) -> Void
    ) {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if let read = receive(byte, at: now) { tell(read, text) }
        }
    }
}
