// Whether bytes are a drawn frame, as far as they have come.

/// How bytes fit one frame of a language.
enum FrameFit: Equatable {
    /// A fixed byte or the length is another: not this frame.
    case none
    /// So many more bytes of it are to come.
    case wanting(Int)
    case whole
    /// Another box's.
    case foreign
    case damaged(BusDamage)
}

extension FrameLanguageSettings {
    /// Compares the beginning of the bytes with a frame.
    /// - Parameter asked: the fields of the request that it answers: what it repeats of them must
    ///   be the same.
    func fit(
        _ bytes: Span<UInt8>, _ frame: FrameSettings, at address: Int, asked: [BusField]
    ) -> FrameFit {
        let length = length(of: frame)
        guard length > 0 else { return .none }
        var (place, isForeign, isOther, isBroken) = (0, false, false, false)
        for token in frame.tokens {
            let count = token.length(check: check)
            guard place + count <= bytes.count else {
                if case .bytes(let these) = token,
                    !bytes.extracting(place...).begins(with: these)
                {
                    return .none
                }
                return .wanting(length - bytes.count)
            }
            let part = bytes.extracting(place..<place + count)
            switch token {
            case .bytes(let these):
                guard part.begins(with: these) else { return .none }
            case .length(let form, let plus):
                guard form.number(in: part) == Int64(length &+ plus) else { return .none }
            case .field(let name, let form):
                let number = form.number(in: part)
                if name == Self.addressName {
                    if number != Int64(address) { isForeign = true }
                } else if !Self.agrees(number, name, asked) {
                    isOther = true
                }
            case .nibbles(let high, let low):
                for (name, number) in [(high, part[0] >> 4), (low, part[0] & 0x0f)] {
                    if name.isEmpty {
                        guard number == 0 else { return .none }
                    } else if name == Self.addressName {
                        if Int(number) != address { isForeign = true }
                    } else if !Self.agrees(Int64(number), name, asked) {
                        isOther = true
                    }
                }
            case .list(_, let form, let many):
                for index in 0..<FrameToken.bounded(many)
                where form.number(in: part, index: index) == nil {
                    isOther = true
                }
            case .bits, .skipped:
                break
            case .check:
                let expected = check?.bytes(of: bytes, at: place) ?? []
                if !part.begins(with: expected) { isBroken = true }
            }
            place += count
        }
        if isBroken { return .damaged(.checksum) }
        if isForeign { return .foreign }
        return isOther ? .damaged(.content) : .whole
    }

    /// A number that the request had too must be the same; one that is none agrees with nothing.
    private static func agrees(_ number: Int64?, _ name: String, _ asked: [BusField]) -> Bool {
        guard let number else { return false }
        return value(name, nil, asked).map { $0 == number } ?? true
    }

    /// The fields of a frame that fits whole.
    func fields(_ bytes: Span<UInt8>, _ frame: FrameSettings) -> [BusField] {
        var fields: [BusField] = []
        var place = 0
        for token in frame.tokens {
            let count = token.length(check: check)
            let part = bytes.extracting(place..<place + count)
            switch token {
            case .field(let name, let form):
                fields.append(BusField(name, form.number(in: part) ?? 0))
            case .list(let name, let form, let many):
                for index in 0..<FrameToken.bounded(many) {
                    let number = form.number(in: part, index: index) ?? 0
                    fields.append(BusField(name, number, index: index + 1))
                }
            case .bits(let name, let many, let isHighFirst):
                for index in 0..<FrameToken.bounded(many) {
                    let isSet = part[index / 8] & Self.bit(index, isHighFirst) != 0
                    fields.append(BusField(name, isSet ? 1 : 0, index: index + 1))
                }
            case .nibbles(let high, let low):
                if !high.isEmpty { fields.append(BusField(high, Int64(part[0] >> 4))) }
                if !low.isEmpty { fields.append(BusField(low, Int64(part[0] & 0x0f))) }
            case .bytes, .length, .skipped, .check:
                break
            }
            place += count
        }
        return fields
    }
}
