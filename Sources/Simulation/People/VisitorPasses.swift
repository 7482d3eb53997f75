// Day passes in the pockets of people without a card, and who signed them.

import EventLoop
import StationCore

/// Passes for one station: most are good, one is over, one is another station's.
struct VisitorPasses {
    static let count = 8
    /// So often a good one opens a door in its time.
    static let quota: UInt8 = 20

    /// Whom the station is told to believe.
    let issuers: [DayPassIssuer]
    /// What a telephone shows.
    let texts: [String]

    init(_ station: StationIdentity, wall: WallTime, seed: SplitMix64) {
        var chance = seed.fork("passes")
        let secret = (0..<DayPassSigner.secretBytes).map { _ in UInt8(chance.below(256)) }
        guard let signer = DayPassSigner(secret: secret), let home = ShortText(station.id),
            let elsewhere = ShortText("another-station")
        else {
            (issuers, texts) = ([], [])
            return
        }
        issuers = [signer.issuer]
        let day = WallTime(seconds: wall.seconds - wall.seconds % 86_400)
        texts = (0..<Self.count).compactMap { place in
            let start = place == 0 ? day.seconds - 10 * 86_400 : day.seconds
            let pass = DayPass(
                issuer: signer.issuer.id, scope: .station(place == 1 ? elsewhere : home),
                validFrom: WallTime(seconds: start), validTo: WallTime(seconds: start + 7 * 86_400),
                quota: Self.quota, nonce: chance.next())
            return pass.flatMap { signer.sign($0) }?.text
        }
    }
}
