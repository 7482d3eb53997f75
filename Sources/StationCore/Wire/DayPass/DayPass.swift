// A day pass: what a QR code says that lets somebody without a card use a station for a while.
//
//   DP1 | base 32 of:  issuer 4 | scope 1, id n | from 4 | to 4 | quota 1 | nonce 8 | signature 64
//
// Scope: 0x80 for a district, else a station, plus n, 1 to 23. Numbers are big-endian, times are
// seconds since 1970 UTC, `to` is past the last second. The signature is Ed25519 over
// "stationd day pass 1", a zero byte, and everything before it. At most 178 characters, capitals
// and digits only: a QR code of version 7 at level M.

/// What a day pass says. Whether it is true is for its signature, and whether it holds here and now
/// for `refusal(at:in:on:)`.
public struct DayPass: Hashable, Sendable {
    /// Where a pass is good.
    public enum Scope: Hashable, Sendable {
        case station(ShortText)
        case district(ShortText)
    }

    /// Which key signed it.
    public let issuer: DayPassIssuer.ID
    public let scope: Scope
    public let validFrom: WallTime
    /// The first moment at which it is over.
    public let validTo: WallTime
    /// How many uses it is good for at one station, 1 to 255.
    public let quota: UInt8
    /// Told apart from all others of its issuer by this.
    public let nonce: UInt64

    /// A pass is for a day or some: no longer than this.
    public static let longestValidity: Int64 = 31 * 86_400

    /// - Returns: `nil` when the id is empty, the quota is 0, or the times are not in order, not
    ///   whole seconds between 1970 and 2106, or more than `longestValidity` apart.
    public init?(
        issuer: DayPassIssuer.ID, scope: Scope, validFrom: WallTime, validTo: WallTime,
        quota: UInt8, nonce: UInt64
    ) {
        let seconds = validTo.seconds - validFrom.seconds
        guard !scope.id.isEmpty, quota > 0, seconds > 0, seconds <= Self.longestValidity,
            Self.isWhole(validFrom), Self.isWhole(validTo)
        else { return nil }
        self.issuer = issuer
        self.scope = scope
        self.validFrom = validFrom
        self.validTo = validTo
        self.quota = quota
        self.nonce = nonce
    }

    /// What a station remembers, so that each pass is taken once.
    public var id: DayPassID { DayPassID(issuer: issuer, nonce: nonce) }

    /// Why the pass does not hold at a station at a time, or `nil` when it does. Its signature is
    /// another matter.
    public func refusal(
        at station: ShortText, in district: ShortText?, on now: WallTime
    ) -> DayPassRefusal? {
        let isHere =
            switch scope {
            case .station(let id): id == station
            case .district(let id): id == district
            }
        if !isHere { return .elsewhere(scope) }
        if now < validFrom { return .early(from: validFrom) }
        return now < validTo ? nil : .late(to: validTo)
    }

    private static func isWhole(_ time: WallTime) -> Bool {
        time.milliseconds % 1_000 == 0 && UInt32(exactly: time.seconds) != nil
    }
}

extension DayPass.Scope {
    public var id: ShortText {
        switch self {
        case .station(let id), .district(let id): id
        }
    }
}

/// A pass's name: issuer and nonce. Two texts with one id are one pass.
public struct DayPassID: Hashable, Sendable {
    public let issuer: DayPassIssuer.ID
    public let nonce: UInt64

    public init(issuer: DayPassIssuer.ID, nonce: UInt64) {
        self.issuer = issuer
        self.nonce = nonce
    }

    /// Twenty capitals and digits, for a journal.
    public var text: ShortText {
        ShortText(Base32.encode(issuer.bytes + DayPass.bytes(nonce, 8))) ?? .empty
    }
}
