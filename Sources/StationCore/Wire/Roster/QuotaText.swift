// Quotas as people write them in a roster: `water 3/d 2000mL/d; charge 1/d`.
//
//   quotas  = quota { ";" quota }
//   quota   = service or "entry", then one or more of: number [ unit ] "/" period
//   unit    = mL | L | Wh | kWh | min | h; without one uses are counted
//   period  = d | w | m: a day, a week from Monday on, a month; 天, 周, 月 as well

/// Reads and writes quotas as text.
public enum QuotaText {
    /// What doors are called, all together.
    public static let doors = "entry"

    /// What is wrong with a text.
    public enum Flaw: Error, Equatable, Sendable {
        /// Not written so.
        case form(found: String)
        /// The same of a service twice.
        case twice(found: String)
    }

    /// `nil`: not written so, or the same of a service twice.
    public static func read(_ text: String) -> [RosterQuota]? { try? quotas(text) }

    /// - Throws: at the first that cannot be read.
    static func quotas(_ text: some StringProtocol) throws(Flaw) -> [RosterQuota] {
        var quotas: [RosterQuota] = []
        for item in text.split(whereSeparator: { $0 == ";" || $0 == "；" }) {
            let words = item.split(whereSeparator: \.isWhitespace)
            guard let subject = words.first else { continue }
            guard words.count > 1, !subject.contains("/") else {
                throw .form(found: Self.excerpt(item))
            }
            for word in words.dropFirst() {
                guard let quota = quota(of: subject == doors ? "" : String(subject), word) else {
                    throw .form(found: Self.excerpt(word))
                }
                guard !quotas.contains(where: { $0.isOfSame(quota) }) else {
                    throw .twice(found: Self.excerpt(word))
                }
                quotas.append(quota)
            }
        }
        return quotas
    }

    private static func quota(of subject: String, _ word: some StringProtocol) -> RosterQuota? {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let period = period(parts[1]) else { return nil }
        let digits = parts[0].prefix { $0.isASCII && $0.isNumber }
        // Ten digits are more than 32 bits hold.
        guard !digits.isEmpty, digits.utf8.count <= 10, let number = UInt64(digits),
            let (measure, scale) = unit(parts[0].dropFirst(digits.count)),
            let limit = UInt32(exactly: number * scale), limit > 0
        else { return nil }
        return RosterQuota(subject, measure, per: period, limit: limit)
    }

    private static func unit(_ text: some StringProtocol) -> (QuotaMeasure, UInt64)? {
        switch text.lowercased() {
        case "", "x", "次": (.uses, 1)
        case "ml", "毫升": (.millilitres, 1)
        case "l", "升": (.millilitres, 1_000)
        case "wh", "瓦时": (.wattHours, 1)
        case "kwh", "度": (.wattHours, 1_000)
        case "min", "分钟": (.minutes, 1)
        case "h", "小时": (.minutes, 60)
        default: nil
        }
    }

    private static func period(_ text: some StringProtocol) -> QuotaPeriod? {
        switch text.lowercased() {
        case "d", "day", "天", "日": .day
        case "w", "week", "周": .week
        case "m", "month", "月": .month
        default: nil
        }
    }

    private static func excerpt(_ text: some StringProtocol) -> String {
        RosterRowError.Problem.excerpt(text)
    }

    /// The same quotas as text, as short as they can be read; empty: none.
    public static func text(_ quotas: [RosterQuota]) -> String {
        var items: [(subject: String, words: [String])] = []
        for quota in quotas {
            let word = "\(quota.limit)\(quota.measure.unit)/\(quota.period.letter)"
            if items.last?.subject == quota.subject {
                items[items.count - 1].words.append(word)
            } else {
                items.append((quota.subject, [word]))
            }
        }
        return items.map { item in
            ([item.subject.isEmpty ? doors : item.subject] + item.words).joined(separator: " ")
        }.joined(separator: "; ")
    }
}

extension QuotaMeasure {
    /// The unit in texts; empty: uses have none.
    public var unit: String {
        switch self {
        case .uses: ""
        case .millilitres: "mL"
        case .wattHours: "Wh"
        case .minutes: "min"
        }
    }
}

extension QuotaPeriod {
    /// The letter in texts.
    public var letter: String {
        switch self {
        case .day: "d"
        case .week: "w"
        case .month: "m"
        }
    }
}

extension ResolvedService {
    /// What of its uses is counted, so that a quota can speak of it; none: nobody taps for it.
    public var quotaMeasures: [QuotaMeasure] {
        switch settings {
        case .lockers: [.uses, .minutes]
        case .machine(let settings):
            switch settings.kind {
            case .dispenser: [.uses, .millilitres]
            case .charging: [.uses, .wattHours, .minutes]
            case .cabinet, .desk, .swap: [.uses]
            case .place: [.uses, .minutes]
            case .appliance, .counter, .lights, .climate, .room, .link, .help: []
            }
        }
    }
}
