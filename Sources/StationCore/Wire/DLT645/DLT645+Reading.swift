// Meters' frames in a recording, whoever sent them.

extension DLT645 {
    static func step(_ bytes: Span<UInt8>) -> LineProtocol.Step {
        switch find(bytes) {
        case .none: return .none
        case .wanting: return bytes[bytes.count - 1] == wake ? .none : .cutShort
        case .damaged(let damage, let length):
            var start = 0
            while bytes[start] == wake { start += 1 }
            let sum = ByteCheck.sum(bytes.extracting(start..<length - 2))
            return .damaged(
                damage, length: length,
                check: damage == .checksum ? [UInt8(truncatingIfNeeded: sum)] : [])
        case .frame(let found):
            return .whole([reading(bytes, found)], length: found.length)
        }
    }

    private static func reading(_ bytes: Span<UInt8>, _ found: Found) -> LineReading {
        let code = found.control & DLT645Function.mask
        let name = DLT645Function(rawValue: code).map { "\($0)" } ?? "0x" + Hex.upper([code])
        let isReply = found.control & DLT645Function.reply != 0
        var data = (0..<found.dataCount).map { bytes[found.data($0)] &- offset }
        var reading = LineReading(
            direction: isReply ? .reply : .request, name: name,
            address: address(in: bytes, found), fields: [])
        if found.control & DLT645Function.refused != 0 {
            reading.refusal = data.first.map { Int($0) } ?? 0
            return reading
        }
        switch DLT645Function(rawValue: code) {
        case .read where data.count >= 4, .readNext where data.count >= 4:
            let identifier = data.prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            reading.fields = [BusField("identifier", identifier)]
            data.removeFirst(4)
            if let number = number(data), isReply {
                reading.fields.append(BusField("value", number))
            }
        case .write where data.count >= 12 && !isReply:
            let identifier = data.prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            reading.fields = [BusField("identifier", identifier)]
            data.removeFirst(4)
            reading.fields += authority(&data)
        case .switchRelay where data.count >= 8 && !isReply:
            reading.fields = authority(&data)
        case .readAddress where isReply:
            if let number = number(data) { reading.fields = [BusField("address", number)] }
            data = []
        default: break
        }
        // Lowest byte first on the wire; people read it the other way round.
        reading.rest = data.reversed()
        return reading
    }

    /// Who gives an order; its password is nobody's business.
    private static func authority(_ data: inout [UInt8]) -> [BusField] {
        defer { data.removeFirst(8) }
        let level = BusField("level", Int64(data[0]))
        return [level] + (number(Array(data[4..<8])).map { [BusField("operator", $0)] } ?? [])
    }
}
