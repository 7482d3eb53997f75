// What is asked of a box on a bus and what comes of it, before and after it is bytes.

/// Something to ask or tell a box.
public enum BusQuestion: Sendable, Equatable {
    /// Modbus: so many registers or bits from an address on.
    case read(RegisterPlace.Table, address: Int, count: Int)
    /// Modbus: registers, or coils (0xFF00 on, 0x0000 off, and whatever else a model knows).
    case write(RegisterPlace.Table, address: Int, values: [UInt16])
    /// Modbus: a function of a vendor's own, from its code on; so many bytes come back between unit
    /// and CRC.
    case raw(bytes: [UInt8], replyCount: Int)
    /// A frame of the profile's own drawing, or of a codec.
    case frame(name: String, fields: [BusField])
    /// An item of a DL/T 645 meter.
    case item(MeterItem)
}

/// A named number in a frame, and which of several of that name, from 1.
public struct BusField: Sendable, Equatable {
    public var name: String
    public var index: Int?
    public var value: Int64

    public init(_ name: String, _ value: Int64, index: Int? = nil) {
        self.name = name
        self.index = index
        self.value = value
    }
}

/// What a box answered, or said by itself.
public enum BusAnswer: Sendable, Equatable {
    case registers([UInt16])
    case bits([Bool])
    /// It was told something, and says that it was.
    case done
    /// It understood and says no: the code of a Modbus exception, of a meter's error, of a board's
    /// own "failed".
    case refused(code: Int)
    /// A frame by its name, with its fields.
    case frame(name: String, fields: [BusField])
    /// The BCD number of a meter's item.
    case number(Int64)
    /// What follows the unit of a vendor's own function.
    case raw([UInt8])
}

/// What bytes from a line begin with.
///
/// | judgement | the caller |
/// |---|---|
/// | `incomplete` | waits for that many more bytes; at the time-out takes one off and looks again |
/// | `answer` | takes so many bytes off, and has its answer |
/// | `push` | takes so many bytes off; the answer may still come |
/// | `foreign` | takes so many bytes off: a whole frame, not for us and not from this box |
/// | `damaged` | takes so many bytes off and counts them: a frame whose check or length is wrong |
/// | `noise` | takes so many bytes off and counts them: nothing begins with them |
public enum BusJudgement: Sendable, Equatable {
    /// `wanting` is at least 1.
    case incomplete(wanting: Int)
    case answer(BusAnswer, length: Int)
    case push(BusAnswer, length: Int)
    case foreign(length: Int)
    case damaged(BusDamage, length: Int)
    case noise(length: Int)
}

/// What is wrong with a frame.
public enum BusDamage: UInt8, Sendable, CaseIterable {
    case checksum = 1
    /// Its length field cannot be.
    case length = 2
    /// Its end is not where it should be.
    case ending = 3
    /// A fixed byte or a field that must be as it was asked is not.
    case content = 4
}
