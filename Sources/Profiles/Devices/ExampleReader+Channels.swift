// Worked examples of readers on channels: bytes, keys and answers, and the card that they give.

import StationCore

extension ExampleReader {
    /// More bytes than any frame of a reader has.
    private static let mostBytes = 512
    private static let textsPerCard = 16

    /// `{bytes: "02 30 …", gives: {card: "em4100:01026F6C3A"}}` or `{bytes: "…", refused: damaged}`
    func bytes(_ fields: inout Fields) -> WorkedExample? {
        let bytes = fields.require("bytes").flatMap(hex)
        let reading = reading(&fields, canBeCode: false)
        guard let bytes, let reading else { return nil }
        return .reading(.bytes(bytes), reading)
    }

    /// `{types: "0040856634", gives: {card: …}}`; of a scanner also `{types: "DP1…", gives: code}`
    func keys(_ fields: inout Fields) -> WorkedExample? {
        let types = fields.require("types").flatMap { checker.text($0, limit: Self.mostBytes) }
        let reading = reading(&fields, canBeCode: true)
        guard let types, let reading else { return nil }
        return .reading(.keys(types), reading)
    }

    /// `{atr: "3B8F…", uid: "04A224B2C36180", gives: {card: …}}`
    func answers(_ fields: inout Fields) -> WorkedExample? {
        let atr = fields.require("atr").flatMap(hex)
        let uid = fields.require("uid").flatMap(hex)
        let reading = reading(&fields, canBeCode: false)
        guard let atr, let uid, let reading else { return nil }
        return .reading(.card(atr: atr, uid: uid), reading)
    }

    private func reading(_ fields: inout Fields, canBeCode: Bool) -> WorkedExample.Reading? {
        let refused = fields.take("refused")
        let gives = refused == nil ? fields.require("gives") : fields.take("gives")
        if let refused {
            let diagnoses = ReadDiagnosis.allCases.map { ($0.name, $0) }
            return checker.choice(refused, of: diagnoses).map { .refused($0) }
        }
        guard let gives else { return nil }
        if canBeCode, case .scalar = gives.content {
            return checker.choice(gives, of: [("code", .code)])
        }
        return card(gives)
    }

    /// `{card: "em4100:01026F6C3A", printed: ["0040856634"]}`, or one of the two.
    private func card(_ node: TreeNode) -> WorkedExample.Reading? {
        guard var fields = Fields(node, .expectation, checker) else { return nil }
        let card = fields.take("card")
        let printed = fields.take("printed").flatMap {
            checker.list($0, of: .expectation, limit: Self.textsPerCard)
        }
        fields.finish()
        let texts = printed?.compactMap { checker.text($0, limit: Self.mostBytes) } ?? []
        guard let card else {
            guard texts.isEmpty else { return .card(nil, printed: texts) }
            checker.report(node.place, .missingKey("card", in: .expectation))
            return nil
        }
        guard let text = checker.text(card, limit: Self.mostBytes) else { return nil }
        do throws(CardTextError) {
            return .card(try CardText.parse(text), printed: texts)
        } catch {
            checker.report(card.place, .badCard(found: text, reason: error))
            return nil
        }
    }

    private func hex(_ node: TreeNode) -> [UInt8]? { checker.hex(node, limit: Self.mostBytes) }
}
