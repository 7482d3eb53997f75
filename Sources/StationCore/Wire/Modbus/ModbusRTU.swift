// Modbus on a serial line: unit, PDU, CRC.
//
//   01 | 04 00 00 00 0A | 70 0D        unit | function and data | CRC, low byte first
//
// A reply's end is its length, which the request tells, and its CRC; never a gap: behind a USB
// adapter gaps come and go. So what stands in front of a reply (noise, the request's echo, what
// another unit said) is recognised and taken off, byte by byte where nothing else is sure.

/// Frames of a serial line, on the master's side.
public enum ModbusRTU {
    /// The address that every unit hears and none answers.
    public static let broadcast = 0
    /// The longest frame, in bytes.
    public static let longest = 256
    /// 248 to 255 are reserved, and some meters answer there.
    public static let addresses = 0...255

    /// A request with its unit and check.
    /// - Throws: `address`: out of range, or a question put to all units at once.
    public static func packet(
        _ request: ModbusRequest, to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let unit = UInt8(exactly: address) else { throw .address(address) }
        if address == broadcast, !request.isForAll { throw .address(address) }
        return frame(request.pdu, unit)
    }

    static func frame(_ pdu: [UInt8], _ unit: UInt8) -> [UInt8] {
        var frame = [unit] + pdu
        let crc = ByteCheck.crc16(frame.span)
        frame += [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
        return frame
    }

    /// Whether the last two of so many bytes are the CRC of those before.
    static func isWhole(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 4 else { return false }
        let crc = ByteCheck.crc16(bytes.extracting(..<(bytes.count - 2)))
        return bytes[bytes.count - 2] == UInt8(truncatingIfNeeded: crc)
            && bytes[bytes.count - 1] == UInt8(crc >> 8)
    }

    /// What the bytes after a request begin with.
    public static func judge(
        _ bytes: Span<UInt8>, after request: ModbusRequest, from address: Int
    ) -> BusJudgement {
        guard !bytes.isEmpty else { return .incomplete(wanting: 1) }
        guard address != broadcast, let unit = UInt8(exactly: address), request.replyCount > 0
        else { return .noise(length: bytes.count) }
        switch match(bytes, request, unit) {
        case .wanting(let count): return .incomplete(wanting: count)
        case .answer(let answer, let length): return .answer(answer, length: length)
        case .foreign(let length): return .foreign(length: length)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .none:
            var start = 1
            while start < bytes.count {
                guard case .none = match(bytes.extracting(start...), request, unit) else { break }
                start += 1
            }
            return .noise(length: start)
        }
    }

    private enum Match {
        /// No frame that could come here begins so.
        case none
        case wanting(Int)
        case answer(BusAnswer, length: Int)
        case foreign(length: Int)
        case damaged(BusDamage, length: Int)
    }

    private static func match(
        _ bytes: Span<UInt8>, _ request: ModbusRequest, _ unit: UInt8
    ) -> Match {
        let found = reply(bytes, request, unit)
        switch found {
        case .answer, .foreign, .wanting: return found
        case .none, .damaged: break
        }
        // An adapter that hears itself, or a tap on the line: our own request comes first.
        guard bytes[0] == unit else { return found }
        let echo = frame(request.pdu, unit)
        guard bytes.count >= 3, bytes.begins(with: echo) else { return found }
        return bytes.count >= echo.count
            ? .foreign(length: echo.count) : .wanting(echo.count - bytes.count)
    }

    private static func reply(
        _ bytes: Span<UInt8>, _ request: ModbusRequest, _ unit: UInt8
    ) -> Match {
        let isOurs = bytes[0] == unit
        guard bytes.count >= 2 else { return bytes[0] == 0 ? .none : .wanting(1) }
        let isException = bytes[1] == request.function | ModbusException.flag
        guard bytes[0] != 0, isException || bytes[1] == request.function else { return .none }
        if !isException, bytes.count >= 3, let count = request.replyByteCount, bytes[2] != count {
            return .none
        }
        let length = (isException ? 2 : request.replyCount) + 3
        guard bytes.count >= length else { return .wanting(length - bytes.count) }
        let frame = bytes.extracting(..<length)
        guard isWhole(frame) else {
            return isOurs ? .damaged(.checksum, length: next(in: frame, request)) : .none
        }
        guard isOurs else { return .foreign(length: length) }
        guard let answer = request.answer(in: frame.extracting(1..<length - 2)) else {
            return .damaged(.content, length: length)
        }
        return .answer(answer, length: length)
    }

    /// Where in a damaged frame the next reply may begin: noise may have swallowed its beginning.
    private static func next(in frame: Span<UInt8>, _ request: ModbusRequest) -> Int {
        for start in 1..<frame.count where frame[start] == frame[0] {
            guard start + 1 < frame.count else { return start }
            let function = frame[start + 1] & ~ModbusException.flag
            if function == request.function { return start }
        }
        return frame.count
    }
}

extension ModbusRequest {
    /// Whether it may be told to all units at once: what is written, never what is asked.
    var isForAll: Bool {
        switch self {
        case .read, .exchange: false
        case .writeCoil, .writeRegister, .writeCoils, .writeRegisters, .mask, .vendor: true
        }
    }
}
