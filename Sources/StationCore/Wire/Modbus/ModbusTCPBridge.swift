// A TCP gateway taken for a serial line: the same master asks, another header is on the wire.
//
//   master   01 | 04 00 00 00 0A | 70 0D  ──►  00 07 00 00 00 06 | 01 | 04 00 00 00 0A   gateway
//            unit     PDU          CRC            transaction ...  unit       PDU

/// Turns a master's frames into those of a TCP connection, and back. For tools and tests alone.
public struct ModbusTCPBridge: Sendable {
    private var transaction: UInt16 = 0
    private var buffer: [UInt8] = []
    /// The other side said something that is no Modbus TCP: nothing behind it can be understood.
    public private(set) var isBroken = false

    public init() {}

    /// A serial frame as the connection wants it; `nil`: it is none.
    public mutating func sent(_ packet: [UInt8]) -> [UInt8]? {
        guard ModbusRTU.isWhole(packet.span) else { return nil }
        transaction &+= 1
        return ModbusTCP.frame(
            Array(packet[1..<packet.count - 2]), packet[0], transaction: transaction)
    }

    /// The serial frames of what came; answers to older questions are left out.
    public mutating func received(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        guard !isBroken else { return [] }
        buffer += bytes
        var frames: [UInt8] = []
        while buffer.count >= ModbusTCP.headerCount {
            let following = Int(buffer.span.bigEndianWord(at: 4))
            guard buffer.span.bigEndianWord(at: 2) == 0,
                2...ModbusRequest.longestPDU + 1 ~= following
            else {
                isBroken = true
                buffer = []
                return frames
            }
            let length = ModbusTCP.headerCount - 1 + following
            guard buffer.count >= length else { break }
            if buffer.span.bigEndianWord(at: 0) == transaction {
                let pdu = Array(buffer[ModbusTCP.headerCount..<length])
                frames += ModbusRTU.frame(pdu, buffer[ModbusTCP.headerCount - 1])
            }
            buffer.removeFirst(length)
        }
        return frames
    }
}
