// Frames by their drawing, read and written for the simulation's own use: a second opinion.

import StationCore

/// A board's own knowledge of its frames. Numbers are read token by token from the left; whoever
/// checks the station's codec with it does not check the codec with itself.
struct FrameDrawing {
    let frames: [FrameSettings]
    private let check: FrameCheck?
    private let address: Int64

    init(_ language: FrameLanguageSettings, address: Int64) {
        frames = language.frames
        check = language.check
        self.address = address
    }

    func frame(_ name: String, role: FrameSettings.Role) -> FrameSettings? {
        frames.first { $0.name == name && $0.role == role }
    }

    // MARK: Reading

    /// The fields of a frame that is for this board, whole and sound; numbered ones as `name.3`.
    func read(_ bytes: [UInt8], as frame: FrameSettings) -> [String: Int64]? {
        var rest = bytes[...]
        var fields: [String: Int64] = [:]
        for token in frame.tokens {
            switch token {
            case .bytes(let these):
                guard rest.starts(with: these) else { return nil }
                rest = rest.dropFirst(these.count)
            case .field(let name, let form):
                guard let value = take(form, &rest) else { return nil }
                fields[name] = value
            case .nibbles(let high, let low):
                guard let byte = rest.popFirst() else { return nil }
                if !high.isEmpty { fields[high] = Int64(byte >> 4) }
                if !low.isEmpty { fields[low] = Int64(byte & 0x0F) }
            case .list(let name, let form, let count):
                for place in 0..<count {
                    guard let value = take(form, &rest) else { return nil }
                    fields["\(name).\(place + 1)"] = value
                }
            case .bits(let name, let count, let isHighFirst):
                let width = (count + 7) / 8
                guard rest.count >= width else { return nil }
                let part = Array(rest.prefix(width))
                rest = rest.dropFirst(width)
                for place in 0..<count {
                    let shift = isHighFirst ? 7 - place % 8 : place % 8
                    fields["\(name).\(place + 1)"] = Int64(part[place / 8] >> UInt8(shift) & 1)
                }
            case .length(let form, let plus):
                guard let value = take(form, &rest), value == Int64(bytes.count + plus) else {
                    return nil
                }
            case .skipped(let count):
                guard rest.count >= count else { return nil }
                rest = rest.dropFirst(count)
            case .check:
                let expected = sum(Array(bytes[..<rest.startIndex]))
                guard rest.starts(with: expected) else { return nil }
                rest = rest.dropFirst(expected.count)
            }
        }
        guard rest.isEmpty, fields["address"].map({ $0 == address }) ?? true else { return nil }
        return fields
    }

    private func take(_ form: FieldForm, _ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.count >= form.bytes else { return nil }
        let part = Array(rest.prefix(form.bytes))
        rest = rest.dropFirst(form.bytes)
        let ordered = form.isLittleEndian ? part.reversed() : part
        if form.isBCD {
            return ordered.reduce(0) { $0 * 100 + Int64($1 >> 4) * 10 + Int64($1 & 15) }
        }
        var value = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let width = form.bytes * 8
        if form.isSigned, width < 64, value >> UInt64(width - 1) & 1 == 1 {
            value |= UInt64.max << UInt64(width)
        }
        return Int64(bitPattern: value)
    }

    // MARK: Writing

    func write(_ frame: FrameSettings, _ fields: [String: Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        var lengthAt: (place: Int, form: FieldForm, plus: Int)?
        var checkAt: Int?
        for token in frame.tokens {
            switch token {
            case .bytes(let these): bytes += these
            case .field(let name, let form):
                bytes += put(name == "address" ? address : fields[name] ?? 0, form)
            case .nibbles(let high, let low):
                bytes.append(UInt8(nibble(high, fields) << 4 | nibble(low, fields)))
            case .list(let name, let form, let count):
                for place in 1...max(1, count) {
                    bytes += put(fields["\(name).\(place)"] ?? 0, form)
                }
            case .bits(let name, let count, let isHighFirst):
                var part = [UInt8](repeating: 0, count: (count + 7) / 8)
                for place in 0..<count where (fields["\(name).\(place + 1)"] ?? 0) != 0 {
                    part[place / 8] |= 1 << UInt8(isHighFirst ? 7 - place % 8 : place % 8)
                }
                bytes += part
            case .length(let form, let plus):
                lengthAt = (bytes.count, form, plus)
                bytes += Array(repeating: 0, count: form.bytes)
            case .skipped(let count): bytes += Array(repeating: 0, count: count)
            case .check:
                checkAt = bytes.count
                bytes += Array(repeating: 0, count: sum([]).count)
            }
        }
        if let lengthAt {
            let number = put(Int64(bytes.count + lengthAt.plus), lengthAt.form)
            bytes.replaceSubrange(lengthAt.place..<lengthAt.place + number.count, with: number)
        }
        if let checkAt {
            let number = sum(Array(bytes[..<checkAt]))
            bytes.replaceSubrange(checkAt..<checkAt + number.count, with: number)
        }
        return bytes
    }

    private func nibble(_ name: String, _ fields: [String: Int64]) -> Int64 {
        (name == "address" ? address : fields[name] ?? 0) & 0x0F
    }

    private func put(_ value: Int64, _ form: FieldForm) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        for _ in 0..<form.bytes {
            if form.isBCD {
                bytes.append(UInt8((rest / 10 % 10) << 4 | rest % 10))
                rest /= 100
            } else {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }
        return form.isLittleEndian ? bytes : bytes.reversed()
    }

    /// The check over everything before it.
    private func sum(_ bytes: [UInt8]) -> [UInt8] {
        guard let check else { return [] }
        let part = bytes.dropFirst(check.from).dropLast(check.before)
        let total = part.reduce(0) { $0 + Int($1) }
        switch check.kind {
        case .xor: return [part.reduce(0, ^)]
        case .sum8: return [UInt8(total & 0xFF)]
        case .sum16: return [UInt8(total >> 8 & 0xFF), UInt8(total & 0xFF)]
        case .negativeSum16:
            let negative = (0x10000 - total) & 0xFFFF
            return [UInt8(negative >> 8), UInt8(negative & 0xFF)]
        case .crc16: return ModbusBox.sum(part)
        }
    }
}
