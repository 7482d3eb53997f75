// A hub that signs rosters, and a station's state directory and clerk that take them.

import Control
import Crypto
import EventLoop
import Glibc
import Journal
import Testing

@testable import Ports
@testable import StationCore

/// A state directory, and whoever signs rosters for it.
struct HubRig {
    let folder: StateFolder
    private let signer: Curve25519.Signing.PrivateKey

    init() throws {
        folder = try StateFolder()
        signer = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: 5, count: 32))
    }

    /// Has the station believe the signer, or puts another text in that file's place.
    func trust(_ text: String? = nil) throws {
        let digits = Hex.lower(Array(signer.publicKey.rawRepresentation))
        let right = "stationd-roster-issuer 1\npublic \(digits)\n"
        try folder.put(RosterIssuerFile.name, Array((text ?? right).utf8))
    }

    /// A clerk that knows what a start would find.
    func clerk(_ epoch: String? = "city") throws -> Clerk {
        let key = try epoch.flatMap { try keyFile($0).key }
        let memory = Memory(folder.disk, ControlRig.station)
        let clerk = Clerk(station: ControlRig.station, directory: folder.disk, key: key)
        let marks = try KeyMarksFile.read(in: folder.disk)
        let tables = try [Memory.rosterName, Memory.cardsName].map { name in
            try folder.disk.read(name, limit: RosterLimits.fileBytes).map {
                try RosterFile.decode($0, for: RosterPlaces(ControlRig.station)).marked(by: marks)
            }
        }
        clerk.begin(
            roster: tables[0], cards: tables[1], marks: marks,
            version: max(tables[0]?.version ?? 0, memory.rosterVersion))
        return clerk
    }

    /// A key's number; its match form is the same in every bundle.
    func form(of id: String, epoch: String = "city") throws -> MatchForm {
        let number = id.utf8.reduce(UInt64(7)) { $0 &* 257 &+ UInt64($1) }
        return try #require(try keyFile(epoch).key)
            .matchForm(of: Number(layout: .bytes, width: 64, value: UInt128(number)))
    }

    /// - Parameter keys: their ids; `id=lost` and `id=blocked` for keys that are not active.
    func bundle(
        _ version: Int, base: Int = 0, _ keys: [String] = ["k-1"], remove: [String] = [],
        epoch: String = "city"
    ) throws -> PassedFile {
        let key = try #require(try keyFile(epoch).key)
        let station = ControlRig.station.station.id
        var text =
            "stationd-roster\t1\nstation\t\(station)\nepoch\t\(epoch)\ncheck\t\(key.check)\n"
            + "version\t\(version)\nbase\t\(base)\nright\t0\t*\t-\t*\t-\t-\n"
        for words in keys.map({ $0.split(separator: "=") }) {
            let id = String(words[0])
            let state = words.count > 1 ? words[1] : "active"
            text += "key\t\(id)\th-\(id)\t0\t-\t-\t\(state)\trider\tuid\t2\t"
            text += "\(try form(of: id, epoch: epoch))\n"
        }
        for id in remove { text += "remove\t\(id)\n" }
        let signature = try signer.signature(for: Array(text.utf8))
        text += "signature\t\(Hex.lower(Array(signature)))\n"
        return try passed(Array(text.utf8))
    }

    /// Bytes behind a descriptor.
    func passed(_ bytes: [UInt8]) throws -> PassedFile {
        try folder.put("bundle", bytes)
        let descriptor = open(folder.disk.path(of: "bundle"), O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        return PassedFile(owning: descriptor)
    }
}
