// Every way in which a card's number may be written down, as records and as lines.

import StationCore

/// One rendering of a card, ready for JSON.
struct CardView: Codable, Equatable {
    /// The name that a roster's CSV states, such as `2H+4H`.
    var form: String
    /// Which part of the number it shows.
    var view: String
    var text: String
    /// False for a form that names too many cards to be used on a roster.
    var namesOneCard: Bool

    /// A row for each view.
    static func lines(_ views: [CardView], _ catalogue: Catalogue) -> [String] {
        Table.lines(
            views.map { view in
                [
                    "  " + view.form, view.view, view.text,
                    view.namesOneCard ? "" : catalogue.say("（许多卡同号）", "(names many cards)"),
                ]
            })
    }
}

/// A card with all its views.
struct CardReport: Codable, Equatable {
    var card: String
    var technology: String
    var bits: Int
    var views: [CardView]
    /// A UID that the card makes up anew at each tap: never enrol it.
    var randomUID: Bool

    init(_ credential: Credential, format: WiegandFormat? = nil) {
        card = CardText.text(of: credential) ?? ""
        technology = credential.technology.name
        bits = Int(credential.bitCount)
        views = PrintedForm.render(credential, format: format).map {
            CardView(
                form: $0.form.name, view: $0.view.name, text: $0.text,
                namesOneCard: $0.number != nil)
        }
        randomUID = credential.isRandomUID
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        var lines = [card]
        if randomUID {
            lines.append(
                "! "
                    + catalogue.say(
                        "以08开头的UID每次刷卡都会变，不能登记",
                        "begins with 08: a UID made up anew at each tap, not fit for a roster"))
        }
        return lines + CardView.lines(views, catalogue)
    }
}
