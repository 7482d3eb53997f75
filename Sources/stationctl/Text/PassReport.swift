// A day pass, as a record and as lines.

import Control
import StationCore

/// What a day pass says, and whether its signature was checked.
struct PassReport: Codable, Equatable {
    enum Signature: String, Codable {
        /// No issuer was named to check it with.
        case unchecked
        case good
        case wrong
        case otherIssuer
    }

    var id: String
    /// `station` or `district`.
    var scope: String
    var place: String
    /// RFC 3339.
    var from: String
    var to: String
    var quota: Int
    /// The issuer's mark, eight hexadecimal digits.
    var issuer: String
    var signature: Signature

    /// - Parameter utcOffset: seconds east of UTC, in which the times are shown.
    init(
        _ signed: SignedDayPass, issuer: DayPassIssuer? = nil, utcOffset: Int32 = 0
    ) {
        let claim = signed.claim
        id = claim.id.text.description
        switch claim.scope {
        case .station(let id): (scope, place) = ("station", id.description)
        case .district(let id): (scope, place) = ("district", id.description)
        }
        from = Timestamp.rfc3339(
            milliseconds: claim.validFrom.milliseconds, utcOffset: utcOffset)
        to = Timestamp.rfc3339(milliseconds: claim.validTo.milliseconds, utcOffset: utcOffset)
        quota = Int(claim.quota)
        self.issuer = claim.issuer.description
        signature = issuer.map { Self.judge(signed, $0) } ?? .unchecked
    }

    private static func judge(_ signed: SignedDayPass, _ issuer: DayPassIssuer) -> Signature {
        do {
            _ = try signed.verified(by: [issuer])
            return .good
        } catch {
            return error == .unknownIssuer ? .otherIssuer : .wrong
        }
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        let scopes = ["station": ("驿站", "station"), "district": ("片区", "district")]
        let signatures: [Signature: (String, String)] = [
            .unchecked: ("签名未核对；用 --issuer 核对", "signature not checked; check it with --issuer"),
            .good: ("签名正确", "signature good"), .wrong: ("签名不对", "signature wrong"),
            .otherIssuer: ("不是这把公钥签发的", "issued by another key"),
        ]
        let scopeWord = scopes[scope].map { catalogue.say($0.0, $0.1) } ?? scope
        let signatureWord = signatures[signature].map { catalogue.say($0.0, $0.1) } ?? ""
        return [
            catalogue.say("日票 ", "day pass ") + id,
            "  " + scopeWord + " " + place,
            "  " + from + " – " + to,
            catalogue.say(
                "  可用 \(quota) 次", quota == 1 ? "  good for one use" : "  good for \(quota) uses"),
            catalogue.say("  签发 ", "  issuer ") + issuer,
            "  " + signatureWord,
        ]
    }
}
