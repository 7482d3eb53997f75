// Day passes in the pockets of people without a card: good ones, and those that must open nothing.

import EventLoop
public import StationCore

/// A code on somebody's telephone.
public struct VisitorPass: Sendable {
    public enum Kind: Sendable, CaseIterable {
        /// Signed by whom the station trusts, for here and now.
        case good
        case over
        case elsewhere
        /// A good pass's claim under a signature of nobody.
        case forged
        /// Signed by somebody whom the station does not know.
        case foreign
    }

    public let kind: Kind
    /// What it claims; a forged one is told from a good one by its signature alone.
    public let claim: DayPass
    /// What a telephone shows.
    public let text: String

    /// The pass's name, as the journal has it.
    var name: ShortText { claim.id.text }
    /// Whether whom the station trusts has signed it.
    var isGenuine: Bool { kind != .forged && kind != .foreign }
}

/// Passes of one station's visitors.
public struct VisitorPasses: Sendable {
    /// How often the good ones open a door in their time: some are used up soon.
    static let quotas: [UInt8] = [1, 1, 2, 3, 20, 20, 20, 20]
    static let days: Int64 = 7

    /// Whom the station is told to believe.
    public let issuers: [DayPassIssuer]
    public private(set) var all: [VisitorPass] = []

    /// Passes of a seed's own issuer.
    init(_ station: StationIdentity, wall: WallTime, seed: SplitMix64) {
        var chance = seed.fork("pass issuer")
        let secret = (0..<DayPassSigner.secretBytes).map { _ in UInt8(chance.below(256)) }
        guard let signer = DayPassSigner(secret: secret) else {
            preconditionFailure("a secret of 32 bytes was refused")
        }
        self.init(station, signedBy: signer, wall: wall, seed: seed)
    }

    /// - Parameter signer: whom the station trusts.
    public init(
        _ station: StationIdentity, signedBy signer: DayPassSigner, wall: WallTime,
        seed: SplitMix64
    ) {
        issuers = [signer.issuer]
        var chance = seed.fork("passes")
        let secret = (0..<DayPassSigner.secretBytes).map { _ in UInt8(chance.below(256)) }
        guard let home = ShortText(station.id), let stranger = DayPassSigner(secret: secret) else {
            return
        }
        let today = WallTime(seconds: wall.seconds - wall.seconds % 86_400)
        let before = WallTime(seconds: today.seconds - 3 * Self.days * 86_400)
        func pass(
            _ signer: DayPassSigner, _ place: ShortText, from: WallTime, quota: UInt8
        ) -> SignedDayPass? {
            DayPass(
                issuer: signer.issuer.id, scope: .station(place), validFrom: from,
                validTo: WallTime(seconds: from.seconds + Self.days * 86_400), quota: quota,
                nonce: chance.next()
            ).flatMap { signer.sign($0) }
        }
        for quota in Self.quotas {
            guard let signed = pass(signer, home, from: today, quota: quota) else { continue }
            add(.good, signed)
            // Somebody changed a bit of it, and shows it as well.
            var signature = signed.signature
            signature[chance.below(signature.count)] ^= 1 << UInt8(chance.below(8))
            add(.forged, SignedDayPass(claim: signed.claim, signature: signature))
        }
        let elsewhere = ShortText("another-station") ?? home
        if let signed = pass(signer, home, from: before, quota: 20) { add(.over, signed) }
        if let signed = pass(signer, elsewhere, from: today, quota: 20) { add(.elsewhere, signed) }
        if let signed = pass(stranger, home, from: today, quota: 20) { add(.foreign, signed) }
    }

    private mutating func add(_ kind: VisitorPass.Kind, _ signed: SignedDayPass) {
        all.append(VisitorPass(kind: kind, claim: signed.claim, text: signed.text))
    }
}
