// Puts a roster's sections into bytes.

/// Writes one roster's file; what it takes is in order and settled already.
struct RosterWriter {
    private let version: UInt64
    private let epoch: ShortText
    private let check: MatchForm
    private var entries: [UInt8] = []
    private var keys: [UInt8] = []
    private var text: [UInt8] = []
    private var rights: [UInt8] = []
    private var names: [UInt8] = []
    private var entryCount = 0
    private var keyCount = 0
    private var rightsCount = 0
    private var nameCount = 0

    init(version: UInt64, epoch: ShortText, check: MatchForm) {
        self.version = version
        self.epoch = epoch
        self.check = check
    }

    /// Writes the sets of doors that are used, numbered as they first appear.
    ///
    /// - Returns: each set's number, in the order given.
    mutating func take(rights used: [RosterDoors]) -> [Int] {
        var numbers: [RosterDoors: Int] = [:]
        var distinct: [RosterDoors] = []
        let places = used.map { doors in
            if let number = numbers[doors] { return number }
            let number = distinct.count
            numbers[doors] = number
            distinct.append(doors)
            return number
        }
        let all = RosterBuilder.sorted(distinct.flatMap(\.names))
        let nameNumbers = [String: Int](
            uniqueKeysWithValues: zip(all, all.indices).map { ($0, $1) })
        for doors in distinct {
            switch doors {
            case .every: rights.append(RosterLayout.everyDoor)
            case .named(let names):
                rights.append(UInt16(names.count))
                for name in names { rights.append(UInt16(nameNumbers[name] ?? 0)) }
            }
        }
        for name in all {
            names.append(UInt8(name.utf8.count))
            names.append(contentsOf: name.utf8)
        }
        rightsCount = distinct.count
        nameCount = all.count
        return places
    }

    mutating func take(form: MatchForm, key: Int) {
        entries.append(form.high)
        entries.append(form.low)
        entries.append(UInt32(key))
        entryCount += 1
    }

    mutating func take(key row: RosterRow, rights: Int) {
        keys.append(UInt32(text.count))
        keys.append(row.validFrom)
        keys.append(row.validTo)
        keys.append(UInt16(rights))
        keys.append(UInt8(row.id.count))
        keys.append(UInt8(row.holder.count))
        keys.append(row.state.rawValue)
        keys.append(row.role.rawValue)
        keys.append(row.assurance.rawValue)
        keys.append(UInt8(0))
        row.id.withBytes { text.append(contentsOf: $0) }
        row.holder.withBytes { text.append(contentsOf: $0) }
        keyCount += 1
    }

    /// The file, its digest included.
    func finished() -> [UInt8] {
        var file: [UInt8] = []
        let parts = [entries, keys, text, rights, names]
        file.reserveCapacity(
            RosterLayout.headerBytes + parts.reduce(0) { $0 + $1.count }
                + RosterLayout.digestBytes)
        file += RosterLayout.magic
        file.append(RosterLayout.format)
        file.append(UInt16(0))
        let counts = [
            keyCount, entryCount, rightsCount, nameCount, text.count, rights.count, names.count,
        ]
        for count in counts { file.append(UInt32(count)) }
        file.append(version)
        epoch.withBytes { file.append(contentsOf: $0) }
        file.append(contentsOf: repeatElement(0, count: ShortText.capacity - epoch.count))
        file.append(UInt8(epoch.count))
        file.append(check.high)
        file.append(check.low)
        file.append(UInt64(0))
        for part in parts { file += part }
        file += SHA256.digest(file).bytes
        return file
    }
}

/// Little-endian numbers at the end.
extension [UInt8] {
    fileprivate mutating func append(_ word: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: word.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }
}
