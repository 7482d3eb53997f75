// Frames as a profile draws them: fixed bytes, named fields, a length, a check.

/// The frames of one model that has no protocol with a name.
public struct FrameLanguageSettings: Codable, Sendable, Equatable {
    public var check: FrameCheck?
    public var frames: [FrameSettings]

    public init(check: FrameCheck?, frames: [FrameSettings]) {
        self.check = check
        self.frames = frames
    }
}

/// One frame.
public struct FrameSettings: Codable, Sendable, Equatable {
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// We send it. `reply` names what comes back, if anything does.
        case request
        /// It answers a request.
        case reply
        /// The box sends it by itself.
        case push
    }

    /// `open`; a request's own reply that is drawn beside it is `open.reply`.
    public var name: String
    public var role: Role
    public var tokens: [FrameToken]
    /// The name of the frame that answers it; `nil`: the box says nothing. Of a push the request
    /// that acknowledges it, with the fields that the push had.
    public var reply: String?
    /// From the end of the request to the end of its answer; 0: the link's own time-out.
    public var withinMilliseconds: Int
    /// Whether no answer is no fault.
    public var isOptional: Bool
    /// Of a request: which of its answers say no.
    public var refusal: FrameRefusal?

    public init(
        name: String, role: Role, tokens: [FrameToken], reply: String? = nil,
        withinMilliseconds: Int = 0, isOptional: Bool = false, refusal: FrameRefusal? = nil
    ) {
        self.name = name
        self.role = role
        self.tokens = tokens
        self.reply = reply
        self.withinMilliseconds = withinMilliseconds
        self.isOptional = isOptional
        self.refusal = refusal
    }
}

/// An answer that says no by one of its fields, whose number is the code.
public struct FrameRefusal: Codable, Sendable, Equatable {
    public var field: String
    public var values: [Int64]

    public init(field: String, values: [Int64]) {
        self.field = field
        self.values = values
    }
}

/// One part of a frame, in the order of the wire.
public enum FrameToken: Codable, Sendable, Equatable {
    case bytes(these: [UInt8])
    /// A number. In a request `address` is the box's own, others are an action's arguments; in an
    /// answer `address` must be the box's own, and a name that the request had must have its value.
    case field(name: String, form: FieldForm)
    /// The same number several times, one after the other: `name.1`, `name.2`, ...
    case list(name: String, form: FieldForm, count: Int)
    /// Two numbers of four bits in one byte, by the rules of `field`; a number without a name is 0.
    case nibbles(high: String, low: String)
    /// Bits, the lowest of each byte first unless `isHighFirst`: `name.1`, `name.2`, ...; in whole
    /// bytes, what is left over is ignored, and 0 when sent.
    case bits(name: String, count: Int, isHighFirst: Bool)
    /// The number of all the frame's bytes, plus a number.
    case length(form: FieldForm, plus: Int)
    /// Bytes that mean nothing to us; 0 when sent.
    case skipped(count: Int)
    case check
}

/// How a number lies in bytes.
public struct FieldForm: Codable, Sendable, Equatable {
    /// 1 to 8.
    public var bytes: Int
    public var isLittleEndian: Bool
    public var isSigned: Bool
    /// Two decimal digits a byte.
    public var isBCD: Bool

    public init(
        bytes: Int = 1, isLittleEndian: Bool = false, isSigned: Bool = false, isBCD: Bool = false
    ) {
        self.bytes = bytes
        self.isLittleEndian = isLittleEndian
        self.isSigned = isSigned
        self.isBCD = isBCD
    }
}

/// How a frame proves itself.
public struct FrameCheck: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case xor, sum8
        /// Two bytes, high byte first.
        case sum16
        /// 0x10000 minus the sum, two bytes, high byte first.
        case negativeSum16 = "negative-sum16"
        /// Modbus's CRC-16, low byte first.
        case crc16
    }

    public var kind: Kind
    /// The first byte that counts, from the frame's start.
    public var from: Int
    /// How many bytes right before the check do not count; 0: all of them do.
    public var before: Int

    public init(kind: Kind, from: Int = 0, before: Int = 0) {
        self.kind = kind
        self.from = from
        self.before = before
    }
}
