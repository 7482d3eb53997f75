// A codec's frames in a recording, whoever sent them.

extension BusCodecName {
    func step(_ bytes: Span<UInt8>) -> LineProtocol.Step {
        let codec = codec
        var readings: [LineReading] = []
        var length = 0
        var damaged: (BusDamage, length: Int)?
        var isCutShort = false
        func take(_ match: CodecMatch, _ direction: LineReading.Direction) {
            switch match {
            case .none: break
            case .wanting: isCutShort = true
            case .damaged(let damage, let count): damaged = damaged ?? (damage, count)
            case .judged(.answer(let answer, let count)):
                length = count
                let reading = Self.reading(answer, direction)
                if !readings.contains(reading) { readings.append(reading) }
            case .judged(.push(let answer, let count)):
                length = count
                let reading = Self.reading(answer, .report)
                if !readings.contains(reading) { readings.append(reading) }
            case .judged(.damaged(let damage, let count)):
                damaged = damaged ?? (damage, count)
            case .judged(.foreign(let count)): damaged = damaged ?? (.content, count)
            case .judged(.incomplete), .judged(.noise): break
            }
        }
        take(codec.hear(bytes, at: 0), .request)
        for name in codec.frames where readings.isEmpty || length == 0 {
            take(codec.match(bytes, asked: (name, []), at: 0), .reply)
        }
        if !readings.isEmpty { return .whole(readings.map(named(bytes)), length: length) }
        if let (damage, count) = damaged {
            let check = damage == .checksum ? codec.check(of: bytes.extracting(..<count)) : []
            return .damaged(damage, length: count, check: check)
        }
        return isCutShort ? .cutShort : .none
    }

    private static func reading(
        _ answer: BusAnswer, _ direction: LineReading.Direction
    ) -> LineReading {
        switch answer {
        case .frame(let name, let fields):
            LineReading(direction: direction, name: name, fields: fields)
        case .refused(let code):
            LineReading(direction: direction, name: "", fields: [], refusal: code)
        case .done, .registers, .bits, .number, .raw:
            LineReading(direction: direction, name: "", fields: [])
        }
    }

    /// A result alone does not say what it is about: its command does.
    private func named(_ bytes: Span<UInt8>) -> (LineReading) -> LineReading {
        let name = codec.name(of: bytes)
        return { reading in
            var reading = reading
            if reading.name.isEmpty { reading.name = name }
            return reading
        }
    }
}
