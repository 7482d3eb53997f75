// Drawn frames in a recording, whoever sent them to whichever board.

extension FrameLanguageSettings {
    func step(_ bytes: Span<UInt8>, _ header: LineProtocol.LengthHeader?) -> LineProtocol.Step {
        var readings: [LineReading] = []
        var (length, isCutShort) = (0, false)
        var damaged: (BusDamage, length: Int, check: [UInt8])?
        for frame in frames {
            let count = self.length(of: frame)
            switch fit(bytes, frame, at: -1, asked: []) {
            case .none: break
            case .wanting: isCutShort = true
            case .whole, .foreign:
                guard length == 0 || count == length else { break }
                length = count
                readings.append(reading(bytes, frame))
            case .damaged(let damage):
                if damaged == nil { damaged = (damage, count, expected(bytes, frame)) }
            }
        }
        if !readings.isEmpty { return .whole(readings, length: length) }
        if let other = header.flatMap({ Self.other(bytes, $0) }) { return other }
        if isCutShort { return .cutShort }
        return damaged.map { .damaged($0.0, length: $0.length, check: $0.check) } ?? .none
    }

    private func reading(_ bytes: Span<UInt8>, _ frame: FrameSettings) -> LineReading {
        var fields = fields(bytes, frame)
        let address = fields.value(Self.addressName).map { Int($0) }
        fields.removeAll { $0.name == Self.addressName }
        let direction: LineReading.Direction =
            switch frame.role {
            case .request: .request
            case .reply: .reply
            case .push: .report
            }
        let name = frame.name.split(separator: ".").first.map(String.init) ?? frame.name
        return LineReading(direction: direction, name: name, address: address, fields: fields)
    }

    /// What the frame's check should be.
    private func expected(_ bytes: Span<UInt8>, _ frame: FrameSettings) -> [UInt8] {
        var place = 0
        for token in frame.tokens {
            if case .check = token { return check?.bytes(of: bytes, at: place) ?? [] }
            place += token.length(check: check)
        }
        return []
    }

    /// A frame of a command that no drawing has, by its header and length; `nil` where none is.
    private static func other(
        _ bytes: Span<UInt8>, _ header: LineProtocol.LengthHeader
    ) -> LineProtocol.Step? {
        guard bytes.begins(with: header.bytes) else { return nil }
        let least = header.commandPlace + 2
        guard bytes.count > header.lengthPlace else { return .cutShort }
        let length = Int(bytes[header.lengthPlace])
        guard length >= least else { return .damaged(.length, length: least, check: []) }
        guard bytes.count >= length else { return .cutShort }
        let check = ByteCheck.xor(bytes.extracting(..<(length - 1)))
        guard bytes[length - 1] == check else {
            return .damaged(.checksum, length: length, check: [check])
        }
        let command = bytes[header.commandPlace]
        return .whole(
            [
                LineReading(
                    direction: .request, name: "0x" + Hex.upper([command]),
                    address: Int(bytes[header.addressPlace]), fields: [],
                    rest: bytes.copied(least - 1, length - least))
            ], length: length)
    }
}
