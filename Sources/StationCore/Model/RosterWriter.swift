// Puts a roster's sections into bytes, one after the other, into one buffer.

/// Writes one roster's file; what it takes is in order and settled already: forms, keys, the keys'
/// texts, and at last the rights.
struct RosterWriter {
    private let version: UInt64
    private let epoch: ShortText
    private let check: MatchForm
    private let issuer: UInt64
    /// The header's place is left free until everything is counted.
    private var file = [UInt8](repeating: 0, count: RosterLayout.headerBytes)
    private var entryCount = 0
    private var keyCount = 0
    private var textBytes = 0
    /// Of the keys that were taken: where the next one's text begins.
    private var textOffset = 0

    init(version: UInt64, epoch: ShortText, check: MatchForm, issuer: UInt64) {
        self.version = version
        self.issuer = issuer
        self.epoch = epoch
        self.check = check
    }

    /// Makes room, so that the buffer is not copied as it grows. Rights and names are little.
    mutating func reserve(forms: Int, keys: Int, textBytes: Int) {
        file.reserveCapacity(
            RosterLayout.headerBytes + forms * RosterLayout.entryBytes
                + keys * RosterLayout.keyBytes + textBytes + 65_536)
    }

    mutating func take(form: MatchForm, key: UInt32) {
        file.append(form.high)
        file.append(form.low)
        file.append(key)
        entryCount += 1
    }

    mutating func take(key: RosterBuilder.Key, rights: UInt16) {
        file.append(UInt32(textOffset))
        file.append(key.validFrom)
        file.append(key.validTo)
        file.append(rights)
        file.append(UInt8(key.id.count))
        file.append(UInt8(key.holder.count))
        file.append(key.state.rawValue)
        file.append(key.role.rawValue)
        file.append(key.assurance.rawValue)
        file.append(key.shapes.rawValue)
        textOffset += key.id.count + key.holder.count
        keyCount += 1
    }

    mutating func take(textOf key: RosterBuilder.Key) {
        key.id.withBytes { file.append(contentsOf: $0) }
        key.holder.withBytes { file.append(contentsOf: $0) }
        textBytes += key.id.count + key.holder.count
    }

    /// The file, its digest included.
    ///
    /// - Parameter rights: the sets of doors, by the numbers that keys were taken with.
    consuming func finished(rights: [RosterRights]) -> [UInt8] {
        let all = RosterBuilder.sorted(rights.flatMap { $0.doors.names + $0.terms.names })
        let numbers = [String: Int](uniqueKeysWithValues: zip(all, all.indices).map { ($0, $1) })
        // Programs from before read what says no more than they know.
        let hasTerms = rights.contains { $0.terms != .plain }
        let rightsStart = file.count
        for set in rights {
            switch set.doors {
            case .every:
                file.append(set.isSlow ? RosterLayout.everyDoorSlowly : RosterLayout.everyDoor)
            case .named(let names):
                file.append(UInt16(names.count) | (set.isSlow ? RosterLayout.slowly : 0))
                for name in names { file.append(UInt16(numbers[name] ?? 0)) }
            }
            if hasTerms { append(set.terms, numbers) }
        }
        let namesStart = file.count
        for name in all {
            file.append(UInt8(name.utf8.count))
            file.append(contentsOf: name.utf8)
        }
        let header = header(
            counts: [
                keyCount, entryCount, rights.count, all.count, textBytes, namesStart - rightsStart,
                file.count - namesStart,
            ], hasTerms ? RosterLayout.formatWithTerms : RosterLayout.format)
        for (place, byte) in header.enumerated() { file[place] = byte }
        file += SHA256.digest(file).bytes
        return file
    }

    private mutating func append(_ terms: RosterTerms, _ numbers: [String: Int]) {
        switch terms.services {
        case .every: file.append(RosterLayout.all)
        case .named(let names):
            file.append(UInt16(names.count))
            for name in names { file.append(UInt16(numbers[name] ?? 0)) }
        }
        file.append(terms.hours.map { UInt16(numbers[$0] ?? 0) } ?? RosterLayout.all)
        file.append(UInt16(terms.quotas.count))
        for quota in terms.quotas {
            file.append(
                quota.subject.isEmpty ? RosterLayout.all : UInt16(numbers[quota.subject] ?? 0))
            file.append(quota.measure.rawValue)
            file.append(quota.period.rawValue)
            file.append(quota.limit)
        }
    }

    private func header(counts: [Int], _ format: UInt16) -> [UInt8] {
        var header = RosterLayout.magic
        header.append(format)
        header.append(UInt16(0))
        for count in counts { header.append(UInt32(count)) }
        header.append(version)
        epoch.withBytes { header.append(contentsOf: $0) }
        header.append(contentsOf: repeatElement(0, count: ShortText.capacity - epoch.count))
        header.append(UInt8(epoch.count))
        header.append(check.high)
        header.append(check.low)
        header.append(issuer)
        return header
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
