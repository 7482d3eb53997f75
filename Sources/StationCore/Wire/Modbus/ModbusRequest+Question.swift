// A bus's question as a Modbus request, if it is one.

extension ModbusRequest {
    /// One value is written with function 05 or 06, several with 0F or 10. Of several coils each
    /// is 0xFF00 or 0; of one alone whatever the model knows.
    /// - Throws: `language`, `count` or `value`.
    public init(_ question: BusQuestion) throws(BusQuestionFlaw) {
        switch question {
        case .read(let table, let address, let count):
            let address = try Self.address(address, count: count, most: table.mostRead)
            self = .read(table, address: address, count: count)
        case .write(let table, let address, let values):
            self = try Self.write(table, address, values)
        case .raw(let bytes, let replyCount):
            self = try Self.raw(bytes, replyCount)
        case .frame, .item:
            throw .language
        }
    }

    private static func write(
        _ table: RegisterPlace.Table, _ address: Int, _ values: [UInt16]
    ) throws(BusQuestionFlaw) -> Self {
        switch table {
        case .coil:
            let address = try Self.address(address, count: values.count, most: mostCoilsWritten)
            if values.count == 1 { return .writeCoil(address: address, value: values[0]) }
            if let odd = values.first(where: { $0 != on && $0 != off }) {
                throw .value("coil", DecimalNumber(Int64(odd)))
            }
            return .writeCoils(address: address, values: values.map { $0 == on })
        case .holding:
            let address = try Self.address(
                address, count: values.count, most: mostRegistersWritten)
            return values.count == 1
                ? .writeRegister(address: address, value: values[0])
                : .writeRegisters(address: address, values: values)
        case .discrete, .input:
            throw .language
        }
    }

    private static func raw(
        _ bytes: [UInt8], _ replyCount: Int
    ) throws(BusQuestionFlaw) -> Self {
        guard let function = bytes.first, bytes.count <= longestPDU else {
            throw .count(bytes.count, most: longestPDU)
        }
        guard function != 0, function & ModbusException.flag == 0 else {
            throw .value("function", DecimalNumber(Int64(function)))
        }
        guard 0...longestPDU ~= replyCount else { throw .count(replyCount, most: longestPDU) }
        return .vendor(bytes: bytes, replyCount: replyCount)
    }

    private static func address(
        _ address: Int, count: Int, most: Int
    ) throws(BusQuestionFlaw) -> UInt16 {
        guard 1...most ~= count else { throw .count(count, most: most) }
        guard let first = UInt16(exactly: address), address + count <= 0x1_0000 else {
            throw .value("address", DecimalNumber(Int64(address)))
        }
        return first
    }
}
