// A card that was presented, with every way to write its number, and what the door made of it.

import Control
import StationCore

/// What `stationctl tap` says of one card.
struct TapReport: Codable, Equatable {
    var tap: CardRecord
    /// Absent for what has no number, such as a keypad's digits.
    var card: CardReport?

    init(_ tap: CardRecord) {
        self.tap = tap
        card = Self.credential(of: tap).map {
            CardReport($0, format: tap.format.flatMap { WiegandFormat(name: $0) })
        }
    }

    static func credential(of tap: CardRecord) -> Credential? {
        tap.card.flatMap { try? CardText.parse($0) }
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        var heading = [tap.reader, tap.door ?? catalogue.say("不管门", "no door")]
        if let format = tap.format { heading.append(format) }
        return [heading.joined(separator: "  "), "  " + decision(catalogue)]
            + (card?.lines(catalogue).map { "  " + $0 } ?? [])
    }

    private func decision(_ catalogue: Catalogue) -> String {
        let who =
            tap.key.map { key in
                catalogue.say("钥匙 \(key)", "key \(key)")
                    + (tap.view.map { catalogue.say("（按 \($0) 认出）", " (found by \($0))") } ?? "")
            } ?? tap.code.map { catalogue.say("码 \($0)", "code \($0)") }
            ?? catalogue.say("名册里没有", "not on the roster")
        let verdict =
            switch tap.decision {
            case "granted": catalogue.say("放行", "let in")
            case "enrolment": catalogue.say("登记用的，没有开门", "for the enrolment, no door opens")
            default:
                catalogue.say("未放行：", "not let in: ")
                    + (tap.reason.map { catalogue.denial($0) } ?? "")
            }
        return who + catalogue.say("，", ", ") + verdict
    }
}

/// What `stationctl card match` says: which renderings of a card are the printed text.
struct MatchReport: Codable, Equatable {
    var card: String
    var printed: String
    var matches: [CardView]
    /// Whether the reader that it was presented at would find a key by that number.
    var isFoundAtReader: Bool?

    init(_ credential: Credential, printed: String, format: WiegandFormat?, views: [View]?) {
        card = CardText.text(of: credential) ?? ""
        self.printed = printed
        let same = PrintedForm.renderings(of: credential, matching: printed, format: format)
        matches = same.map {
            CardView(
                form: $0.form.name, view: $0.view.name, text: $0.text,
                namesOneCard: $0.number != nil)
        }
        isFoundAtReader = views.map { views in
            let numbers = views.compactMap { $0.number(of: credential, format: format) }
            return same.contains { $0.number.map(numbers.contains) ?? false }
        }
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        guard !matches.isEmpty else {
            return [
                card,
                "! "
                    + catalogue.say(
                        "没有一种写法是“\(printed)”：多半不是这张卡，全部写法见 stationctl card views \(card)",
                        "no way to write it is `\(printed)`: probably another card; all of them: "
                            + "stationctl card views \(card)"),
            ]
        }
        var lines = [card] + CardView.lines(matches, catalogue)
        if let first = matches.first(where: \.namesOneCard) {
            lines.append(
                catalogue.say(
                    "名册里写：form \(first.form)，number \(printed)",
                    "on a roster: form \(first.form), number \(printed)"))
        } else {
            lines.append(
                "! "
                    + catalogue.say(
                        "这种写法许多卡同号，不能上名册：改用别的写法，或刷卡登记",
                        "many cards have that number, it is not fit for a roster: use another form")
            )
        }
        if isFoundAtReader == false {
            lines.append(
                "! "
                    + catalogue.say(
                        "这个读卡器不按这种写法查名册：在它的 views 里加上，或换一种写法登记",
                        "this reader does not look for that number: add the view to it, or enrol "
                            + "another form"))
        }
        return lines
    }
}
