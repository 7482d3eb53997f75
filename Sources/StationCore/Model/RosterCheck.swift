// The one look at every byte of a roster's file that all later reads rely on.

/// Reads a roster's file section by section; nothing is believed before it was compared.
struct RosterCheck {
    struct Parts {
        let layout: RosterLayout
        let digest: Digest256
        let rights: RosterRightsParts
        let index: RosterIndex
    }

    private let bytes: UnsafeRawBufferPointer
    private let layout: RosterLayout

    static func run(
        _ file: [UInt8], _ station: RosterPlaces
    ) -> Result<Parts, RosterFileError> {
        file.withUnsafeBytes { bytes in
            do throws(RosterFileError) {
                return .success(try parts(bytes, station))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func parts(
        _ bytes: UnsafeRawBufferPointer, _ station: RosterPlaces
    ) throws(RosterFileError) -> Parts {
        let layout = try header(bytes)
        let digest = try digest(bytes, layout)
        let check = RosterCheck(bytes: bytes, layout: layout)
        try check.epoch()
        try check.text()
        try check.keys()
        let names = try check.names()
        let index = try check.entries()
        var reader = RosterRightsReader(
            bytes: bytes, layout: layout, names: names, station: station)
        try reader.read()
        return Parts(layout: layout, digest: digest, rights: reader.parts, index: index)
    }

    private static func header(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RosterFileError) -> RosterLayout {
        typealias Field = RosterLayout.Field
        guard bytes.count >= RosterLayout.headerBytes + RosterLayout.digestBytes,
            bytes.prefix(RosterLayout.magic.count).elementsEqual(RosterLayout.magic)
        else { throw .notARoster }
        let format = bytes.word16(Field.format)
        guard format == RosterLayout.format || format == RosterLayout.formatWithTerms else {
            throw .format(expected: Int(RosterLayout.formatWithTerms), found: Int(format))
        }
        try bound(.file, bytes.count, RosterLimits.fileBytes)
        let layout = RosterLayout(
            keyCount: Int(bytes.word32(Field.keys)),
            entryCount: Int(bytes.word32(Field.entries)),
            rightsCount: Int(bytes.word32(Field.rights)),
            nameCount: Int(bytes.word32(Field.names)),
            textBytes: Int(bytes.word32(Field.textBytes)),
            rightsBytes: Int(bytes.word32(Field.rightsBytes)),
            namesBytes: Int(bytes.word32(Field.namesBytes)),
            hasTerms: format == RosterLayout.formatWithTerms)
        try bound(.keys, layout.keyCount, RosterLimits.keys)
        try bound(.entries, layout.entryCount, RosterLimits.forms)
        try bound(.rights, layout.rightsCount, RosterLimits.rights)
        try bound(.names, layout.nameCount, RosterLimits.doorNames)
        try bound(.text, layout.textBytes, RosterLimits.fileBytes)
        try bound(.rights, layout.rightsBytes, RosterLimits.fileBytes)
        try bound(.names, layout.namesBytes, RosterLimits.fileBytes)
        guard layout.fileBytes == bytes.count else {
            throw .size(expected: layout.fileBytes, found: bytes.count)
        }
        return layout
    }

    private static func bound(
        _ section: RosterFileError.Section, _ found: Int, _ limit: Int
    ) throws(RosterFileError) {
        guard found <= limit else {
            throw .tooLarge(section: section, limit: limit, found: found)
        }
    }

    private static func digest(
        _ bytes: UnsafeRawBufferPointer, _ layout: RosterLayout
    ) throws(RosterFileError) -> Digest256 {
        var hash = SHA256()
        hash.update(bytes.slice(0, layout.digestOffset))
        let digest = hash.finished()
        guard digest.bytes.elementsEqual(bytes.suffix(RosterLayout.digestBytes)) else {
            throw .checksum
        }
        return digest
    }

    private func epoch() throws(RosterFileError) {
        let offset = RosterLayout.Field.epoch
        let length = Int(bytes[offset + ShortText.capacity])
        guard length <= ShortText.capacity, isPrintable(bytes.slice(offset, length)) else {
            throw .broken(section: .header, at: offset)
        }
    }

    private func text() throws(RosterFileError) {
        guard isPrintable(bytes.slice(layout.textOffset, layout.textBytes)) else {
            throw .broken(section: .text, at: 0)
        }
    }

    private func isPrintable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var odd: UInt8 = 0
        for byte in bytes { odd |= (0x20...0x7e).contains(byte) ? 0 : 1 }
        return odd == 0
    }

    private func keys() throws(RosterFileError) {
        typealias Key = RosterLayout.Key
        var previous = ShortText.empty
        for index in 0..<layout.keyCount {
            let offset = layout.keysOffset + index * RosterLayout.keyBytes
            let idLength = Int(bytes[offset + Key.idLength])
            let holderLength = Int(bytes[offset + Key.holderLength])
            let text = Int(bytes.word32(offset + Key.text))
            guard (1...ShortText.capacity).contains(idLength), holderLength <= ShortText.capacity,
                text + idLength + holderLength <= layout.textBytes,
                Int(bytes.word16(offset + Key.rights)) < layout.rightsCount,
                bytes.word32(offset + Key.validFrom) <= bytes.word32(offset + Key.validTo),
                KeyState(rawValue: bytes[offset + Key.state]) != nil,
                KeyRole(rawValue: bytes[offset + Key.role]) != nil,
                Assurance(rawValue: bytes[offset + Key.assurance]) != nil
            else { throw .broken(section: .keys, at: index) }
            let id = bytes.shortText(layout.textOffset + text, idLength)
            guard previous.precedes(id) else { throw .broken(section: .keys, at: index) }
            previous = id
        }
    }

    private func entries() throws(RosterFileError) -> RosterIndex {
        let bits = RosterIndex.bits(for: layout.entryCount)
        var buckets = [UInt32](repeating: UInt32(layout.entryCount), count: 1 << bits + 1)
        var next = 0  // The first bucket whose start is not known yet.
        var previous = MatchForm(high: 0, low: 0)
        for index in 0..<layout.entryCount {
            let offset = layout.entriesOffset + index * RosterLayout.entryBytes
            let form = bytes.matchForm(offset)
            guard index == 0 || previous < form, Int(bytes.word32(offset + 16)) < layout.keyCount
            else { throw .broken(section: .entries, at: index) }
            previous = form
            let bucket = Int(form.high >> UInt64(64 - bits))
            while next <= bucket {
                buckets[next] = UInt32(index)
                next += 1
            }
        }
        return RosterIndex(buckets: buckets, bits: bits)
    }

    private func names() throws(RosterFileError) -> [String] {
        var names: [String] = []
        var offset = layout.namesOffset
        for index in 0..<layout.nameCount {
            guard offset < layout.digestOffset else { throw .broken(section: .names, at: index) }
            let length = Int(bytes[offset])
            offset += 1
            guard (1...RosterLimits.doorNameBytes).contains(length),
                offset + length <= layout.digestOffset,
                let name = String(validating: bytes.slice(offset, length), as: UTF8.self)
            else { throw .broken(section: .names, at: index) }
            names.append(name)
            offset += length
        }
        guard offset == layout.digestOffset else {
            throw .broken(section: .names, at: layout.nameCount)
        }
        return names
    }
}
