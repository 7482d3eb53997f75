// The roster file's layout: where everything lies, and the limits within which it may lie.
//
//   header      96 bytes: magic, format, counts, roster version, epoch, key check, issuer's id
//   entries     20 bytes each, ordered by match form: form (high, low), key's place
//   keys        20 bytes each, ordered by id: text, validity, rights, state, role, assurance and
//               the shapes of its numbers
//   text        ids and holders, one after the other
//   rights      per set: how many doors (UInt16, its highest bit: the holder needs more time at
//               them), then their names' places (UInt16 each)
//               in format 2 then: how many services (UInt16; 0xFFFF: every one), their names'
//               places; the hours' name's place (0xFFFF: always); how many quotas, then for each:
//               the service's name's place (0xFFFF: all doors), measure and period (UInt8 each),
//               and how much (UInt32)
//   names       of doors, services and hours: length (UInt8), then UTF-8
//   digest      32 bytes: SHA-256 of everything before
//
// All numbers are little-endian. A key with one form, an id and a holder of eight bytes each costs
// 20 + 20 + 16 bytes here and about one more for the index that is made at load.

/// The most that a roster may hold.
public enum RosterLimits {
    /// A city of a million riders, and a tenth.
    public static let keys = 1_100_000
    /// Match forms: most keys have one, some cards are known by two or three numbers.
    public static let forms = 2_200_000
    /// Doors in one set.
    public static let doorsPerSet = 32_766
    /// Different sets of doors: a place in the table is 16 bits.
    public static let rights = 65_535
    /// Quotas in one set.
    public static let quotasPerSet = 32
    /// Different names of doors, services and hours, of this and of other stations.
    public static let doorNames = 65_534
    /// A name, in bytes of UTF-8.
    public static let doorNameBytes = 64
    /// A whole file: the limits above with their longest texts need less.
    public static let fileBytes = 256 << 20
}

struct RosterLayout: Equatable {
    static let magic: [UInt8] = Array("STNROSTR".utf8)
    /// Rights that are doors alone: what was written before there were others, and is still.
    static let format: UInt16 = 1
    /// Rights with services, hours and quotas.
    static let formatWithTerms: UInt16 = 2
    static let headerBytes = 96
    static let entryBytes = 20
    static let keyBytes = 20
    static let digestBytes = 32
    /// Instead of a count of doors: every door there is.
    static let everyDoor: UInt16 = .max
    /// The same, for a holder who needs more time.
    static let everyDoorSlowly: UInt16 = .max - 1
    /// Beside a count of doors: whoever has these rights needs more time. Files from before have
    /// no set of so many doors.
    static let slowly: UInt16 = 0x8000
    /// Instead of a count of services or a name's place: every service, at any time, all doors.
    static let all: UInt16 = .max

    /// Header fields, by their offset.
    enum Field {
        static let format = 8
        static let keys = 12
        static let entries = 16
        static let rights = 20
        static let names = 24
        static let textBytes = 28
        static let rightsBytes = 32
        static let namesBytes = 36
        static let version = 40
        static let epoch = 48
        static let check = 72
        static let issuer = 88
    }

    /// A key's fields, by their offset in it.
    enum Key {
        static let text = 0
        static let validFrom = 4
        static let validTo = 8
        static let rights = 12
        static let idLength = 14
        static let holderLength = 15
        static let state = 16
        static let role = 17
        static let assurance = 18
        static let shapes = 19
    }

    var keyCount: Int
    var entryCount: Int
    var rightsCount: Int
    var nameCount: Int
    var textBytes: Int
    var rightsBytes: Int
    var namesBytes: Int
    /// Whether sets of rights say more than doors.
    var hasTerms = false

    var entriesOffset: Int { Self.headerBytes }
    var keysOffset: Int { entriesOffset + entryCount * Self.entryBytes }
    var textOffset: Int { keysOffset + keyCount * Self.keyBytes }
    var rightsOffset: Int { textOffset + textBytes }
    var namesOffset: Int { rightsOffset + rightsBytes }
    var digestOffset: Int { namesOffset + namesBytes }
    var fileBytes: Int { digestOffset + Self.digestBytes }
}

/// Reads little-endian numbers; the caller has checked that they are there.
extension UnsafeRawBufferPointer {
    func word16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    func word32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    func word64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func matchForm(_ offset: Int) -> MatchForm {
        MatchForm(high: word64(offset), low: word64(offset + 8))
    }
    /// A text of at most 23 bytes, three words at once; what lies behind it is masked away, and the
    /// file's digest lies behind every text.
    func shortText(_ offset: Int, _ count: Int) -> ShortText {
        ShortText(
            storage: (
                textWord(offset, count, 0), textWord(offset + 8, count - 8, 0),
                textWord(offset + 16, count - 16, UInt64(count) << 56)
            ))
    }
    @inline(__always)
    private func textWord(_ offset: Int, _ count: Int, _ length: UInt64) -> UInt64 {
        guard count > 0 else { return length.littleEndian }
        let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* Swift.min(8, count))
        return (word64(offset) & (.max &>> unused) | length).littleEndian
    }
    func slice(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset + count])
    }
}
