// Modbus over TCP, for tools and tests: the same PDUs behind another header. The daemon opens no
// such connection. Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b §3.1.
//
//   00 07 | 00 00 | 00 06 | 01 | 04 00 00 00 0A
//   transaction | protocol 0 | how many bytes follow | unit | PDU

/// Frames of a TCP connection.
public enum ModbusTCP {
    /// Transaction, protocol, length and unit.
    public static let headerCount = 7
    static let longest = headerCount + ModbusRequest.longestPDU

    /// - Throws: `address`.
    public static func packet(
        _ request: ModbusRequest, to address: Int, transaction: UInt16
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let unit = UInt8(exactly: address) else { throw .address(address) }
        return frame(request.pdu, unit, transaction: transaction)
    }

    static func frame(_ pdu: [UInt8], _ unit: UInt8, transaction: UInt16) -> [UInt8] {
        transaction.bigEndianBytes + [0, 0]
            + UInt16(truncatingIfNeeded: pdu.count + 1).bigEndianBytes + [unit] + pdu
    }

    /// What the bytes after a request begin with. TCP loses and adds nothing, so a header that
    /// cannot be is the end of the connection: all of it is noise.
    public static func judge(
        _ bytes: Span<UInt8>, after request: ModbusRequest, from address: Int, transaction: UInt16
    ) -> BusJudgement {
        guard bytes.count >= headerCount else {
            return .incomplete(wanting: headerCount - bytes.count)
        }
        let following = Int(bytes.bigEndianWord(at: 4))
        guard bytes.bigEndianWord(at: 2) == 0, 2...ModbusRequest.longestPDU + 1 ~= following else {
            return .noise(length: bytes.count)
        }
        let length = headerCount - 1 + following
        guard bytes.count >= length else { return .incomplete(wanting: length - bytes.count) }
        guard bytes.bigEndianWord(at: 0) == transaction, Int(bytes[6]) == address else {
            return .foreign(length: length)
        }
        guard let answer = request.answer(in: bytes.extracting(headerCount..<length)) else {
            return .damaged(.content, length: length)
        }
        return .answer(answer, length: length)
    }
}
