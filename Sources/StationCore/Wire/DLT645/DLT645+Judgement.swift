// What is asked of a meter and what its bytes say.

extension DLT645 {
    static func packet(
        for question: BusQuestion, to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        if isAddressFrame(question) {
            return frame(DLT645Function.readAddress.rawValue, anybody, [])
        }
        guard let meter = bytes(of: address) else { throw .address(address) }
        if let order = DLT645Order(question), case .frame(_, let fields) = question {
            return frame(order.function.rawValue, meter, try order.data(fields))
        }
        guard case .item(let item) = question else { throw .language }
        guard 1...8 ~= item.bytes else { throw .count(item.bytes, most: 8) }
        guard let identifier = bytes(of: item) else { throw .frame(item.identifier) }
        return frame(DLT645Function.read.rawValue, meter, identifier)
    }

    static func judge(
        _ bytes: Span<UInt8>, after question: BusQuestion?, at address: Int
    ) -> BusJudgement {
        CodecMatch.judge(bytes) { match($0, question, address) }
    }

    /// Where a frame lies among the bytes.
    struct Found {
        /// Wake bytes before it.
        let start: Int
        let control: UInt8
        let dataCount: Int

        var length: Int { start + overhead + dataCount }
        /// The place of a data byte.
        func data(_ index: Int) -> Int { start + 10 + index }
    }

    enum Finding {
        case none
        case wanting(Int)
        case frame(Found)
        case damaged(BusDamage, length: Int)
    }

    /// A frame of anybody's at the beginning of the bytes.
    static func find(_ bytes: Span<UInt8>) -> Finding {
        var start = 0
        while start < bytes.count, bytes[start] == wake { start += 1 }
        guard start <= mostWakes else { return .none }
        let count = bytes.count - start
        guard count > 0 else { return .wanting(overhead) }
        guard bytes[start] == Self.start else { return .none }
        if count > 7, bytes[start + 7] != Self.start { return .none }
        guard count > 9 else { return .wanting(overhead - count) }
        let found = Found(
            start: start, control: bytes[start + 8], dataCount: Int(bytes[start + 9]))
        guard found.dataCount <= mostData else { return .none }
        guard bytes.count >= found.length else { return .wanting(found.length - bytes.count) }
        guard bytes[found.length - 1] == end else { return .damaged(.ending, length: found.length) }
        let sum = ByteCheck.sum(bytes.extracting(start..<found.length - 2))
        guard bytes[found.length - 2] == UInt8(truncatingIfNeeded: sum) else {
            return .damaged(.checksum, length: found.length)
        }
        return .frame(found)
    }

    /// The meter's number in a frame; `nil` when it has a digit that is none.
    static func address(in bytes: Span<UInt8>, _ found: Found) -> Int? {
        FieldForm(bytes: 6, isLittleEndian: true, isBCD: true)
            .number(in: bytes.extracting(found.start + 1..<found.start + 7)).map { Int($0) }
    }

    private static func match(
        _ bytes: Span<UInt8>, _ question: BusQuestion?, _ address: Int
    ) -> CodecMatch {
        let found: Found
        switch find(bytes) {
        case .none: return .none
        case .wanting(let count): return .wanting(count)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .frame(let frame): found = frame
        }
        let isReply = found.control & DLT645Function.reply != 0
        let isAnybody = question.map(isAddressFrame) ?? false
        guard isReply, let question,
            isAnybody || Self.address(in: bytes, found) == address
        else { return .judged(.foreign(length: found.length)) }
        switch meaning(bytes, found, question) {
        case .success(let answer): return .judged(.answer(answer, length: found.length))
        case .failure(let damage): return .judged(.damaged(damage.damage, length: found.length))
        }
    }

    private struct Flaw: Error { let damage: BusDamage }

    private static func meaning(
        _ bytes: Span<UInt8>, _ found: Found, _ question: BusQuestion
    ) -> Result<BusAnswer, Flaw> {
        let order = DLT645Order(question)
        let function: DLT645Function =
            order?.function ?? (isAddressFrame(question) ? .readAddress : .read)
        guard found.control & DLT645Function.mask == function.rawValue else {
            return .failure(Flaw(damage: .content))
        }
        if found.control & DLT645Function.refused != 0 {
            guard found.dataCount >= 1 else { return .failure(Flaw(damage: .length)) }
            return .success(.refused(code: Int(bytes[found.data(0)] &- offset)))
        }
        if order != nil {
            return found.dataCount == 0 ? .success(.done) : .failure(Flaw(damage: .length))
        }
        var data: [UInt8] = []
        for index in 0..<found.dataCount { data.append(bytes[found.data(index)] &- offset) }
        guard case .item(let item) = question else {
            guard data.count == 6 else { return .failure(Flaw(damage: .length)) }
            guard let number = number(data) else { return .failure(Flaw(damage: .content)) }
            let field = BusField(addressFrame, number)
            return .success(.frame(name: addressFrame, fields: [field]))
        }
        guard data.count >= 4, Array(data.prefix(4)) == Self.bytes(of: item) else {
            return .failure(Flaw(damage: .content))
        }
        guard data.count == 4 + item.bytes else { return .failure(Flaw(damage: .length)) }
        var digits = Array(data.dropFirst(4))
        let isNegative = item.isSigned && digits[digits.count - 1] & 0x80 != 0
        if isNegative { digits[digits.count - 1] &= 0x7f }
        guard let number = number(digits) else { return .failure(Flaw(damage: .content)) }
        return .success(.number(isNegative ? -number : number))
    }

    /// BCD, lowest digits first.
    static func number(_ digits: [UInt8]) -> Int64? {
        FieldForm(bytes: digits.count, isLittleEndian: true, isBCD: true).number(in: digits.span)
    }
}
