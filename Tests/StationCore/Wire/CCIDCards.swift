// The cards that the tests of CCID put on their readers.

import EventLoop

@testable import StationCore

extension ScriptedDevice.Card {
    static let rider = Self(uid: hex("04A1B2C3D4E5F6"))
    static let other = Self(uid: hex("5630F009"))
}

extension CCIDReaderOutput {
    /// A card of a scripted device was presented.
    static func presented(
        _ card: ScriptedDevice.Card, since: Instant,
        _ kind: ContactlessCard = .storage(.iso14443A, name: 1)
    ) throws -> CCIDReaderOutput {
        .presented(try UID.iso14443(card.uid), kind, since: since)
    }
}
