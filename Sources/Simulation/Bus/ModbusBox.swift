// A simulated Modbus device: its registers as its profile's points lie in them.

public import EventLoop
public import StationCore

/// A slave by the Modbus application protocol, sections 6.1 to 6.12, written for itself.
public final class ModbusBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// From the end of a request to the beginning of its answer.
    public var delay = Interval.milliseconds(5)
    /// Requests that were meant for it and were in order.
    public private(set) var asked = 0
    public private(set) var askedAt: [Instant] = []
    public private(set) var writes: [(address: Int, values: [UInt16])] = []
    /// Functions of the vendor's own: what follows the unit, and what is answered.
    public var vendor: [(request: [UInt8], reply: [UInt8])] = []
    /// It answers a write and does not do it: a relay whose contacts are welded.
    public var isStuck = false
    /// Hears what was written, when it is.
    public var onWrite: ((RegisterPlace.Table, Int, [UInt16]) -> Void)?
    let unit: UInt8
    private var words: [RegisterPlace.Table: [Int: UInt16]] = [:]
    private var heardAt = Instant(nanoseconds: 0)
    /// Outputs that the board switches off by itself: what sets them, and which they are.
    var timers: [BoxTimer] = []
    var falls: [(output: RegisterPlace, at: Instant)] = []

    public init(unit: Int, points: [PointSettings] = []) {
        self.unit = UInt8(unit)
        for point in points {
            guard case .register(let place) = point.source else { continue }
            for offset in 0..<place.width { self[place.table, place.address + offset] = 0 }
        }
    }

    /// A register, or a bit as 0 or 1; `nil`: it has none there.
    public subscript(table: RegisterPlace.Table, address: Int) -> UInt16? {
        get { words[table]?[address] }
        set { words[table, default: [:]][address] = newValue }
    }

    /// Puts a raw number where a point is read.
    public func set(_ place: RegisterPlace, to raw: Int64) {
        if place.table == .coil || place.table == .discrete {
            self[place.table, place.address] = raw == 0 ? 0 : 1
            return
        }
        if let bit = place.bit {
            let mask = UInt16((1 << (place.bitCount ?? 1)) - 1) << UInt16(bit)
            let old = self[place.table, place.address] ?? 0
            self[place.table, place.address] =
                old & ~mask | (UInt16(truncatingIfNeeded: raw) << UInt16(bit)) & mask
            return
        }
        var bits = UInt64(bitPattern: raw)
        switch place.form {
        case .f32: bits = UInt64(Float(raw).bitPattern)
        case .f64: bits = Double(raw).bitPattern
        case .u16, .s16, .u32, .s32, .u64, .s64: break
        case .bcd16, .bcd32:
            bits = String(raw).utf8.reduce(0) { $0 << 4 | UInt64($1 & 0x0F) }
        }
        set(place, toBits: bits)
    }

    private func set(_ place: RegisterPlace, toBits bits: UInt64) {
        // The order's letters say which byte comes when: A is the highest.
        let letters = Array(place.order.utf8).map { Int($0) - 0x41 }
        let count = place.width * 2
        guard letters.count == count else { return }
        let bytes = letters.map { UInt8(truncatingIfNeeded: bits >> UInt64((count - 1 - $0) * 8)) }
        for offset in 0..<place.width {
            self[place.table, place.address + offset] =
                UInt16(bytes[offset * 2]) << 8 | UInt16(bytes[offset * 2 + 1])
        }
    }

    public func put(_ raw: Double, at point: PointSettings) {
        guard case .register(let place) = point.source else { return }
        switch place.form {
        case .f32: set(place, toBits: UInt64(Float(raw).bitPattern))
        case .f64: set(place, toBits: raw.bitPattern)
        case .u16, .s16, .u32, .s32, .u64, .s64, .bcd16, .bcd32:
            set(place, to: Int64(raw.rounded()))
        }
    }

    /// Something is written that the board times, or ends by being written itself.
    private func time(_ table: RegisterPlace.Table, _ address: Int, _ value: UInt16) {
        falls.removeAll { $0.output.table == table && $0.output.address == address }
        for timer in timers where timer.table == table && timer.address == address {
            set(timer.output, to: timer.raw)
            falls.removeAll { $0.output == timer.output }
            falls.append((timer.output, heardAt + timer.lasts))
        }
    }

    public var nextDeadline: Instant? { nil }
    public func live(at now: Instant) -> [UInt8]? { nil }

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        guard bytes.count >= 4, bytes[0] == unit || bytes[0] == 0,
            Self.sum(bytes.dropLast(2)) == [bytes[bytes.count - 2], bytes[bytes.count - 1]]
        else { return nil }
        asked += 1
        askedAt.append(now)
        fall(at: now)
        hooks.asked?(now)
        let body = Array(bytes[1..<bytes.count - 2])
        heardAt = now
        var answer = self.answer(to: body)
        guard bytes[0] != 0 else { return nil }
        if case .exception(let code)? = mischief.first {
            mischief.removeFirst()
            answer = [body[0] | 0x80, code]
        }
        let frame = [unit] + answer
        let speech = BoxSpeech(after: delay, bytes: frame + Self.sum(frame[...]))
        guard let spoiled = spoil(speech, unitAt: 0) else { return nil }
        guard spoiled.bytes.first != speech.bytes.first, spoiled.bytes.count == speech.bytes.count
        else { return spoiled }
        // A frame of another unit that is whole.
        let other = Array(spoiled.bytes.dropLast(2))
        return BoxSpeech(after: spoiled.after, bytes: other + Self.sum(other[...]))
    }

    private func answer(to body: [UInt8]) -> [UInt8] {
        if let own = vendor.first(where: { $0.request == body }) { return own.reply }
        func word(_ place: Int) -> Int { Int(body[place]) << 8 | Int(body[place + 1]) }
        guard body.count >= 5 else { return [body[0] | 0x80, 1] }
        let address = word(1)
        switch body[0] {
        case 1: return bits(.coil, address, word(3), body[0])
        case 2: return bits(.discrete, address, word(3), body[0])
        case 3: return registers(.holding, address, word(3), body[0])
        case 4: return registers(.input, address, word(3), body[0])
        case 5: return write(.coil, address, [UInt16(word(3))], body, echo: 5)
        case 6: return write(.holding, address, [UInt16(word(3))], body, echo: 5)
        case 15:
            guard body.count >= 6 else { return [0x8F, 3] }
            let values = (0..<word(3)).map { place -> UInt16 in
                let byte = 6 + place / 8
                guard byte < body.count else { return 0 }
                return body[byte] >> UInt8(place % 8) & 1 == 1 ? 0xFF00 : 0
            }
            return write(.coil, address, values, body, echo: 5)
        case 16:
            guard body.count == 6 + word(3) * 2 else { return [0x90, 3] }
            let values = (0..<word(3)).map { UInt16(word(6 + $0 * 2)) }
            return write(.holding, address, values, body, echo: 5)
        default: return [body[0] | 0x80, 1]
        }
    }

    private func registers(
        _ table: RegisterPlace.Table, _ address: Int, _ count: Int, _ code: UInt8
    ) -> [UInt8] {
        guard (1...125).contains(count) else { return [code | 0x80, 3] }
        var answer = [code, UInt8(count * 2)]
        for place in address..<address + count {
            guard let word = self[table, place] else { return [code | 0x80, 2] }
            answer += [UInt8(word >> 8), UInt8(word & 0xFF)]
        }
        return answer
    }

    private func bits(
        _ table: RegisterPlace.Table, _ address: Int, _ count: Int, _ code: UInt8
    ) -> [UInt8] {
        guard (1...2_000).contains(count) else { return [code | 0x80, 3] }
        var answer = [code, UInt8((count + 7) / 8)] + Array(repeating: 0, count: (count + 7) / 8)
        for place in 0..<count {
            guard let bit = self[table, address + place] else { return [code | 0x80, 2] }
            if bit != 0 { answer[2 + place / 8] |= 1 << UInt8(place % 8) }
        }
        return answer
    }

    private func write(
        _ table: RegisterPlace.Table, _ address: Int, _ values: [UInt16], _ body: [UInt8],
        echo: Int
    ) -> [UInt8] {
        writes.append((address, values))
        if isStuck { return Array(body.prefix(echo)) }
        for (offset, value) in values.enumerated() {
            if table == .coil {
                self[.coil, address + offset] = value == 0 ? 0 : 1
            } else {
                self[table, address + offset] = value
            }
        }
        for value in values.indices { time(table, address + value, values[value]) }
        onWrite?(table, address, values)
        hooks.done?(heardAt)
        return Array(body.prefix(echo))
    }

    /// CRC-16 as the serial line guide's appendix B has it, low byte first.
    static func sum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var crc: UInt16 = 0xFFFF
        for byte in bytes {
            crc ^= UInt16(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
        }
        return [UInt8(crc & 0xFF), UInt8(crc >> 8)]
    }
}
