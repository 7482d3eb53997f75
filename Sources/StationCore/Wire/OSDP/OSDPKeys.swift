// Keys at a reader's keypad.

/// KEYPAD: keys in the order in which they were pressed.
public struct OSDPKeys: Hashable, Sendable {
    /// Most keys of one reply that are kept: more than a PIN has, and a PD asks to be polled.
    public static let capacity = 16

    public let reader: UInt8
    /// How many there are in `self`.
    public let count: UInt8
    /// Keys that were too many, or are none that a keypad of ours has.
    public let dropped: UInt8
    // Four bits each, the first key lowest.
    private let word: UInt64

    public init(reader: UInt8 = 0, _ keys: [KeypadKey]) {
        self.reader = reader
        count = UInt8(min(keys.count, Self.capacity))
        dropped = UInt8(clamping: keys.count - Int(count))
        word = keys.prefix(Self.capacity).reversed().reduce(0) { $0 << 4 | UInt64($1.rawValue) }
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(atLeast: 2)
        try fields.expect(2 + Int(fields[1]))
        var word: UInt64 = 0
        var count = 0
        var dropped = 0
        for place in 2..<fields.count {
            if count < Self.capacity, let key = KeypadKey(osdp: fields[place]) {
                word |= UInt64(key.rawValue) << UInt64(count * 4)
                count += 1
            } else {
                dropped += 1
            }
        }
        reader = fields[0]
        self.count = UInt8(count)
        self.dropped = UInt8(clamping: dropped)
        self.word = word
    }

    public subscript(index: Int) -> KeypadKey {
        precondition((0..<Int(count)).contains(index), "a key past the last one")
        return KeypadKey(rawValue: UInt8(word >> UInt64(index * 4) & 15)) ?? .zero
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append(count)
        for index in 0..<Int(count) { bytes.append(self[index].osdp) }
    }
}

extension KeypadKey {
    /// Digits are ASCII; `*` is DELETE and `#` is RETURN, which some readers send as themselves.
    fileprivate init?(osdp byte: UInt8) {
        switch byte {
        case 0x30...0x39: self.init(rawValue: byte - 0x30)
        case 0x7F, UInt8(ascii: "*"): self = .star
        case 0x0D, UInt8(ascii: "#"): self = .hash
        default: return nil
        }
    }

    fileprivate var osdp: UInt8 {
        switch self {
        case .star: 0x7F
        case .hash: 0x0D
        case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine:
            0x30 + rawValue
        }
    }
}
