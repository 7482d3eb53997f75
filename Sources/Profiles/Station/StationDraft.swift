// A station file to begin from: six answers in, a file with comments out that `check` accepts.

import StationCore

/// What a new station is to have.
public struct StationDraft: Sendable, Equatable {
    /// What people get there.
    public enum Gift: String, Sendable, CaseIterable {
        case water, phones, lockers, toilet
        case firstAid = "first-aid"
    }

    public enum Lock: String, Sendable, CaseIterable {
        /// Freed by power.
        case strike
        /// Held by power.
        case maglock
    }

    /// Why no file can be made of the answers.
    public enum Flaw: Error, Equatable, Sendable {
        /// The board has fewer lines than all that needs.
        case lines(wanted: Int, has: Int)
        case tooManyDoors(limit: Int)
        /// Neither a door nor anything to get.
        case nothing
    }

    /// More doors are written by hand, after the example of the first.
    public static let doorLimit = 4

    /// The station's id, in lower-case letters, digits and hyphens.
    public var id: String
    public var chinese: String
    public var english: String
    public var board: DraftBoard
    public var doors: Int
    /// Of all doors; without any it does not matter.
    public var lock: Lock
    public var gifts: Set<Gift>
    /// When it is open, every day alike; `nil`: day and night.
    public var hours: DayHours?
    /// Whom a rider may call; empty: nobody.
    public var phone: String

    public init(
        id: String, chinese: String, english: String, board: DraftBoard, doors: Int,
        lock: Lock = .strike, gifts: Set<Gift> = [], hours: DayHours? = nil, phone: String = ""
    ) {
        self.id = id
        self.chinese = chinese
        self.english = english
        self.board = board
        self.doors = doors
        self.lock = lock
        self.gifts = gifts
        self.hours = hours
        self.phone = phone
    }

    /// The file.
    ///
    /// - Throws: `Flaw` when the board cannot have all that.
    public func text() throws(Flaw) -> String {
        guard (0...Self.doorLimit).contains(doors) else {
            throw .tooManyDoors(limit: Self.doorLimit)
        }
        guard doors > 0 || !gifts.isEmpty else { throw .nothing }
        var writer = DraftWriter(self)
        let text = writer.write()
        guard writer.wanted <= writer.lines.count else {
            throw .lines(wanted: writer.wanted, has: writer.lines.count)
        }
        return text
    }

    /// Whether something hangs on a serial line.
    var hasBuses: Bool { gifts.contains(.phones) || gifts.contains(.lockers) }

    /// Whether something keeps the hours.
    var keepsHours: Bool { hours != nil && !gifts.isSubset(of: [.firstAid]) }
}

/// The board, as far as wires are concerned.
public struct DraftBoard: Sendable, Equatable {
    /// One line: how the file names it, and where it is found.
    struct Line {
        var name: String
        /// Of the header, where the board's is known.
        var pin: Int?

        var zh: String { name + (pin.map { "（\($0) 脚）" } ?? "") }
        var en: String { name + (pin.map { " (pin \($0))" } ?? "") }
    }

    /// The chip's label, as `gpioinfo` prints it in brackets.
    public let chip: String
    /// A Raspberry Pi's header has names and known pins.
    private let isPi: Bool

    /// Boards that are known by a name of their own.
    public static let known: [(name: String, chip: String)] = [
        // `gpioinfo` on each; of the Pi 5 the header is on the RP1.
        ("pi-3", "pinctrl-bcm2835"), ("pi-4", "pinctrl-bcm2711"), ("pi-5", "pinctrl-rp1"),
    ]

    /// Lines of a board that is not known: whoever wires it puts its numbers.
    private static let otherLines = 32

    /// - Returns: `nil` when it is neither a known board nor a chip's label.
    public init?(_ answer: String) {
        let place = Self.known.firstIndex { $0.name == answer || $0.chip == answer }
        isPi = place != nil
        chip = place.map { Self.known[$0].chip } ?? answer
        let isLabel = answer.utf8.allSatisfy {
            UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 && !#""\,:#{}[]"#.utf8.contains($0)
        }
        // A number changes with the boot, and `pi-9` is a slip.
        guard isLabel, (1...31).contains(answer.utf8.count), !answer.hasPrefix("gpiochip"),
            isPi || !answer.hasPrefix("pi-")
        else { return nil }
    }

    /// The line of the first boxes.
    var serial: String { isPi ? "/dev/ttyAMA0" : "/dev/ttyS1" }
    /// Another one, on an adapter.
    static let adapter = "/dev/serial/by-path/platform-usb-0:1.2:1.0-port0"

    var remark: (chinese: String, english: String) {
        isPi
            ? ("括号里是排针的脚号。", "In brackets: the pin of its header.")
            : (
                "这块板的线先按顺序编了号：用 gpioinfo 查，改成真接的那几根。",
                "Its lines are numbered in turn: look with gpioinfo, and put those that you wire."
            )
    }

    /// Which lines may be used, in the order in which they are given out.
    ///
    /// - Parameter hasSerial: whether its own serial line is taken.
    func lines(hasSerial: Bool) -> [Line] {
        guard isPi else {
            return (0..<Self.otherLines).map { Line(name: "header/\($0)") }
        }
        // 2 and 3 have resistors to 3.3 V for I2C, 14 and 15 are the serial line: they come last.
        let numbers = Array(4...13) + Array(16...27) + [2, 3] + (hasSerial ? [] : [14, 15])
        return numbers.map { Line(name: "GPIO\($0)", pin: Self.pins[$0 - 2]) }
    }

    /// The header's pin of GPIO2 and those after it, of every Raspberry Pi with forty pins.
    private static let pins = [
        3, 5, 7, 29, 31, 26, 24, 21, 19, 23, 32, 33, 8, 10, 36, 11, 12, 35, 38, 40, 15, 16, 18, 22,
        37, 13,
    ]
}
