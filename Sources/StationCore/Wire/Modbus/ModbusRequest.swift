// What a master asks a Modbus unit, and its limits. Source: Modbus Application Protocol V1.1b3 §6,
// whose limits libmodbus's modbus.h quotes; the vendor's own functions as their manuals say.
//
//   01 02 03 04   read coils, discrete inputs, holding registers, input registers
//   05 06         write one coil (any 16-bit value: boards know more than on and off), one register
//   0F 10         write several
//   16            change bits of a register: (old and AND) or (OR and not AND)
//   17            write registers, then read registers
//   others        a vendor's own, such as 42 of PZEM meters, which resets their energy

/// One request, before it has a unit and a check.
public enum ModbusRequest: Equatable, Sendable {
    case read(RegisterPlace.Table, address: UInt16, count: Int)
    case writeCoil(address: UInt16, value: UInt16)
    case writeRegister(address: UInt16, value: UInt16)
    case writeCoils(address: UInt16, values: [Bool])
    case writeRegisters(address: UInt16, values: [UInt16])
    case mask(address: UInt16, and: UInt16, or: UInt16)
    case exchange(readAddress: UInt16, count: Int, writeAddress: UInt16, values: [UInt16])
    /// A function of a vendor's own, from its code on; so many bytes come back between unit and
    /// CRC, none if 0.
    case vendor(bytes: [UInt8], replyCount: Int)

    /// Bytes between unit and check.
    public static let longestPDU = 253
    public static let mostBitsRead = 2_000
    public static let mostRegistersRead = 125
    public static let mostCoilsWritten = 1_968
    public static let mostRegistersWritten = 123
    public static let mostRegistersExchanged = 121
    /// What turns a coil on and off with function 05 everywhere.
    public static let on: UInt16 = 0xff00
    public static let off: UInt16 = 0x0000

    public var function: UInt8 {
        switch self {
        case .read(let table, _, _): table.readFunction
        case .writeCoil: 0x05
        case .writeRegister: 0x06
        case .writeCoils: 0x0f
        case .writeRegisters: 0x10
        case .mask: 0x16
        case .exchange: 0x17
        case .vendor(let bytes, _): bytes.first ?? 0
        }
    }

    /// Function code and data, without unit and check.
    public var pdu: [UInt8] {
        switch self {
        case .read(_, let address, let count):
            return Self.words(function, [address, UInt16(truncatingIfNeeded: count)])
        case .writeCoil(let address, let value), .writeRegister(let address, let value):
            return Self.words(function, [address, value])
        case .writeCoils(let address, let values):
            let packed = Self.packed(values)
            return Self.words(function, [address, UInt16(truncatingIfNeeded: values.count)])
                + [UInt8(truncatingIfNeeded: packed.count)] + packed
        case .writeRegisters(let address, let values):
            return Self.words(function, [address, UInt16(truncatingIfNeeded: values.count)])
                + [UInt8(truncatingIfNeeded: 2 * values.count)] + Self.bytes(values)
        case .mask(let address, let and, let or):
            return Self.words(function, [address, and, or])
        case .exchange(let readAddress, let count, let writeAddress, let values):
            let header = [
                readAddress, UInt16(truncatingIfNeeded: count), writeAddress,
                UInt16(truncatingIfNeeded: values.count),
            ]
            return Self.words(function, header) + [UInt8(truncatingIfNeeded: 2 * values.count)]
                + Self.bytes(values)
        case .vendor(let bytes, _):
            return bytes
        }
    }

    private static func words(_ function: UInt8, _ words: [UInt16]) -> [UInt8] {
        [function] + bytes(words)
    }

    static func bytes(_ words: [UInt16]) -> [UInt8] { words.flatMap(\.bigEndianBytes) }

    /// Eight to a byte, the lowest bit first.
    static func packed(_ bits: [Bool]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << (index % 8) }
        return bytes
    }
}

extension RegisterPlace.Table {
    var readFunction: UInt8 {
        switch self {
        case .coil: 0x01
        case .discrete: 0x02
        case .holding: 0x03
        case .input: 0x04
        }
    }

    /// The table that a function code reads.
    init?(readFunction: UInt8) {
        guard let table = Self.allCases.first(where: { $0.readFunction == readFunction }) else {
            return nil
        }
        self = table
    }

    public var isOfBits: Bool {
        switch self {
        case .coil, .discrete: true
        case .holding, .input: false
        }
    }

    /// How much of it one request reads.
    public var mostRead: Int {
        isOfBits ? ModbusRequest.mostBitsRead : ModbusRequest.mostRegistersRead
    }
}
