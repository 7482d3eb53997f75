// Who may ask: a file of names and digests. The tokens themselves are only with their holders.

import Control
import Crypto
import Glibc
import StationCore

/// The tokens that open this gateway.
public struct Tokens: Sendable {
    /// One thing that is wrong with a token file, with its place.
    public struct Flaw: Error, Equatable, Sendable {
        /// From 1; 0 for the file as a whole.
        public var line: Int
        public var zh: String
        public var en: String
    }

    /// Everything that is wrong with it.
    public struct Flaws: Error, Sendable {
        public var all: [Flaw]
    }

    /// What a token is for, besides reading.
    public enum Scope: String, CaseIterable, Sendable {
        /// Carrying signed rosters to the station.
        case roster
        /// Carrying a hub's signed commands to it.
        case commands
    }

    private struct Token: Sendable {
        var holder: String
        var scopes: [Scope]
        /// SHA-256 of the token's bytes.
        var digest: [UInt8]
    }

    private var tokens: [Token] = []

    /// How many there are.
    public var count: Int { tokens.count }

    /// From the text of a token file: `NAME SHA256 [SCOPE,...]` on each line, `#` before remarks.
    ///
    /// - Throws: everything that is wrong, each with its line.
    public init(_ text: String) throws(Flaws) {
        var flaws: [Flaw] = []
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard !words.isEmpty else { continue }
            do {
                tokens.append(try token(words, line: place + 1))
            } catch {
                flaws.append(error)
            }
        }
        if flaws.isEmpty, tokens.isEmpty {
            flaws.append(
                Flaw(
                    line: 0, zh: "里面没有令牌；用 station-gateway token NAME 生成一个",
                    en: "there is no token in it; make one with station-gateway token NAME"))
        }
        if tokens.count > GatewayLimits.tokens {
            flaws.append(
                Flaw(
                    line: 0, zh: "最多 \(GatewayLimits.tokens) 个令牌",
                    en: "at most \(GatewayLimits.tokens) tokens"))
        }
        guard flaws.isEmpty else { throw Flaws(all: flaws) }
    }

    private func token(_ words: [Substring], line: Int) throws(Flaw) -> Token {
        guard (2...3).contains(words.count) else {
            throw Flaw(
                line: line, zh: "应为“名称 摘要”，后面可加用途，这里有 \(words.count) 项",
                en: "expected a name, a digest and maybe scopes, there are \(words.count) words")
        }
        let holder = String(words[0])
        guard holder.utf8.count <= 64 else {
            throw Flaw(line: line, zh: "名称超过 64 字节", en: "the name has more than 64 bytes")
        }
        guard !tokens.contains(where: { $0.holder == holder }) else {
            throw Flaw(
                line: line, zh: "名称“\(holder)”已经用过", en: "the name \"\(holder)\" is taken")
        }
        guard let digest = Hex.bytes(words[1].utf8), digest.count == 32 else {
            throw Flaw(
                line: line, zh: "摘要应为 64 位十六进制的 SHA-256；不要写令牌本身",
                en: "expected a SHA-256 of 64 hexadecimal digits, never the token itself")
        }
        return Token(
            holder: holder, scopes: try scopes(words.count == 3 ? words[2] : "", line: line),
            digest: digest)
    }

    private func scopes(_ text: Substring, line: Int) throws(Flaw) -> [Scope] {
        var scopes: [Scope] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false)
        where !text.isEmpty {
            guard let scope = Scope(rawValue: String(word)) else {
                let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
                throw Flaw(
                    line: line, zh: "没有用途“\(word)”，可用的有 \(known)",
                    en: "there is no scope \"\(word)\"; there are \(known)")
            }
            scopes.append(scope)
        }
        return scopes
    }

    /// Whether a holder's token is for that.
    func allows(_ scope: Scope, to holder: String) -> Bool {
        tokens.contains { $0.holder == holder && $0.scopes.contains(scope) }
    }

    /// Whose token an `Authorization` field shows; `nil` for nobody's, or for several fields.
    ///
    /// Takes the same time whichever token it is, and however much of a digest is right.
    func holder(of fields: [String]) -> String? {
        guard fields.count == 1 else { return nil }
        let parts = fields[0].split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            parts[1].utf8.count <= GatewayLimits.token
        else { return nil }
        let shown = Array(SHA256.hash(data: Array(parts[1].utf8)))
        var holder: String?
        for token in tokens where Self.areEqual(token.digest, shown) { holder = token.holder }
        return holder
    }

    private static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for place in a.indices { difference |= a[place] ^ b[place] }
        return difference == 0
    }
}

extension Tokens {
    /// A new token and its line for the file.
    public static func make(
        for holder: String, scopes: [Scope] = []
    ) -> (token: String, line: String) {
        var generator = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in
            Hex.lower(UInt128(generator.next() as UInt64), digits: 16)
        }.joined()
        let digest = SHA256.hash(data: Array(token.utf8))
        let words =
            [holder, Hex.lower(digest)]
            + (scopes.isEmpty ? [] : [scopes.map(\.rawValue).joined(separator: ",")])
        return (token, words.joined(separator: " "))
    }

    /// Reads a token file.
    ///
    /// - Throws: everything that is wrong with it.
    public init(file path: String) throws(Flaws) {
        let text: String
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = SystemError(errno)
            throw Flaws(all: [
                Flaw(
                    line: 0, zh: "打不开：\(reason.text(.chinese))",
                    en: "cannot be opened: \(reason.text(.english))")
            ])
        }
        let file = PassedFile(owning: descriptor)
        do {
            let bytes = try file.contents(limit: GatewayLimits.tokenFile)
            guard let decoded = String(validating: bytes, as: UTF8.self) else {
                throw ControlError.badMessage(ControlReason(.notText))
            }
            text = decoded
        } catch {
            throw Flaws(all: [
                Flaw(
                    line: 0, zh: "不是 \(GatewayLimits.tokenFile) 字节以内的文字文件",
                    en: "is no text file of at most \(GatewayLimits.tokenFile) bytes")
            ])
        }
        try self.init(text)
    }
}
