// Where a point's number is: a register, a field of a frame, an item of a meter.

import StationCore

extension PointReader {
    /// One place for each number of a point; `nil` when something was wrong, which was reported.
    ///
    /// - Parameter count: `nil`: the point is one.
    func places(
        _ fields: inout Fields, count: Int?, _ kind: PointSettings.Kind
    ) -> [PointSource]? {
        switch language {
        case .modbus: registers(&fields, count: count)
        case .frames(let language): frameFields(&fields, count: count, language.frames)
        case .dlt645: item(&fields, count: count).map { [$0] }
        case .codec(let name): codecFields(&fields, count: count, name)
        case .board: boardPlace(&fields, count: count, kind).map { [$0] }
        }
    }

    // MARK: Registers

    private func registers(_ fields: inout Fields, count: Int?) -> [PointSource]? {
        guard let at = fields.require("at"), let (table, address) = scope.registerPlace(at) else {
            // Whether it has a form depends on its table.
            for key in ["as", "order", "bit", "bit_count", "step"] { _ = fields.take(key) }
            return nil
        }
        let isBits = table == .coil || table == .discrete
        let form = isBits ? nil : fields.require("as")
        let order = isBits ? nil : fields.take("order")
        let bit = isBits ? nil : fields.take("bit")
        let bitCount = bit == nil ? nil : fields.take("bit_count")
        let step = count == nil || bit != nil ? nil : fields.take("step")
        var place = RegisterPlace(table: table, address: address)
        if !isBits {
            guard let form: RegisterPlace.Form = form.flatMap({ checker.choice($0) }) else {
                return nil
            }
            place.form = form
            guard let letters = letters(order, of: place, at: fields.place) else { return nil }
            place.order = letters
        }
        if let bit {
            let last = place.width * 16 - 1
            guard let first = scope.count(bit, in: 0...last) else { return nil }
            place.bit = first
            if let bitCount {
                guard let many = scope.count(bitCount, in: 1...(last - first + 1)) else {
                    return nil
                }
                place.bitCount = many
            }
        }
        let width = place.width
        guard let step = step.map({ scope.count($0, in: width...Limit.registerStep) }) ?? width
        else { return nil }
        return numbered(place, step: step, count: count, at: at.place)
    }

    /// The letters as they come on the wire: needed as soon as there are two registers.
    private func letters(
        _ node: TreeNode?, of place: RegisterPlace, at section: Place
    ) -> String? {
        let orders = RegisterPlace.orders(width: place.width)
        guard let node else {
            guard place.width > 1 else { return orders[0] }
            checker.report(section, .missingKey("order", in: .point))
            return nil
        }
        return checker.choice(node, of: orders.map { ($0, $0) })
    }

    /// Numbers of one register's bits are its next bits; others are at the next addresses.
    private func numbered(
        _ first: RegisterPlace, step: Int, count: Int?, at place: Place
    ) -> [PointSource]? {
        let many = (first.bitCount ?? 1)
        let last = (count ?? 1) - 1
        let beyond =
            if let bit = first.bit {
                bit + (last + 1) * many > first.width * 16
            } else {
                first.address + last * step + first.width - 1 > 0xFFFF
            }
        guard !beyond else {
            checker.report(place, .placesBeyondEnd(count: last + 1))
            return nil
        }
        return (0...last).map { index in
            var one = first
            if let bit = first.bit {
                one.bit = bit + index * many
            } else {
                one.address += index * step
            }
            return .register(at: one)
        }
    }

    // MARK: Meters

    private func item(_ fields: inout Fields, count: Int?) -> PointSource? {
        let at = fields.require("at")
        let bytes = fields.require("bytes")
        let signed = fields.take("signed")
        if count != nil { checker.report(fields.place, .notCounted) }
        guard count == nil, let identifier = at.flatMap(scope.meterItem),
            let bytes = bytes.flatMap({ checker.integer($0, in: 1...8) })
        else { return nil }
        return .item(
            at: MeterItem(
                identifier: identifier, bytes: bytes,
                isSigned: signed.flatMap(checker.boolean) ?? false))
    }

    // MARK: Frames

    /// `from: query.code` or `from: [query.code, push.code]`.
    private func names(_ fields: inout Fields) -> (names: [Placed<String>], by: TreeNode?)? {
        let from = fields.require("from")
        let by = fields.take("by")
        guard let from else { return nil }
        let items: [TreeNode]
        if case .list = from.content {
            items = checker.list(from, of: .point, limit: Limit.placesPerPoint) ?? []
        } else {
            items = [from]
        }
        let names = items.compactMap { item in
            checker.word(item).map { Placed($0, at: item.place) }
        }
        return names.count == items.count && !items.isEmpty ? (names, by) : nil
    }

    private func frameFields(
        _ fields: inout Fields, count: Int?, _ frames: [FrameSettings]
    ) -> [PointSource]? {
        guard let (names, by) = names(&fields) else { return nil }
        let selector = by.flatMap(checker.word)
        if by != nil, selector == nil { return nil }
        var sources = Array(repeating: [FramePlace](), count: count ?? 1)
        for name in names {
            guard
                let field = frameField(name, frames, count: count, selector: selector, by?.place)
            else { return nil }
            for index in sources.indices {
                var place = field.place
                if count != nil { place.index = index + 1 }
                sources[index].append(place)
            }
        }
        return sources.map { .fields(at: $0) }
    }

    /// A field of a frame that comes from the box; numbered by itself, or by another field.
    private func frameField(
        _ name: Placed<String>, _ frames: [FrameSettings], count: Int?, selector: String?,
        _ selectorPlace: Place?
    ) -> (place: FramePlace, isNumbered: Bool)? {
        let parts = name.value.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else {
            checker.report(name.place, .badFramePlace(found: name.value))
            return nil
        }
        guard let frame = frames.answering(String(parts[0])) else {
            checker.report(
                name.place,
                .unknownReference(
                    .frame, name: String(parts[0]),
                    known: frames.filter { frames.answering($0.name) != nil }.map(\.name)))
            return nil
        }
        let field = String(parts[1])
        let known = frame.tokens.fieldNames.filter { $0 != "address" }
        guard known.contains(field) else {
            checker.report(name.place, .unknownReference(.field, name: field, known: known))
            return nil
        }
        let isNumbered = frame.tokens.isNumbered(field)
        let total = frame.tokens.count(of: field)
        guard let index = index(parts, isNumbered, total, count, at: name.place) else { return nil }
        var place = FramePlace(frame: frame.name, field: field, index: index)
        guard count != nil, !isNumbered else { return (place, isNumbered) }
        guard let selector, let selectorPlace else {
            checker.report(name.place, .missingKey("by", in: .point))
            return nil
        }
        // A reply that does not repeat which lock it speaks of means the one that was asked.
        let asked = frames.first { $0.reply == frame.name }?.tokens.fieldNames ?? []
        let selectors = (known + asked.filter { !known.contains($0) }).filter {
            $0 != field && $0 != "address" && !frame.tokens.isNumbered($0)
        }
        guard selectors.contains(selector) else {
            checker.report(
                selectorPlace, .unknownReference(.field, name: selector, known: selectors))
            return nil
        }
        place.selector = selector
        return (place, isNumbered)
    }

    /// Which of several: said with the name, or counted. `.some(nil)`: it is the only one.
    private func index(
        _ parts: [Substring], _ isNumbered: Bool, _ total: Int, _ count: Int?, at place: Place
    ) -> Int?? {
        if parts.count == 3 {
            guard isNumbered, count == nil, let index = Checker.decimalInteger(parts[2]),
                (1...Int64(total)).contains(index)
            else {
                checker.report(place, .badFramePlace(found: parts.joined(separator: ".")))
                return nil
            }
            return .some(Int(index))
        }
        if isNumbered, count ?? total + 1 > total {
            checker.report(place, .numbersInField(name: parts.joined(separator: "."), total))
            return nil
        }
        return .some(nil)
    }

    /// Of a protocol with a codec of ours.
    private func codecFields(
        _ fields: inout Fields, count: Int?, _ codec: BusCodecName
    ) -> [PointSource]? {
        guard let (names, by) = names(&fields) else { return nil }
        let selector = by.flatMap(checker.word)
        if by != nil, selector == nil { return nil }
        var sources = Array(repeating: [FramePlace](), count: count ?? 1)
        for name in names {
            let parts = name.value.split(separator: ".", omittingEmptySubsequences: false)
            let index = parts.count == 3 ? Checker.decimalInteger(parts[2]) : nil
            guard (2...3).contains(parts.count),
                parts.prefix(2).allSatisfy({
                    ResolvedStation.isLegalField($0)
                }), (parts.count == 3) == (index != nil), count == nil || index == nil,
                (1...Int64(Limit.numbersPerField)).contains(index ?? 1)
            else {
                checker.report(name.place, .badFramePlace(found: name.value))
                return nil
            }
            for place in sources.indices {
                sources[place].append(
                    FramePlace(
                        frame: String(parts[0]), field: String(parts[1]),
                        index: count == nil ? index.map { Int($0) } : place + 1,
                        selector: count == nil ? nil : selector))
            }
        }
        return sources.map { .fields(at: $0) }
    }

    /// What is read again and again must be the answer to something that can be asked without
    /// being told anything but the number of the point.
    func checkAsked(_ places: [FramePlace], at place: Place) {
        guard case .frames(let language) = self.language else {
            checkAsked(ofCodec: places, at: place)
            return
        }
        let asked = places.first { one in
            language.frames.contains { $0.role == .request && $0.reply == one.frame }
        }
        guard let asked,
            let request = language.frames.first(where: { $0.reply == asked.frame })
        else {
            checker.report(place, .neverAsked)
            return
        }
        let told = ["address", asked.selector].compactMap(\.self)
        let open = request.tokens.fieldNames.filter { !told.contains($0) }
        guard let first = open.first else { return }
        checker.report(place, .askedWithout(frame: request.name, field: first))
    }
}

extension PointReader {
    /// The same of a codec of ours: it says itself what it cannot ask.
    private func checkAsked(ofCodec places: [FramePlace], at place: Place) {
        guard let first = places.first else { return }
        let told = first.selector.map { [BusField($0, Int64(first.index ?? 1))] } ?? []
        do throws(BusQuestionFlaw) {
            _ = try language.packet(for: .frame(name: first.frame, fields: told), to: 0)
        } catch {
            checker.report(place, .unaskable(error))
        }
    }
}

extension [FrameSettings] {
    /// The frame that comes from the box: a push, or the answer to a request of that name.
    func answering(_ name: String) -> FrameSettings? {
        guard let frame = first(where: { $0.name == name }) else { return nil }
        guard frame.role == .request else { return frame }
        return frame.reply.flatMap { reply in first { $0.name == reply } }
    }
}

extension RegisterPlace {
    /// The words for tables in profiles.
    static let tableNames: [(word: String, table: Table)] = [
        ("in", .input), ("hold", .holding), ("coil", .coil), ("disc", .discrete),
    ]
}

extension BoxScope {
    /// `in:0`, `hold:0x2000`: a table and an address as on the wire.
    func registerPlace(_ node: TreeNode) -> (table: RegisterPlace.Table, address: Int)? {
        guard let (table, text) = registerTable(node) else { return nil }
        guard
            let address = Checker.hexadecimal(text) ?? Checker.decimalInteger(text),
            (0...0xFFFF).contains(address)
        else {
            checker.report(node.place, .badRegisterPlace(found: Self.text(of: node)))
            return nil
        }
        return (table, Int(address))
    }

    /// The table, and what stands behind the colon. An address out of a manual's count from 30001
    /// is told as that.
    func registerTable(_ node: TreeNode) -> (table: RegisterPlace.Table, text: Substring)? {
        guard let (text, _) = checker.scalar(node) else { return nil }
        let table = text.prefix { $0 != ":" }
        guard text.contains(":") else {
            if let manual = ManualAddress(text) {
                checker.report(node.place, .manualAddress(manual))
            } else {
                checker.report(node.place, .badRegisterPlace(found: text))
            }
            return nil
        }
        guard let known = RegisterPlace.tableNames.first(where: { $0.word == table }) else {
            checker.report(
                node.place,
                .notAChoice(
                    found: String(table), expected: RegisterPlace.tableNames.map(\.word)))
            return nil
        }
        let address = text.drop { $0 != ":" }.dropFirst()
        if let manual = ManualAddress(String(address)) {
            checker.report(node.place, .manualAddress(manual))
            return nil
        }
        return (known.table, address)
    }

    private static func text(of node: TreeNode) -> String {
        if case .scalar(let text, _) = node.content { text } else { "" }
    }

    /// Eight hexadecimal digits, DI3 first.
    func meterItem(_ node: TreeNode) -> String? {
        guard let (text, isQuoted) = checker.scalar(node) else { return nil }
        guard isQuoted, text.utf8.count == 8, Hex.bytes(text.utf8) != nil else {
            checker.report(node.place, .badMeterItem(found: text))
            return nil
        }
        return text.uppercased()
    }
}

/// An address as manuals count: 30001 is input register 0, 40001 is holding register 0.
public struct ManualAddress: Sendable, Equatable {
    public let written: String
    public let table: String
    public let address: Int

    /// - Returns: `nil` for what is no such number. Addresses below 30001 stay: they may be meant.
    init?(_ text: String) {
        guard let number = Checker.decimalInteger(text) else { return nil }
        switch number {
        case 30_001...39_999: (table, address) = ("in", Int(number) - 30_001)
        case 40_001...49_999: (table, address) = ("hold", Int(number) - 40_001)
        case 300_001...365_536: (table, address) = ("in", Int(number) - 300_001)
        case 400_001...465_536: (table, address) = ("hold", Int(number) - 400_001)
        default:
            guard number >= 30_001 else { return nil }
            (table, address) = ("", Int(number))
        }
        written = text
    }
}
