// The other end of a Modbus line: what a unit makes of bytes and how it answers. For simulated
// devices and for decoding. It shares no judgement with the master, so each shows the other's
// mistakes.

/// What a unit hears.
///
/// | heard | the unit |
/// |---|---|
/// | `incomplete` | waits for more; a silence of 3.5 characters ends it as noise |
/// | `request` | does it and answers, unless it was for all |
/// | `wrong` | answers with the exception, unless it was for all |
/// | `foreign` | keeps silent |
/// | `noise` | keeps silent |
public enum ModbusHearing: Equatable, Sendable {
    case incomplete
    case request(ModbusRequest, isForAll: Bool, length: Int)
    case wrong(ModbusException, function: UInt8, isForAll: Bool, length: Int)
    case foreign(length: Int)
    case noise(length: Int)
}

/// A unit's way of reading and writing frames.
public struct ModbusUnit: Sendable {
    public var address: UInt8
    /// The lengths of its vendor's own requests by function code, from the code on, with the
    /// length of their answers.
    public var vendor: [UInt8: (request: Int, reply: Int)]

    public init(address: UInt8, vendor: [UInt8: (request: Int, reply: Int)] = [:]) {
        self.address = address
        self.vendor = vendor
    }

    /// What bytes from the line begin with.
    public func hear(_ bytes: Span<UInt8>) -> ModbusHearing {
        guard bytes.count >= 2 else { return .incomplete }
        guard let count = pduCount(bytes) else { return .incomplete }
        guard let count, count <= ModbusRequest.longestPDU else { return .noise(length: 1) }
        let length = count + 3
        guard bytes.count >= length else { return .incomplete }
        guard ModbusRTU.isWhole(bytes.extracting(..<length)) else { return .noise(length: 1) }
        let isForAll = bytes[0] == 0
        guard isForAll || bytes[0] == address else { return .foreign(length: length) }
        do throws(ModbusException) {
            let request = try ModbusRequest(pdu: bytes.extracting(1..<1 + count), vendor: vendor)
            return .request(request, isForAll: isForAll, length: length)
        } catch {
            return .wrong(error, function: bytes[1], isForAll: isForAll, length: length)
        }
    }

    /// How many bytes a request's PDU has: outer `nil` while that is not known, inner `nil` for a
    /// function that this unit has never heard of.
    private func pduCount(_ bytes: Span<UInt8>) -> Int?? {
        switch bytes[1] {
        case 0x01...0x06: return .some(5)
        case 0x0f, 0x10: return bytes.count > 6 ? .some(6 + Int(bytes[6])) : nil
        case 0x16: return .some(7)
        case 0x17: return bytes.count > 10 ? .some(10 + Int(bytes[10])) : nil
        default: return .some(vendor[bytes[1]]?.request)
        }
    }

    /// The bytes of an answer to a request.
    public func frame(_ answer: BusAnswer, to request: ModbusRequest) -> [UInt8] {
        ModbusRTU.frame(request.replyPDU(answer), address)
    }

    public func frame(_ exception: ModbusException, function: UInt8) -> [UInt8] {
        ModbusRTU.frame([function | ModbusException.flag, exception.rawValue], address)
    }
}

extension ModbusRequest {
    /// Reads a request as a unit does.
    /// - Throws: what a unit answers to one that cannot be.
    public init(
        pdu: Span<UInt8>, vendor: [UInt8: (request: Int, reply: Int)] = [:]
    ) throws(ModbusException) {
        guard !pdu.isEmpty else { throw .illegalFunction }
        let function = pdu[0]
        if let table = RegisterPlace.Table(readFunction: function) {
            guard pdu.count == 5 else { throw .illegalValue }
            let (address, count) = (pdu.bigEndianWord(at: 1), Int(pdu.bigEndianWord(at: 3)))
            guard 1...table.mostRead ~= count else { throw .illegalValue }
            guard Int(address) + count <= 0x1_0000 else { throw .illegalAddress }
            self = .read(table, address: address, count: count)
            return
        }
        switch function {
        case 0x05, 0x06:
            guard pdu.count == 5 else { throw .illegalValue }
            let (address, value) = (pdu.bigEndianWord(at: 1), pdu.bigEndianWord(at: 3))
            self =
                function == 0x05
                ? .writeCoil(address: address, value: value)
                : .writeRegister(address: address, value: value)
        case 0x0f, 0x10: self = try Self.several(pdu)
        case 0x16:
            guard pdu.count == 7 else { throw .illegalValue }
            self = .mask(
                address: pdu.bigEndianWord(at: 1), and: pdu.bigEndianWord(at: 3),
                or: pdu.bigEndianWord(at: 5))
        case 0x17: self = try Self.exchange(pdu)
        default:
            guard let lengths = vendor[function], lengths.request == pdu.count else {
                throw .illegalFunction
            }
            self = .vendor(bytes: pdu.copied(0, pdu.count), replyCount: lengths.reply)
        }
    }

    private static func several(_ pdu: Span<UInt8>) throws(ModbusException) -> Self {
        guard pdu.count > 6, pdu.count == 6 + Int(pdu[5]) else { throw .illegalValue }
        let (address, count) = (pdu.bigEndianWord(at: 1), Int(pdu.bigEndianWord(at: 3)))
        guard Int(address) + count <= 0x1_0000 else { throw .illegalAddress }
        if pdu[0] == 0x0f {
            guard 1...mostCoilsWritten ~= count, Int(pdu[5]) == (count + 7) / 8 else {
                throw .illegalValue
            }
            return .writeCoils(
                address: address, values: (0..<count).map { pdu[6 + $0 / 8] >> ($0 % 8) & 1 == 1 })
        }
        guard 1...mostRegistersWritten ~= count, Int(pdu[5]) == 2 * count else {
            throw .illegalValue
        }
        return .writeRegisters(
            address: address, values: (0..<count).map { pdu.bigEndianWord(at: 6 + 2 * $0) })
    }

    private static func exchange(_ pdu: Span<UInt8>) throws(ModbusException) -> Self {
        guard pdu.count > 10, pdu.count == 10 + Int(pdu[9]) else { throw .illegalValue }
        let (count, written) = (Int(pdu.bigEndianWord(at: 3)), Int(pdu.bigEndianWord(at: 7)))
        guard 1...mostRegistersRead ~= count, 1...mostRegistersExchanged ~= written,
            Int(pdu[9]) == 2 * written
        else { throw .illegalValue }
        guard Int(pdu.bigEndianWord(at: 1)) + count <= 0x1_0000,
            Int(pdu.bigEndianWord(at: 5)) + written <= 0x1_0000
        else { throw .illegalAddress }
        return .exchange(
            readAddress: pdu.bigEndianWord(at: 1), count: count,
            writeAddress: pdu.bigEndianWord(at: 5),
            values: (0..<written).map { pdu.bigEndianWord(at: 10 + 2 * $0) })
    }

    /// The bytes between unit and check of an answer to this request. Bits and registers that are
    /// missing are 0; what is no answer to it is the exception "device failure".
    func replyPDU(_ answer: BusAnswer) -> [UInt8] {
        switch (answer, self) {
        case (.refused(let code), _):
            return [function | ModbusException.flag, UInt8(truncatingIfNeeded: code)]
        case (.bits(let bits), .read(let table, _, let count)) where table.isOfBits:
            let padded = bits.prefix(count) + Array(repeating: false, count: count)
            let packed = Self.packed(Array(padded.prefix(count)))
            return [function, UInt8(truncatingIfNeeded: packed.count)] + packed
        case (.registers(let words), .read(_, _, let count)),
            (.registers(let words), .exchange(_, let count, _, _)):
            let padded = Array((words.prefix(count) + Array(repeating: 0, count: count)))
            return [function, UInt8(truncatingIfNeeded: 2 * count)]
                + Self.bytes(Array(padded.prefix(count)))
        case (.done, .writeCoils), (.done, .writeRegisters):
            return Array(pdu.prefix(5))
        case (.done, .writeCoil), (.done, .writeRegister), (.done, .mask):
            return pdu
        case (.raw(let bytes), .vendor):
            return bytes
        default:
            return [function | ModbusException.flag, ModbusException.deviceFailure.rawValue]
        }
    }
}
