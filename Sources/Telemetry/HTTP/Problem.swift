// What a request gets instead of its answer: problem details (RFC 9457) in Chinese and English.

import Control
import HTTPTypes
import NIOCore

/// A refusal. Says what is wrong, where, and what to do.
struct Problem: Error, Equatable, Sendable {
    var kind: Kind
    /// What happened here and what to do, in both languages.
    var detail: TextRecord
    var facts = Facts()
    /// Seconds after which another attempt makes sense.
    var retryAfter: Int?
    /// The methods that there are here.
    var allow: String?

    init(_ kind: Kind, zh: String, en: String) {
        self.kind = kind
        detail = TextRecord(zh: zh, en: en)
    }

    /// Members besides those of the standard, for programs.
    struct Facts: Encodable, Equatable, Sendable {
        /// The parameter at fault.
        var parameter: String?
        /// Names that would have been right.
        var known: [String]?
        /// Why the station cannot be read or is not ready: a stable word.
        var reason: String?
        /// About the journal there is, and the cursor to go on from.
        var store: String?
        var oldest: Int64?
        var newest: Int64?
        var next: String?
    }
}

extension Problem {
    /// The body, and the header fields that belong to it.
    ///
    /// - Parameter path: of the request, without its query; `nil` when there was none.
    func answer(path: String?) -> Answer {
        let title = kind.title
        let body = Body(
            type: "urn:stationd:problem:" + kind.rawValue, title: title.en,
            status: kind.status.code, detail: detail.en, instance: path,
            zh: Body.Text(title: title.zh, detail: detail.zh),
            en: Body.Text(title: title.en, detail: detail.en), facts: facts)
        var answer = Answer(
            status: kind.status, type: "application/problem+json", JSONText.encode(body))
        if let retryAfter { answer.headers[.retryAfter] = String(retryAfter) }
        if kind == .tokenNeeded {
            answer.headers[.wwwAuthenticate] = #"Bearer realm="stationd""#
        }
        if let allow { answer.headers[.allow] = allow }
        return answer
    }

    private struct Body: Encodable {
        struct Text: Encodable { var title, detail: String }

        var type: String
        var title: String
        var status: Int
        var detail: String
        var instance: String?
        var zh: Text
        var en: Text
        var facts: Facts

        enum Name: String, CodingKey { case type, title, status, detail, instance, zh, en }

        func encode(to encoder: any Encoder) throws {
            try facts.encode(to: encoder)
            var container = encoder.container(keyedBy: Name.self)
            try container.encode(type, forKey: .type)
            try container.encode(title, forKey: .title)
            try container.encode(status, forKey: .status)
            try container.encode(detail, forKey: .detail)
            try container.encodeIfPresent(instance, forKey: .instance)
            try container.encode(zh, forKey: .zh)
            try container.encode(en, forKey: .en)
        }
    }

    /// A client's own text as an error may repeat it: short, and without what is no character.
    static func echo(
        _ text: some StringProtocol, limit: Int = GatewayLimits.echo
    ) -> String {
        let shown = text.unicodeScalars.prefix(limit).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : Character(scalar)
        }
        return String(shown) + (text.unicodeScalars.count > limit ? "..." : "")
    }
}
