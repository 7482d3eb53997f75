// What one request for events gets: events as bytes, and where to go on.

import Control

/// A stretch of the journal, oldest first.
///
/// The batch and the envelope hold the same events; the envelope only says in its body what the
/// batch says in its header fields. Tombstones are events among the others, at their place.
struct EventBatch: Sendable {
    var station: String
    var store: String
    /// The oldest and the newest sequence that the store has.
    var oldest: Int64
    var newest: Int64
    /// Where to go on.
    var next: String
    /// Each a JSON object.
    var events: [[UInt8]] = []
    /// How many of the events are tombstones.
    var tombstones = 0

    var isEmpty: Bool { events.isEmpty }

    /// Up to here the client has read, once it has this batch.
    var end: EntryCursor? { EntryCursor(next) }

    /// `[event, ...]`: the batch format of CloudEvents.
    var batch: [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        for (place, event) in events.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += event
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    /// The same with its context around it, for clients that do not look at header fields.
    var envelope: [UInt8] {
        let head = Envelope(
            station: station, store: store, oldest: oldest, newest: newest, next: next,
            tombstones: tombstones)
        var bytes = JSONText.encode(head)
        bytes.removeLast()
        return bytes + Array(#","events":"#.utf8) + batch + [UInt8(ascii: "}")]
    }

    private struct Envelope: Encodable {
        var station: String
        var store: String
        var oldest: Int64
        var newest: Int64
        var next: String
        var tombstones: Int
    }
}
