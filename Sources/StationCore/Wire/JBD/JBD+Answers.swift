// What a battery board's bytes say.

extension JBD {
    static func match(
        _ bytes: Span<UInt8>, asked: (name: String, fields: [BusField])?, at address: Int
    ) -> CodecMatch {
        guard bytes[0] == start else { return .none }
        guard bytes.count >= 4 else {
            if bytes.count > 1, !isRegister(bytes[1]), !isHost(bytes[1]) { return .none }
            return .wanting(overhead - bytes.count)
        }
        let register = asked.flatMap { Register(frame: $0.name) }
        guard isHost(bytes[1]) || isRegister(bytes[1]) else { return .none }
        let count = Int(bytes[3])
        guard count <= mostData else { return .none }
        let length = overhead + count
        guard bytes.count >= length else { return .wanting(length - bytes.count) }
        guard bytes[length - 1] == end else { return .damaged(.ending, length: length) }
        // A host's register and length count, a board's status and length.
        guard check(bytes.extracting(2..<length - 3)) == bytes.bigEndianWord(at: length - 3)
        else { return .damaged(.checksum, length: length) }
        guard !isHost(bytes[1]), let register else { return .judged(.foreign(length: length)) }
        guard bytes[1] == register.rawValue else {
            return .judged(.damaged(.content, length: length))
        }
        if bytes[2] != 0 {
            return .judged(.answer(.refused(code: Int(bytes[2])), length: length))
        }
        if register.isWritten { return .judged(.answer(.done, length: length)) }
        guard let fields = fields(register, bytes.extracting(4..<4 + count)) else {
            return .judged(.damaged(.length, length: length))
        }
        return .judged(
            .answer(.frame(name: register.frame, fields: fields), length: length))
    }

    private static func isHost(_ byte: UInt8) -> Bool { byte == reading || byte == writing }

    /// Only known registers begin an answer: the fewer beginnings, the less noise can swallow.
    private static func isRegister(_ byte: UInt8) -> Bool { Register(rawValue: byte) != nil }

    /// The fields of an answer; `nil` when it has not as many bytes as it says.
    static func fields(_ register: Register, _ data: Span<UInt8>) -> [BusField]? {
        switch register {
        case .basic: return basic(data)
        case .cells:
            guard !data.isEmpty, data.count % 2 == 0 else { return nil }
            let cells = (0..<data.count / 2).map { Int64(data.bigEndianWord(at: 2 * $0)) }
            return cells.enumerated().map { BusField("cell", $1, index: $0 + 1) }
                + [
                    BusField("highest", cells.max() ?? 0), BusField("lowest", cells.min() ?? 0),
                ]
        case .name:
            return CodecPayload("name", [.numbers("character", 1, data.count)]).fields(in: data)
        case .counts:
            return CodecPayload("counts", [.numbers("count", 2, 12)]).fields(in: data)
        case .mos, .mosV13:
            return []
        }
    }

    private static let basicCount = 23
    private static let yearZero: Int64 = 2_000

    private static func basic(_ data: Span<UInt8>) -> [BusField]? {
        guard data.count >= basicCount else { return nil }
        let sensors = Int(data[basicCount - 1])
        // Newer boards add humidity and more behind the temperatures.
        guard sensors <= mostSensors, data.count >= basicCount + 2 * sensors else { return nil }
        func word(_ place: Int) -> Int64 { Int64(data.bigEndianWord(at: place)) }
        var fields = [
            BusField("voltage", word(0)),
            BusField("current", Int64(Int16(bitPattern: data.bigEndianWord(at: 2)))),
            BusField("remaining", word(4)), BusField("capacity", word(6)),
            BusField("cycles", word(8)), BusField("year", yearZero + (word(10) >> 9)),
            BusField("month", word(10) >> 5 & 0xf), BusField("day", word(10) & 0x1f),
            BusField("version", Int64(data[18])), BusField("charge", Int64(data[19])),
            BusField("charging", Int64(data[20] & 1)),
            BusField("discharging", Int64(data[20] >> 1 & 1)), BusField("cells", Int64(data[21])),
        ]
        for bit in 0..<2 * wordBits {
            let balance = data.bigEndianWord(at: 12 + 2 * (bit / wordBits))
            fields.append(
                BusField("balancing", Int64(balance >> (bit % wordBits) & 1), index: bit + 1))
        }
        for bit in 0..<wordBits {
            fields.append(BusField("protection", word(16) >> Int64(bit) & 1, index: bit + 1))
        }
        for sensor in 0..<sensors {
            fields.append(
                BusField("temperature", word(basicCount + 2 * sensor), index: sensor + 1))
        }
        return fields
    }
}
