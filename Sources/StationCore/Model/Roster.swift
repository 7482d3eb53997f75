// All keys of a station, ready to be asked at a tap.

/// One version of a roster: immutable, looked up without an allocation, swapped whole.
///
/// Comes out of `RosterFile.decode`, so every offset in it was checked once.
public final class Roster: Sendable {
    /// The roster's version, as whoever made it counts.
    public let version: UInt64
    /// The epoch of the station key that its match forms were made with.
    public let epoch: ShortText
    /// Door names that no door of this station has, in the order of the file.
    public let unknownDoors: [String]
    /// Names of hours that this station does not have: rights with them do not hold.
    public let unknownHours: [String]
    /// SHA-256 of the whole content: two rosters with one digest are the same.
    public let digest: Digest256
    /// The id of whose bundle it is; 0: it was made here, of a CSV file.
    public let issuer: UInt64

    let check: MatchForm
    private let file: [UInt8]
    private let layout: RosterLayout
    /// What each set of rights means here.
    private let doorSets: [DoorSet]
    /// Whether whoever has them needs more time.
    private let slowSets: [Bool]
    /// When and how much they are for; empty: all of them at any time, as much as one likes.
    let terms: [RightsTerms]
    let quotas: [RightsQuota]
    /// The first entry of each bucket, by the leading bits of the form, and the end of the last.
    private let buckets: [UInt32]
    private let bucketBits: Int
    // Where the parts of the file begin; `layout` would compute it anew for every key.
    private let entriesOffset: Int
    private let keysOffset: Int
    private let textOffset: Int
    /// Keys of which the station has a word of its own, in the order of their places.
    let marked: [MarkedKey]

    /// Calls `body` with the file's bytes, valid for the call only, and where its parts lie.
    func withFile<Result>(_ body: (UnsafeRawBufferPointer, RosterLayout) -> Result) -> Result {
        file.withUnsafeBytes { body($0, layout) }
    }

    /// Made by `RosterFile.decode` from what it has checked.
    init(
        checked file: [UInt8], layout: RosterLayout, digest: Digest256,
        rights: RosterRightsParts, index: RosterIndex
    ) {
        self.file = file
        self.layout = layout
        self.digest = digest
        doorSets = rights.doorSets
        slowSets = rights.slowSets
        terms = rights.terms
        quotas = rights.quotas
        unknownDoors = rights.unknownDoors
        unknownHours = rights.unknownHours
        buckets = index.buckets
        bucketBits = index.bits
        entriesOffset = layout.entriesOffset
        keysOffset = layout.keysOffset
        textOffset = layout.textOffset
        marked = []
        (version, epoch, check, issuer) = file.withUnsafeBytes { bytes in
            let length = Int(bytes[RosterLayout.Field.epoch + ShortText.capacity])
            return (
                bytes.word64(RosterLayout.Field.version),
                bytes.shortText(RosterLayout.Field.epoch, length),
                bytes.matchForm(RosterLayout.Field.check),
                bytes.word64(RosterLayout.Field.issuer)
            )
        }
    }

    /// The same with other states of some keys; `marked` has those that are the station's word.
    init(_ other: Roster, states: [(place: Int, state: KeyState)], marked: [MarkedKey]) {
        var file = other.file
        for (place, state) in states {
            file[other.keysOffset + place * RosterLayout.keyBytes + RosterLayout.Key.state] =
                state.rawValue
        }
        self.file = file
        self.marked = marked
        (version, epoch, check, issuer) = (other.version, other.epoch, other.check, other.issuer)
        (layout, digest) = (other.layout, other.digest)
        (unknownDoors, unknownHours) = (other.unknownDoors, other.unknownHours)
        (doorSets, slowSets) = (other.doorSets, other.slowSets)
        (terms, quotas) = (other.terms, other.quotas)
        (buckets, bucketBits) = (other.buckets, other.bucketBits)
        (entriesOffset, keysOffset) = (other.entriesOffset, other.keysOffset)
        textOffset = other.textOffset
    }

    /// How many keys there are.
    public var count: Int { layout.keyCount }
    /// How many match forms point at them.
    public var formCount: Int { layout.entryCount }

    /// What it occupies in memory, in bytes.
    public var memoryBytes: Int {
        file.count + buckets.count * MemoryLayout<UInt32>.stride
            + doorSets.count * (MemoryLayout<DoorSet>.stride + 1)
            + terms.count * MemoryLayout<RightsTerms>.stride
            + quotas.count * MemoryLayout<RightsQuota>.stride
    }

    /// Whether its match forms were made with this very key, and not just one of the same name.
    public func isMade(with key: StationKey) -> Bool { epoch == key.epoch && check == key.check }

    /// The key that a match form points at, or `nil` when it is on no key.
    ///
    /// O(1) in expectation: match forms spread evenly, so a bucket holds about four entries, and
    /// one that does not is searched by halves. No allocation.
    public func find(_ form: MatchForm) -> KeyRecord? { find(form, isNamed: true) }

    /// The same with empty id and holder: copying both is half of what a look-up costs.
    func rights(of form: MatchForm) -> KeyRecord? { find(form, isNamed: false) }

    /// Whether the holder of the key that a match form points at needs more time; `nil`: it is on
    /// no key. Asked at doors that have more: no other tap pays for it.
    @inline(never)
    func isSlow(_ form: MatchForm) -> Bool? { place(of: form).map { isSlow(at: $0) } }

    /// The place of the key that a match form points at: `find` without the key.
    @inline(never)
    func place(of form: MatchForm) -> Int? {
        file.withUnsafeBytes { bytes in
            let bucket = Int(form.high >> UInt64(64 - bucketBits))
            var (low, high) = (Int(buckets[bucket]), Int(buckets[bucket + 1]))
            while low < high {
                let middle = (low + high) / 2
                let found = bytes.matchForm(entry(middle))
                if found == form { return Int(bytes.word32(entry(middle) + 16)) }
                if found < form { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// The place of the key's rights in `namedRights`.
    /// - Precondition: `index` is below `count`.
    public func rightsPlace(at index: Int) -> Int {
        precondition(index >= 0 && index < count, "no such key on the roster")
        return file.withUnsafeBytes { bytes in
            Int(bytes.word16(keysOffset + index * RosterLayout.keyBytes + RosterLayout.Key.rights))
        }
    }

    /// Doors of this station that the key at a place opens, though maybe not at any time.
    /// - Precondition: `index` is below `count`.
    public func doors(at index: Int) -> DoorSet {
        terms(at: index)?.doors ?? key(at: index).doors
    }

    /// On which terms the key at a place opens what it opens; `nil`: on none.
    /// - Precondition: `index` is below `count`.
    func terms(at index: Int) -> RightsTerms? {
        terms.isEmpty ? nil : terms[rightsPlace(at: index)]
    }

    /// Whether the holder of the key at a place needs more time.
    /// - Precondition: `index` is below `count`.
    public func isSlow(at index: Int) -> Bool {
        precondition(index >= 0 && index < count, "no such key on the roster")
        return file.withUnsafeBytes { isSlow(index, in: $0) }
    }

    private func isSlow(_ index: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        let offset = keysOffset + index * RosterLayout.keyBytes
        return slowSets[Int(bytes.word16(offset + RosterLayout.Key.rights))]
    }

    private func find(_ form: MatchForm, isNamed: Bool) -> KeyRecord? {
        let bucket = Int(form.high >> UInt64(64 - bucketBits))
        var low = Int(buckets[bucket])
        var high = Int(buckets[bucket + 1])
        return file.withUnsafeBytes { bytes in
            while high &- low > Self.lineOfEntries {
                let middle = (low &+ high) &>> 1
                if form < bytes.matchForm(entry(middle)) { high = middle } else { low = middle }
            }
            for place in low..<high where bytes.matchForm(entry(place)) == form {
                return record(
                    Int(bytes.word32(entry(place) &+ 16)), isNamed: isNamed, in: bytes)
            }
            return nil
        }
    }

    /// So few entries are looked at one by one: a search by halves mispredicts more than it saves.
    private static let lineOfEntries = 8

    private func entry(_ place: Int) -> Int { entriesOffset &+ place &* RosterLayout.entryBytes }

    /// The key at a place, ordered by id.
    /// - Precondition: `index` is below `count`.
    public func key(at index: Int) -> KeyRecord {
        precondition(index >= 0 && index < count, "no such key on the roster")
        return file.withUnsafeBytes { record(index, isNamed: true, in: $0) }
    }

    /// The key of that id.
    public func key(_ id: ShortText) -> KeyRecord? { place(of: id).map { key(at: $0) } }

    /// The place of the key of that id, by halves; `nil`: there is none.
    public func place(of id: ShortText) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let found = key(at: middle).id
            if found == id { return middle }
            if found.precedes(id) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// What kinds of numbers the key at a place has; empty: nobody wrote it down.
    /// - Precondition: `index` is below `count`.
    public func shapes(at index: Int) -> NumberShapes {
        precondition(index >= 0 && index < count, "no such key on the roster")
        return file.withUnsafeBytes { bytes in
            NumberShapes(
                rawValue: bytes[
                    keysOffset + index * RosterLayout.keyBytes + RosterLayout.Key.shapes])
        }
    }

    private func record(
        _ index: Int, isNamed: Bool, in bytes: UnsafeRawBufferPointer
    ) -> KeyRecord {
        typealias Key = RosterLayout.Key
        let offset = keysOffset + index * RosterLayout.keyBytes
        let idLength = Int(bytes[offset + Key.idLength])
        let holderLength = Int(bytes[offset + Key.holderLength])
        let text = textOffset + Int(bytes.word32(offset + Key.text))
        let from = bytes.word32(offset + Key.validFrom)
        let to = bytes.word32(offset + Key.validTo)
        return KeyRecord(
            id: isNamed ? bytes.shortText(text, idLength) : .empty,
            holder: isNamed ? bytes.shortText(text + idLength, holderLength) : .empty,
            state: KeyState(rawValue: bytes[offset + Key.state]) ?? .blocked,
            role: KeyRole(rawValue: bytes[offset + Key.role]) ?? .rider,
            validFrom: from == 0 ? nil : WallTime(seconds: Int64(from)),
            validTo: to == .max ? nil : WallTime(seconds: Int64(to)),
            doors: doorSets[Int(bytes.word16(offset + Key.rights))],
            assurance: Assurance(rawValue: bytes[offset + Key.assurance]) ?? .authenticated)
    }
}

/// The first entry of each bucket of forms with the same leading bits.
struct RosterIndex {
    /// One more than there are buckets: where the last one ends.
    let buckets: [UInt32]
    let bits: Int

    /// About four entries a bucket: one byte an entry, and one cache line to look through.
    static func bits(for entries: Int) -> Int {
        entries <= 4 ? 0 : Int.bitWidth - (entries / 4).leadingZeroBitCount - 1
    }
}

extension ShortText {
    /// Whether this text comes first in the order of bytes, a prefix before what it begins.
    public func precedes(_ other: ShortText) -> Bool {
        let (a, b) = (storage, other.storage)
        if a.0 != b.0 { return UInt64(bigEndian: a.0) < UInt64(bigEndian: b.0) }
        if a.1 != b.1 { return UInt64(bigEndian: a.1) < UInt64(bigEndian: b.1) }
        return UInt64(bigEndian: a.2) < UInt64(bigEndian: b.2)
    }
}
