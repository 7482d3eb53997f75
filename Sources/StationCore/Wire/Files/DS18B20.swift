// The nine bytes of a DS18B20, as w1_therm prints them: a value is believed when all of them agree.
//
//   72 01 4b 46 7f ff 0e 10 57 : crc=57 YES
//   72 01 4b 46 7f ff 0e 10 57 t=23125
//
// Sources: DS18B20 data sheet (memory map, figure 9; power-on value of the temperature register);
// the kernel's Documentation/w1/slaves/w1_therm.rst: after a line with NO the second line still
// shows the value before, so `t=` is never read here.

/// A thermometer on a 1-Wire bus.
public enum DS18B20 {
    /// Why nine bytes are no temperature.
    public enum Flaw: Error, Equatable, Sendable {
        /// Not nine bytes in hexadecimal digits.
        case text
        case checksum
        /// All lines low: a short circuit has a checksum that is right.
        case nobody
        /// 85 °C from before the first conversion: power failed in between.
        case powerOn
        /// Beyond -55 to 125 °C.
        case range
    }

    /// Degrees Celsius, in sixteenths.
    public static func temperature(_ content: [UInt8]) throws(Flaw) -> DecimalNumber {
        var bytes: [UInt8] = []
        for word in KernelText(content).words.prefix(9) {
            guard word.count == 2, let high = Hex.value(of: word[word.startIndex]),
                let low = Hex.value(of: word[word.startIndex + 1])
            else { throw .text }
            bytes.append(UInt8(high) << 4 | UInt8(low))
        }
        guard bytes.count == 9 else { throw .text }
        guard checksum(bytes[..<8]) == bytes[8] else { throw .checksum }
        // The lower five bits of the configuration are always set.
        guard bytes[4] & 0x1F == 0x1F else { throw .nobody }
        let raw = Int16(bitPattern: UInt16(bytes[1]) << 8 | UInt16(bytes[0]))
        // After a conversion the seventh byte is 0x10 less the sixteenths; 0x0C is the power-on's.
        guard !(raw == 0x0550 && bytes[6] == 0x0C) else { throw .powerOn }
        guard (-55 * 16...125 * 16).contains(Int(raw)) else { throw .range }
        return DecimalNumber(mantissa: Int64(raw) * 625, places: 4)
    }

    /// Dallas' CRC-8: x⁸ + x⁵ + x⁴ + 1, the lowest bit first.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ byte) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x8C : sum >> 1 }
        }
    }
}
