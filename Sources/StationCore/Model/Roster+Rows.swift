// A roster taken apart again, for one that is small enough to be made anew with a row more.

extension Roster {
    /// Every row that it was made of, doors by name. Allocates: for a station's own cards, not for
    /// a city's.
    func rows() -> [RosterRow] {
        withFile { bytes, layout in
            let names = Self.names(bytes, layout)
            let rights = Self.rights(bytes, layout, names)
            return (0..<layout.entryCount).map { place in
                let entry = layout.entriesOffset + place * RosterLayout.entryBytes
                let index = Int(bytes.word32(entry + 16))
                let offset = layout.keysOffset + index * RosterLayout.keyBytes
                let key = key(at: index)
                return RosterRow(
                    id: key.id, holder: key.holder, form: bytes.matchForm(entry),
                    doors: rights[Int(bytes.word16(offset + RosterLayout.Key.rights))].doors,
                    validFrom: bytes.word32(offset + RosterLayout.Key.validFrom),
                    validTo: bytes.word32(offset + RosterLayout.Key.validTo),
                    state: overruled(at: index) ?? key.state,
                    role: key.role, assurance: key.assurance, shapes: shapes(at: index),
                    isSlow: isSlow(at: index),
                    terms: rights[Int(bytes.word16(offset + RosterLayout.Key.rights))].terms)
            }
        }
    }

    /// Its sets of rights, by name.
    public var namedRights: [RosterRights] {
        withFile { bytes, layout in
            Self.rights(bytes, layout, Self.names(bytes, layout))
        }
    }

    private static func names(
        _ bytes: UnsafeRawBufferPointer, _ layout: RosterLayout
    ) -> [String] {
        var offset = layout.namesOffset
        return (0..<layout.nameCount).map { _ in
            let length = Int(bytes[offset])
            defer { offset += 1 + length }
            return String(decoding: bytes.slice(offset + 1, length), as: UTF8.self)
        }
    }

    /// What `RosterRightsReader` has looked at.
    private static func rights(
        _ bytes: UnsafeRawBufferPointer, _ layout: RosterLayout, _ names: [String]
    ) -> [RosterRights] {
        var offset = layout.rightsOffset
        func word() -> UInt16 {
            defer { offset += 2 }
            return bytes.word16(offset)
        }
        func list(_ count: UInt16) -> RosterNames {
            .named((0..<Int(count)).map { _ in names[Int(word())] })
        }
        return (0..<layout.rightsCount).map { _ in
            let first = word()
            let isSlow = first != RosterLayout.everyDoor && first & RosterLayout.slowly != 0
            let doors =
                first < RosterLayout.everyDoorSlowly ? list(first & ~RosterLayout.slowly) : .every
            guard layout.hasTerms else { return RosterRights(doors: doors, isSlow: isSlow) }
            var terms = RosterTerms.plain
            let count = word()
            if count != RosterLayout.all { terms.services = list(count) }
            let hours = word()
            if hours != RosterLayout.all { terms.hours = names[Int(hours)] }
            terms.quotas = (0..<Int(word())).compactMap { _ in
                let subject = word()
                let kinds = word()
                let limit = bytes.word32(offset)
                offset += 4
                guard let measure = QuotaMeasure(rawValue: UInt8(truncatingIfNeeded: kinds)),
                    let period = QuotaPeriod(rawValue: UInt8(kinds >> 8))
                else { return nil }
                return RosterQuota(
                    subject == RosterLayout.all ? "" : names[Int(subject)], measure, per: period,
                    limit: limit)
            }
            return RosterRights(doors: doors, isSlow: isSlow, terms: terms)
        }
    }
}
