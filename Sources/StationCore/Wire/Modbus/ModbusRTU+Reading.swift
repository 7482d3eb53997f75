// Modbus frames in a recording. A frame does not say who sent it: some may be a request as well as
// a reply, and then both are told.

extension ModbusRTU {
    static func step(_ bytes: Span<UInt8>) -> LineProtocol.Step {
        guard bytes.count >= 4 else {
            guard bytes.count >= 2 else { return .none }
            return isKnown(bytes[1]) ? .cutShort : .none
        }
        let function = bytes[1] & ~ModbusException.flag
        let isRefusal = function != bytes[1] && vendorFunctions.contains(function)
        let lengths =
            isKnown(function) || isRefusal
            ? lengths(bytes) : vendorLength(bytes).map { [$0] } ?? []
        for length in lengths where length <= bytes.count {
            let frame = bytes.extracting(..<length)
            guard isWhole(frame) else { continue }
            let readings = readings(frame)
            if !readings.isEmpty { return .whole(readings, length: length) }
        }
        // A header from a wrapped connection: transaction, 0, how many bytes follow.
        if let step = wrapped(bytes) { return step }
        guard isKnown(bytes[1]) else { return .none }
        guard let length = lengths.first(where: { $0 <= bytes.count }) else { return .cutShort }
        let crc = ByteCheck.crc16(bytes.extracting(..<(length - 2)))
        return .damaged(
            .checksum, length: length, check: [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)])
    }

    private static func isKnown(_ function: UInt8) -> Bool {
        ModbusFunction(rawValue: function & ~ModbusException.flag) != nil
    }

    /// Codes that the specification gives to vendors (V1.1b3 §5) and its rarer ones. Any other
    /// would let noise look like a frame.
    private static let vendorFunctions: Set<UInt8> = Set(
        [0x07, 0x08, 0x0b, 0x0c, 0x11, 0x14, 0x15, 0x18, 0x2b] + (0x41...0x48) + (0x64...0x6e))
    private static let longestVendor = 64

    /// The first length at which the last two bytes are the CRC of those before: over all of them
    /// it is 0 then.
    private static func vendorLength(_ bytes: Span<UInt8>) -> Int? {
        guard vendorFunctions.contains(bytes[1]) else { return nil }
        for length in 4...max(4, min(bytes.count, longestVendor))
        where ByteCheck.crc16(bytes.extracting(..<length)) == 0 {
            return length
        }
        return nil
    }

    /// The lengths that a frame with these first bytes may have, the likeliest first.
    private static func lengths(_ bytes: Span<UInt8>) -> [Int] {
        if bytes[1] & ModbusException.flag != 0 { return [5] }
        switch ModbusFunction(rawValue: bytes[1]) {
        case .readCoils, .readDiscrete, .readHolding, .readInput: return [8, 5 + Int(bytes[2])]
        case .writeCoil, .writeRegister: return [8]
        case .writeCoils, .writeRegisters: return bytes.count > 6 ? [8, 9 + Int(bytes[6])] : [8]
        case .mask: return [10]
        case .exchange:
            let reply = 5 + Int(bytes[2])
            return bytes.count > 10 ? [13 + Int(bytes[10]), reply] : [reply]
        case nil: return []
        }
    }

    private static func readings(_ frame: Span<UInt8>) -> [LineReading] {
        pduReadings(frame.extracting(1..<frame.count - 2), unit: Int(frame[0]))
    }

    static func pduReadings(_ pdu: Span<UInt8>, unit: Int) -> [LineReading] {
        if pdu[0] & ModbusException.flag != 0 {
            let code = pdu[0] & ~ModbusException.flag
            guard pdu.count == 2 else { return [] }
            return [
                LineReading(
                    direction: .reply, name: name(code), address: unit, fields: [],
                    refusal: Int(pdu[1]))
            ]
        }
        guard ModbusFunction(rawValue: pdu[0]) != nil else {
            let rest = pdu.copied(1, pdu.count - 1)
            return [.request, .reply].map {
                LineReading(
                    direction: $0, name: name(pdu[0]), address: unit, fields: [], rest: rest)
            }
        }
        var readings: [LineReading] = []
        if let request = try? ModbusRequest(pdu: pdu) {
            readings.append(
                LineReading(
                    direction: .request, name: name(pdu[0]), address: unit,
                    fields: request.fields))
        }
        if let fields = replyFields(pdu) {
            readings.append(
                LineReading(
                    direction: .reply, name: name(pdu[0]), address: unit, fields: fields))
        }
        return readings
    }

    private static func name(_ function: UInt8) -> String {
        ModbusFunction(rawValue: function).map { "\($0)" } ?? "0x" + Hex.upper([function])
    }

    private static func replyFields(_ pdu: Span<UInt8>) -> [BusField]? {
        func words(_ start: Int, _ names: [String]) -> [BusField] {
            names.enumerated().map {
                BusField($1, Int64(pdu.bigEndianWord(at: start + 2 * $0)))
            }
        }
        switch ModbusFunction(rawValue: pdu[0]) {
        case .readCoils, .readDiscrete:
            guard pdu.count > 2, pdu.count == 2 + Int(pdu[1]) else { return nil }
            return (0..<8 * Int(pdu[1])).map {
                BusField("bit", Int64(pdu[2 + $0 / 8] >> ($0 % 8) & 1), index: $0 + 1)
            }
        case .readHolding, .readInput, .exchange:
            guard pdu.count > 2, pdu.count == 2 + Int(pdu[1]), pdu[1] % 2 == 0 else { return nil }
            return (0..<Int(pdu[1]) / 2).map {
                BusField("value", Int64(pdu.bigEndianWord(at: 2 + 2 * $0)), index: $0 + 1)
            }
        case .writeCoil, .writeRegister:
            return pdu.count == 5 ? words(1, ["address", "value"]) : nil
        case .writeCoils, .writeRegisters:
            return pdu.count == 5 ? words(1, ["address", "count"]) : nil
        case .mask: return pdu.count == 7 ? words(1, ["address", "and", "or"]) : nil
        case nil: return nil
        }
    }

    private static func wrapped(_ bytes: Span<UInt8>) -> LineProtocol.Step? {
        guard bytes.count >= ModbusTCP.headerCount + 2, bytes.bigEndianWord(at: 2) == 0 else {
            return nil
        }
        let length = ModbusTCP.headerCount - 1 + Int(bytes.bigEndianWord(at: 4))
        guard length >= ModbusTCP.headerCount + 2, length <= ModbusTCP.longest,
            length <= bytes.count
        else { return nil }
        // It has no check: a function that nobody has makes it noise.
        let function = bytes[ModbusTCP.headerCount] & ~ModbusException.flag
        guard isKnown(function) || vendorFunctions.contains(function) else { return nil }
        let readings = pduReadings(
            bytes.extracting(ModbusTCP.headerCount..<length), unit: Int(bytes[6]))
        return readings.isEmpty ? nil : .whole(readings, length: length)
    }
}

/// The function codes of the standard that are known here.
package enum ModbusFunction: UInt8, CaseIterable, Sendable {
    case readCoils = 0x01
    case readDiscrete = 0x02
    case readHolding = 0x03
    case readInput = 0x04
    case writeCoil = 0x05
    case writeRegister = 0x06
    case writeCoils = 0x0f
    case writeRegisters = 0x10
    case mask = 0x16
    case exchange = 0x17

    package func text(_ language: Wording.Language) -> String {
        switch (self, language) {
        case (.readCoils, .chinese): "读线圈"
        case (.readCoils, .english): "read coils"
        case (.readDiscrete, .chinese): "读离散输入"
        case (.readDiscrete, .english): "read inputs"
        case (.readHolding, .chinese): "读保持寄存器"
        case (.readHolding, .english): "read holding registers"
        case (.readInput, .chinese): "读输入寄存器"
        case (.readInput, .english): "read input registers"
        case (.writeCoil, .chinese): "写一个线圈"
        case (.writeCoil, .english): "write one coil"
        case (.writeRegister, .chinese): "写一个寄存器"
        case (.writeRegister, .english): "write one register"
        case (.writeCoils, .chinese): "写多个线圈"
        case (.writeCoils, .english): "write coils"
        case (.writeRegisters, .chinese): "写多个寄存器"
        case (.writeRegisters, .english): "write registers"
        case (.mask, .chinese): "改寄存器的位"
        case (.mask, .english): "change bits of a register"
        case (.exchange, .chinese): "写后读寄存器"
        case (.exchange, .english): "write, then read registers"
        }
    }
}

extension ModbusRequest {
    /// Its numbers by name, for people.
    var fields: [BusField] {
        func values(_ words: [UInt16]) -> [BusField] {
            words.enumerated().map { BusField("value", Int64($1), index: $0 + 1) }
        }
        switch self {
        case .read(_, let address, let count):
            return [BusField("address", Int64(address)), BusField("count", Int64(count))]
        case .writeCoil(let address, let value), .writeRegister(let address, let value):
            return [BusField("address", Int64(address)), BusField("value", Int64(value))]
        case .writeCoils(let address, let bits):
            return [BusField("address", Int64(address))]
                + bits.enumerated().map { BusField("bit", $1 ? 1 : 0, index: $0 + 1) }
        case .writeRegisters(let address, let words):
            return [BusField("address", Int64(address))] + values(words)
        case .mask(let address, let and, let or):
            return [
                BusField("address", Int64(address)), BusField("and", Int64(and)),
                BusField("or", Int64(or)),
            ]
        case .exchange(let readAddress, let count, let writeAddress, let words):
            return [
                BusField("address", Int64(readAddress)), BusField("count", Int64(count)),
                BusField("writeAddress", Int64(writeAddress)),
            ] + values(words)
        case .vendor: return []
        }
    }
}
