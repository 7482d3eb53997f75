// Day passes by the clerk: a key of its own in the state directory, a pass that a station believes.

import CLinux
import Control
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A station without a hub` {
    private func directory() throws -> (DiskDirectory, String) {
        var template = Array("/tmp/stationd-pass-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        return (DiskDirectory(path: path), path)
    }

    private func clerk(
        _ directory: any StateDirectory, id: String = "kaiyuan-01",
        epoch: String? = "local-12345678"
    ) -> Clerk {
        let station = ResolvedStation(
            station: StationIdentity(
                id: id, nameChinese: "开原驿站", nameEnglish: "Kaiyuan", phone: "",
                utcOffsetMinutes: 480),
            lines: [], devices: [], doors: [], journal: JournalSettings(), policy: StationPolicy())
        let key = epoch.flatMap { ShortText($0) }.flatMap {
            StationKey(epoch: $0, secret: [UInt8](repeating: 1, count: 32))
        }
        return Clerk(station: station, directory: directory, key: key)
    }

    private func pass(_ answer: CoreAnswer) -> (text: String, publicKey: [UInt8])? {
        if case .pass(let text, let publicKey) = answer { (text, publicKey) } else { nil }
    }

    @Test func `issues passes that it believes, each with an id of its own`() throws {
        let (directory, path) = try directory()
        let order = PassOrder(district: nil, delay: 0, hours: 24, quota: 2)
        let first = try #require(pass(try clerk(directory).issue(order)))
        // A restart in between: the key is the same.
        let second = try #require(pass(try clerk(directory).issue(order)))
        #expect(first.publicKey == second.publicKey)
        let issuer = try #require(DayPassIssuer(publicKey: first.publicKey))
        let one = try SignedDayPass.parse(first.text).verified(by: [issuer])
        let other = try SignedDayPass.parse(second.text).verified(by: [issuer])
        #expect(one.id != other.id)
        let now = WallTime(milliseconds: station_clock_realtime() / 1_000_000)
        let id = try #require(ShortText("kaiyuan-01"))
        #expect(one.refusal(at: id, in: nil, on: now) == nil)
        #expect(one.quota == 2)
        var status = stat()
        #expect(stat("\(path)/\(PassKeyFile.name)", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let signer = try #require(try PassKeyFile.read(in: directory))
        #expect(signer.issuer.publicKey == first.publicKey)
    }

    @Test func `issues passes for its district, later on`() throws {
        let (directory, _) = try directory()
        let district = try #require(ShortText("kaiyuan"))
        let order = PassOrder(district: district, delay: 2, hours: 1, quota: 1)
        let issued = try #require(pass(try clerk(directory).issue(order)))
        let claim = try SignedDayPass.parse(issued.text).claim
        #expect(claim.scope == .district(district))
        #expect(claim.validTo.seconds - claim.validFrom.seconds == 3_600)
        let now = station_clock_realtime() / 1_000_000_000
        #expect((7_100...7_201).contains(claim.validFrom.seconds - now))
    }

    @Test func `issues none when a hub does, before it has a key, or with a broken file`() throws {
        let (directory, path) = try directory()
        let order = PassOrder(district: nil, delay: 0, hours: 24, quota: 1)
        #expect(throws: ControlError.noKey) {
            try clerk(directory, epoch: nil).issue(order)
        }
        for (id, epoch) in [
            ("kaiyuan-01", "city-2025"), (String(repeating: "k", count: 24), "local-1"),
        ] {
            #expect {
                try clerk(directory, id: id, epoch: epoch).issue(order)
            } throws: { error in
                if case .noPass = error as? ControlError { true } else { false }
            }
        }
        // Nothing of that made a key.
        #expect(access("\(path)/\(PassKeyFile.name)", F_OK) != 0)
        for text in [
            "", "stationd-pass-key 1\nsecret 00\n", "stationd-key 1\nsecret x\n",
            "stationd-pass-key 1\nsecret " + String(repeating: "+1", count: 32) + "\n",
        ] {
            try directory.replace(PassKeyFile.name, with: [Array(text.utf8)[...]])
            #expect {
                try clerk(directory).issue(order)
            } throws: { error in
                if case .noPass = error as? ControlError { true } else { false }
            }
        }
    }
}
