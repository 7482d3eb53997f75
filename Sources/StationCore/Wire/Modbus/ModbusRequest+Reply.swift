// What answers a request: how long it is, known beforehand, and what it says.

extension ModbusRequest {
    /// Bytes between unit and check when the unit does what it is asked; an exception has two.
    /// 0: no reply.
    var replyCount: Int {
        switch self {
        case .read(let table, _, let count): 2 + Self.byteCount(table, count)
        case .writeCoil, .writeRegister, .writeCoils, .writeRegisters: 5
        case .mask: 7
        case .exchange(_, let count, _, _): 2 + 2 * count
        case .vendor(_, let replyCount): replyCount
        }
    }

    /// The byte behind the function code, where the request says what it must be.
    var replyByteCount: UInt8? {
        switch self {
        case .read(let table, _, let count):
            UInt8(truncatingIfNeeded: Self.byteCount(table, count))
        case .exchange(_, let count, _, _): UInt8(truncatingIfNeeded: 2 * count)
        case .writeCoil, .writeRegister, .writeCoils, .writeRegisters, .mask, .vendor: nil
        }
    }

    /// The meaning of a reply's bytes between unit and check: an answer or a refusal.
    /// - Returns: `nil` when it is no reply to this request.
    public func answer(in pdu: Span<UInt8>) -> BusAnswer? {
        guard pdu.count >= 2 || !pdu.isEmpty && replyCount == 1 else { return nil }
        if pdu[0] == function | ModbusException.flag {
            return pdu.count == 2 ? .refused(code: Int(pdu[1])) : nil
        }
        guard pdu[0] == function, pdu.count == replyCount else { return nil }
        if let replyByteCount, pdu[1] != replyByteCount { return nil }
        switch self {
        case .read(let table, _, let count):
            return table.isOfBits
                ? .bits((0..<count).map { pdu[2 + $0 / 8] >> ($0 % 8) & 1 == 1 })
                : .registers(Self.registers(in: pdu, count))
        case .exchange(_, let count, _, _):
            return .registers(Self.registers(in: pdu, count))
        case .writeCoil, .writeRegister, .writeCoils, .writeRegisters, .mask:
            // The beginning of the request comes back.
            return pdu.begins(with: self.pdu) ? .done : nil
        case .vendor:
            return .raw(pdu.copied(0, pdu.count))
        }
    }

    private static func registers(in pdu: Span<UInt8>, _ count: Int) -> [UInt16] {
        (0..<count).map { pdu.bigEndianWord(at: 2 + 2 * $0) }
    }

    private static func byteCount(_ table: RegisterPlace.Table, _ count: Int) -> Int {
        table.isOfBits ? (count + 7) / 8 : 2 * count
    }
}
