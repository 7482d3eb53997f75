// One value of a device: where it is read, what its number means, when it is worth telling.

/// A point of a resolved device. Points that a profile counts (`door` of 12 ways) are here one by
/// one: `door.1` to `door.12`.
public struct PointSettings: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Goes up and down: volts, degrees.
        case level
        /// Only grows and may wrap: energy, volume. It outlives a restart of ours (`KeptTotal`).
        case total
        /// One of the point's `states`.
        case state
        /// Happens: is not polled, and told each time.
        case event
    }

    /// As in profiles and on every surface: `voltage`, `door.3`.
    public var name: String
    public var kind: Kind
    /// As UCUM writes it: `V`, `W.h`, `Cel`, `L`, `1`; empty for states.
    public var unit: String
    public var source: PointSource
    /// value = raw × `scale` + `offset`, then `curve`.
    public var scale: DecimalNumber
    public var offset: DecimalNumber
    /// Coefficients of a polynomial in the scaled value, lowest first; empty: none. They are
    /// applied as floats and rounded to `places`.
    public var curve: [DecimalNumber]
    /// Digits behind the point of what is told, 0 to 9.
    public var places: Int
    /// Beyond it the device errs: quality `outOfRange`, and no value.
    public var lowest: DecimalNumber?
    public var highest: DecimalNumber?
    /// Raw numbers that mean "no value", such as 0x7FFF.
    public var bad: [Int64]
    /// The names of a state, or of what an event may be, in the order of their places; the value is
    /// the place. Empty: it is a number.
    public var states: [String]
    /// Which raw number is which state, as a place in `states`.
    public var meanings: [StateMeaning]
    /// The state of raw numbers without a meaning; `nil`: they are `outOfRange`.
    public var otherwise: Int?
    /// How often it is read; 0: nobody asks for it, it comes by itself.
    public var everyMilliseconds: Int
    public var report: ReportSettings
    /// For totals: the raw number after which the device counts from 0 again.
    public var wrap: Int64?

    public init(
        name: String, kind: Kind, unit: String = "", source: PointSource,
        scale: DecimalNumber = .one, offset: DecimalNumber = .zero, curve: [DecimalNumber] = [],
        places: Int = 0, lowest: DecimalNumber? = nil, highest: DecimalNumber? = nil,
        bad: [Int64] = [], states: [String] = [], meanings: [StateMeaning] = [],
        otherwise: Int? = nil, everyMilliseconds: Int = 0, report: ReportSettings = .init(),
        wrap: Int64? = nil
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.source = source
        self.scale = scale
        self.offset = offset
        self.curve = curve
        self.places = places
        self.lowest = lowest
        self.highest = highest
        self.bad = bad
        self.states = states
        self.meanings = meanings
        self.otherwise = otherwise
        self.everyMilliseconds = everyMilliseconds
        self.report = report
        self.wrap = wrap
    }
}

/// A raw number and the state that it means.
public struct StateMeaning: Codable, Sendable, Equatable {
    public var raw: Int64
    /// A place in `PointSettings.states`.
    public var state: Int

    public init(raw: Int64, state: Int) {
        self.raw = raw
        self.state = state
    }
}

/// When a change is an entry, and how long without one.
public struct ReportSettings: Codable, Sendable, Equatable {
    /// The smallest change that is told; `nil`: every change of a state, none of a level.
    public var change: DecimalNumber?
    /// Not told more often than this.
    public var minimumMilliseconds: Int
    /// Told after this long, changed or not; 0: never for that alone.
    public var maximumMilliseconds: Int

    public init(
        change: DecimalNumber? = nil, minimumMilliseconds: Int = 0, maximumMilliseconds: Int = 0
    ) {
        self.change = change
        self.minimumMilliseconds = minimumMilliseconds
        self.maximumMilliseconds = maximumMilliseconds
    }
}

/// Where a point's raw number comes from.
public enum PointSource: Codable, Sendable, Equatable {
    /// A Modbus register or bit.
    case register(at: RegisterPlace)
    /// A field of a reply or of an unsolicited frame, by the frame language or a codec of ours.
    /// Several frames may carry one point: a query's answer and a push.
    case fields(at: [FramePlace])
    /// An item of a DL/T 645 meter.
    case item(at: MeterItem)
    /// Pulses on one of the device's lines: the raw number is their count.
    case pulses(terminal: Int)
    /// The same: the raw number is how many there are a second; after so long without any, 0.
    case rate(terminal: Int, windowMilliseconds: Int)
    /// The settled level of a line: 1 is active.
    case line(terminal: Int)
    /// A file of the kernel: 1-Wire, IIO, hwmon, and the board itself.
    case file(at: FilePlace)
}

/// Where in a device's register map.
public struct RegisterPlace: Codable, Sendable, Equatable {
    /// A Modbus table, with the function code that reads it.
    public enum Table: String, Codable, Sendable, CaseIterable {
        case coil, discrete, holding, input
    }
    /// How a number lies in registers of 16 bits.
    public enum Form: String, Codable, Sendable, CaseIterable {
        case u16, s16, u32, s32, u64, s64, f32, f64, bcd16, bcd32
    }

    public var table: Table
    /// As on the wire, from 0.
    public var address: Int
    public var form: Form
    /// Which byte of the number comes when: A is the highest. 16 bits: AB or BA; 32 bits: ABCD,
    /// CDAB, BADC or DCBA; 64 bits: `ABCDEFGH` and the others of `orders`.
    public var order: String
    /// One bit of the number, 0 the lowest; `nil`: all of it.
    public var bit: Int?
    /// How many bits from `bit` on; 1 unless said.
    public var bitCount: Int?

    public init(
        table: Table, address: Int, form: Form = .u16, order: String = "AB", bit: Int? = nil,
        bitCount: Int? = nil
    ) {
        self.table = table
        self.address = address
        self.form = form
        self.order = order
        self.bit = bit
        self.bitCount = bitCount
    }

    /// How many registers, or bits in the tables of bits, it takes.
    public var width: Int {
        switch (table, form) {
        case (.coil, _), (.discrete, _), (_, .u16), (_, .s16), (_, .bcd16): 1
        case (_, .u32), (_, .s32), (_, .f32), (_, .bcd32): 2
        case (_, .u64), (_, .s64), (_, .f64): 4
        }
    }
}

extension RegisterPlace {
    /// How bytes may come, by the number of registers; the plainest first.
    public static func orders(width: Int) -> [String] {
        switch width {
        case 1: ["AB", "BA"]
        case 2: ["ABCD", "CDAB", "BADC", "DCBA"]
        default: ["ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"]
        }
    }
}

/// A named field of a named frame, and which of several of that name.
public struct FramePlace: Codable, Sendable, Equatable {
    public var frame: String
    public var field: String
    /// From 1, for fields that come in numbers (a door's state in a bitmap); `nil`: the only one,
    /// or the one whose `selector` says so.
    public var index: Int?
    /// A field of the same frame that must have `index` as its value: the lock's number in an
    /// answer about one lock.
    public var selector: String?

    public init(frame: String, field: String, index: Int? = nil, selector: String? = nil) {
        self.frame = frame
        self.field = field
        self.index = index
        self.selector = selector
    }
}

/// An item of a DL/T 645-2007 meter.
public struct MeterItem: Codable, Sendable, Equatable {
    /// The data identifier DI3 DI2 DI1 DI0, as eight hex digits: "00010000".
    public var identifier: String
    /// Bytes of BCD in the answer, 1 to 8.
    public var bytes: Int
    /// Whether the highest bit of the highest byte is a sign.
    public var isSigned: Bool

    public init(identifier: String, bytes: Int, isSigned: Bool = false) {
        self.identifier = identifier
        self.bytes = bytes
        self.isSigned = isSigned
    }
}

/// A value that the kernel offers as a file, read by a worker, never by the loop.
public struct FilePlace: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A decimal number in a file, such as hwmon's; with `label` or `column` one of several.
        /// Hexadecimal with `0x`.
        case number
        /// A word in a file, such as a network link's `operstate`: the raw number is its place in
        /// `words`.
        case word
        /// `w1_slave` of a DS18B20, in degrees: its nine bytes are checked here.
        case ds18b20
        /// `(raw + offset) × scale` of an IIO channel; the path is without its `_raw`.
        case iio
        /// Of a block device's `stat`: how long a write took on average since the last look, in
        /// milliseconds.
        case latency
        /// No file: whether the kernel says that a time source disciplines its clock, 1 or 0.
        case clock
    }

    public var kind: Kind
    /// Tried in turn. A `*` stands for the digits of one folder, hexadecimal ones too, which change
    /// with the boot; `{state}` for the number of the block device with the station's state.
    public var paths: [String]
    /// What the folder with the `*` calls itself, in its file `name` or `type`; empty: whatever.
    public var folderNames: [String]
    /// The number stands behind this text.
    public var label: String?
    /// The number is this one of the words, counted from 1.
    public var column: Int?
    /// What `word` may be.
    public var words: [String]
    /// Whether hardware without it is as it should be: then it is absent, and nothing is wrong.
    public var isOptional: Bool

    public init(
        kind: Kind, paths: [String], folderNames: [String] = [], label: String? = nil,
        column: Int? = nil, words: [String] = [], isOptional: Bool = false
    ) {
        self.kind = kind
        self.paths = paths
        self.folderNames = folderNames
        self.label = label
        self.column = column
        self.words = words
        self.isOptional = isOptional
    }
}
