// A card's first words after power-on: which protocols it speaks, and its historical bytes.
//
//   TS  T0        TA1 TB1 TC1 TD1 ...      historical bytes   TCK
//   3B  Y1 | K    as Y1 says; TDi leads    K of them          unless only T=0 is offered
//                 to the next four

/// An answer to reset, taken apart (ISO/IEC 7816-3, 8.2). A contactless reader makes one up.
public struct AnswerToReset: Equatable, Sendable {
    /// Longest, in bytes, TS included.
    public static let longest = 33

    /// Why bytes are no answer to reset.
    public enum Flaw: Error, Equatable, Sendable {
        /// It ends before it should.
        case short(expected: Int, found: Int)
        /// It goes on after it should have ended.
        case long(expected: Int, found: Int)
        /// TS is neither 3B nor 3F.
        case firstByte(UInt8)
        /// TCK does not make the exclusive or of everything after TS zero.
        case checkByte(expected: UInt8, found: UInt8)
    }

    /// The protocol that it offers first; 0 when it names none.
    public let firstProtocol: UInt8
    /// Where its historical bytes are.
    public let historical: Range<Int>

    /// Allocates nothing.
    public init(_ bytes: UnsafeRawBufferPointer) throws(Flaw) {
        let found = bytes.count
        guard found >= 2 else { throw .short(expected: 2, found: found) }
        guard found <= Self.longest else { throw .long(expected: Self.longest, found: found) }
        guard bytes[0] == 0x3b || bytes[0] == 0x3f else { throw .firstByte(bytes[0]) }
        var place = 2
        var present = bytes[1] >> 4
        var first: UInt8?
        var needsCheck = false
        while present != 0 {
            place += (present & 7).nonzeroBitCount
            guard present & 8 != 0 else { break }
            guard place < found else { throw .short(expected: place + 1, found: found) }
            let offered = bytes[place] & 15
            // Fifteen is no protocol: the bytes after it hold for all of them.
            if first == nil, offered != 15 { first = offered }
            if offered != 0 { needsCheck = true }
            present = bytes[place] >> 4
            place += 1
        }
        let end = place + Int(bytes[1] & 15)
        let expected = needsCheck ? end + 1 : end
        guard found >= expected else { throw .short(expected: expected, found: found) }
        guard found == expected else { throw .long(expected: expected, found: found) }
        firstProtocol = first ?? 0
        historical = place..<end
        guard needsCheck else { return }
        let sum = bytes[1..<end].reduce(0) { $0 ^ $1 }
        guard bytes[end] == sum else { throw .checkByte(expected: sum, found: bytes[end]) }
    }
}
