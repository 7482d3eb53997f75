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
                    doors: rights[Int(bytes.word16(offset + RosterLayout.Key.rights))],
                    validFrom: bytes.word32(offset + RosterLayout.Key.validFrom),
                    validTo: bytes.word32(offset + RosterLayout.Key.validTo), state: key.state,
                    role: key.role, assurance: key.assurance, shapes: shapes(at: index),
                    isSlow: isSlow(at: index))
            }
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

    private static func rights(
        _ bytes: UnsafeRawBufferPointer, _ layout: RosterLayout, _ names: [String]
    ) -> [RosterDoors] {
        var offset = layout.rightsOffset
        return (0..<layout.rightsCount).map { _ in
            let word = bytes.word16(offset)
            offset += 2
            guard word < RosterLayout.everyDoorSlowly else { return .every }
            let count = word & ~RosterLayout.slowly
            defer { offset += 2 * Int(count) }
            return .named(
                (0..<Int(count)).map { names[Int(bytes.word16(offset + 2 * $0))] })
        }
    }
}
