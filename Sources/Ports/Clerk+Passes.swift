// Day passes of a station without a hub: made by the clerk, with a key that it keeps.

import CLinux
import Control
import EventLoop
import Journal
import StationCore

extension Clerk {
    /// Issues one pass by this station's own clock, which is the one that will look at it.
    func issue(_ order: PassOrder) throws(ControlError) -> CoreAnswer {
        guard let key else { throw .noKey }
        guard key.epoch.description.hasPrefix("local-") else {
            throw .noPass(ControlReason(.hubIssues, "\(key.epoch)"))
        }
        guard let id = ShortText(station.station.id), !id.isEmpty else {
            throw .noPass(ControlReason(.longID, ShortText.capacity))
        }
        let signer = try signer()
        let now = station_clock_realtime() / 1_000_000_000
        let start = now + Int64(order.delay) * 3_600
        let pass = DayPass(
            issuer: signer.issuer.id, scope: order.district.map { .district($0) } ?? .station(id),
            validFrom: WallTime(seconds: start),
            validTo: WallTime(seconds: start + Int64(order.hours) * 3_600), quota: order.quota,
            nonce: PassKeyFile.nonce())
        guard let pass, let signed = signer.sign(pass) else {
            throw .noPass(ControlReason(.clockUnset))
        }
        return .pass(text: signed.text, publicKey: signer.issuer.publicKey)
    }

    /// The key in the state directory; made on the first pass.
    private func signer() throws(ControlError) -> DayPassSigner {
        do throws(PassKeyFile.Failure) {
            if let known = try PassKeyFile.read(in: directory) { return known }
            let made = try PassKeyFile.create(in: directory)
            tell(.passIssuers([made.issuer]))
            return made
        } catch {
            switch error {
            case .malformed: throw .noPass(ControlReason(.passKeyLines))
            case .unreadable(let error): throw .noPass(ControlReason(.unreadable, error.code))
            case .notWritten(let error): throw .noPass(ControlReason(.notWritten, error.code))
            }
        }
    }
}
