// Bits on D0/D1 and what they mean, by the same codec that the station uses.

import Control
import EventLoop
import StationCore

/// What a burst of bits is, read as each format that has its length.
struct WiegandDecoding: Codable, Equatable {
    struct Reading: Codable, Equatable {
        var format: String
        /// Parity passes.
        var ok: Bool
        var facility: String?
        var number: String?
        /// Why not: `parity`, `linesSwapped` ...
        var diagnosis: String?
        var views: [CardView]
    }

    var bits: String
    var count: Int
    var readings: [Reading]
    /// A key of a keypad.
    var key: String?

    /// Whether the bits are a credential or a key in at least one way.
    var isUnderstood: Bool { key != nil || readings.contains(where: \.ok) }

    init(_ bits: UInt128, count: Int) {
        let text = String(bits, radix: 2)
        self.bits = String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        self.count = count
        var formats = WiegandFormat.named.filter { $0.bitCount == count }
        // Both edges of each pulse counted: twice the bits of a format.
        if formats.isEmpty { formats = WiegandFormat.named.filter { 2 * $0.bitCount == count } }
        readings = formats.map { Self.reading(bits, count, as: $0) }
        if readings.allSatisfy({ $0.diagnosis != ReadDiagnosis.doubledEdges.name }),
            formats.allSatisfy({ $0.bitCount != count })
        {
            readings = WiegandFormat.raw(count).map { [Self.reading(bits, count, as: $0)] } ?? []
        }
        if case .key(let key) = Self.read(bits, count, formats: [], keypad: true) {
            self.key = key.label
        }
    }

    /// From zeros and ones, or from hexadecimal digits when `length` says how many bits they are.
    static func parse(_ text: String, length: Int?) throws(Problem) -> WiegandDecoding {
        let digits = text.filter { !" :-_".contains($0) }
        let most = Credential.bitCapacity
        if let length, !(1...most).contains(length) {
            throw .badData(
                TextRecord(zh: "长度应为1-\(most)位", en: "the length must be 1 to \(most) bits"))
        }
        if digits.utf8.allSatisfy({ $0 == 0x30 || $0 == 0x31 }), !digits.isEmpty,
            length == nil || length == digits.utf8.count
        {
            guard digits.utf8.count <= most, let bits = UInt128(digits, radix: 2) else {
                throw .badData(
                    TextRecord(
                        zh: "最多\(most)位，实为\(digits.utf8.count)位",
                        en: "at most \(most) bits, there are \(digits.utf8.count)"))
            }
            return WiegandDecoding(bits, count: digits.utf8.count)
        }
        return try hexadecimal(digits, length: length)
    }

    private static func hexadecimal(
        _ text: String, length: Int?
    ) throws(Problem) -> WiegandDecoding {
        let digits = text.lowercased().hasPrefix("0x") ? String(text.dropFirst(2)) : text
        guard !digits.isEmpty, digits.utf8.count <= 64,
            digits.allSatisfy({ $0.isASCII && $0.isHexDigit })
        else {
            throw .badData(
                TextRecord(
                    zh: "应为0和1，或十六进制加 --length 位数",
                    en: "expected zeros and ones, or hexadecimal digits with --length"))
        }
        guard let length else {
            throw .badData(
                TextRecord(
                    zh: "这是十六进制：请用 --length 说明有多少位",
                    en: "these are hexadecimal digits: say how many bits with --length"))
        }
        let significant = String(digits.drop { $0 == "0" })
        guard let bits = UInt128(significant.isEmpty ? "0" : significant, radix: 16),
            length == 128 || bits >> UInt128(length) == 0
        else {
            throw .badData(
                TextRecord(
                    zh: "数值超过\(length)位", en: "the value has more than \(length) bits"))
        }
        return WiegandDecoding(bits, count: length)
    }

    private static func reading(
        _ bits: UInt128, _ count: Int, as format: WiegandFormat
    ) -> Reading {
        switch read(bits, count, formats: [format], keypad: false) {
        case .credential(let credential, let format):
            let fields = format.fields(of: bits)
            return Reading(
                format: format.name, ok: true,
                facility: format.facilityBits.map { _ in String(fields.facility) },
                number: String(fields.number),
                views: CardReport(credential, format: format).views)
        case .diagnosed(let diagnosis, _):
            return Reading(format: format.name, ok: false, diagnosis: diagnosis.name, views: [])
        case .key, nil:
            return Reading(format: format.name, ok: false, diagnosis: nil, views: [])
        }
    }

    /// Plays the bits to a reader's collector, a millisecond apart.
    private static func read(
        _ bits: UInt128, _ count: Int, formats: [WiegandFormat], keypad: Bool
    ) -> WiegandRead? {
        var collector = WiegandCollector(formats: formats, keypad: keypad)
        var time = Instant(nanoseconds: 0)
        for index in (0..<count).reversed() {
            time = time + .milliseconds(1)
            _ = collector.bit(bits >> UInt128(index) & 1 == 1, at: time)
        }
        return collector.end(at: time + .seconds(1))
    }

    // MARK: Lines

    func lines(_ catalogue: Catalogue) -> [String] {
        var lines = [bits + catalogue.say("  \(count) 位", "  \(count) bits")]
        if let key { lines.append(catalogue.say("按键 ", "key ") + key) }
        for reading in readings where reading.ok {
            let fields = [
                reading.facility.map { catalogue.say("区位码 ", "facility ") + $0 },
                reading.number.map { catalogue.say("卡号 ", "number ") + $0 },
            ].compactMap { $0 }
            lines.append("\(reading.format)  \(fields.joined(separator: catalogue.say("，", ", ")))")
            lines += CardView.lines(reading.views, catalogue)
        }
        return lines
    }

    /// Why the bits are nothing.
    var reason: TextRecord {
        let (chinese, english) = (Catalogue(language: .chinese), Catalogue(language: .english))
        let diagnosed = readings.compactMap { reading in
            reading.diagnosis.map { (reading.format, $0) }
        }
        guard !diagnosed.isEmpty else {
            return TextRecord(
                zh: "没有\(count)位的格式，也不是按键", en: "no format has \(count) bits, and no key either")
        }
        return TextRecord(
            zh: diagnosed.map { "\($0)：\(chinese.diagnosis($1))" }.joined(separator: "；"),
            en: diagnosed.map { "\($0): \(english.diagnosis($1))" }.joined(separator: "; "))
    }
}

extension KeypadKey {
    /// What is printed on the key.
    var label: String {
        switch self {
        case .star: "*"
        case .hash: "#"
        case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine: "\(rawValue)"
        }
    }
}
