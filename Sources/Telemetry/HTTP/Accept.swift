// Which of the formats on offer a client likes best (RFC 9110, 12.5.1).

/// The media ranges of an `Accept` field, at most sixteen.
struct Accept: Sendable {
    private struct Range {
        var type: String
        /// In thousandths.
        var quality: Int
    }

    private static let limit = 16
    private var ranges: [Range] = []

    /// - Parameter field: its value; `nil` and nonsense accept everything.
    init(_ field: String?) {
        for part in (field ?? "").split(separator: ",").prefix(Self.limit) {
            let pieces = part.split(separator: ";").map(Self.trimmed)
            guard let type = pieces.first, type.contains("/") else { continue }
            let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }
            ranges.append(Range(type: type, quality: Self.thousandths(quality?.dropFirst(2))))
        }
    }

    /// The offer that the client likes best, the first of equals; `nil` when it likes none.
    func best(of offers: [String]) -> String? {
        guard !ranges.isEmpty else { return offers.first }
        var best: (offer: String, quality: Int)?
        for offer in offers {
            let quality = quality(of: offer)
            if quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }

    /// The most specific range that fits decides.
    private func quality(of offer: String) -> Int {
        let family = offer.prefix { $0 != "/" } + "/*"
        for wanted in [offer, String(family), "*/*"] {
            let fitting = ranges.filter { $0.type == wanted }.map(\.quality)
            if let quality = fitting.max() { return quality }
        }
        return 0
    }

    private static func trimmed(_ text: Substring) -> String {
        text.filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// `0.5` is 500; nonsense is 1,000, as if it were not there.
    private static func thousandths(_ text: Substring?) -> Int {
        guard let text, let value = Double(text), (0...1).contains(value) else { return 1_000 }
        return Int(value * 1_000)
    }
}
