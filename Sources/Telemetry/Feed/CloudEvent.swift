// A journal entry as a hub reads it: CloudEvents 1.0.2, JSON format.

import Control

/// One event. Unique and repeatable by `source` and `id`; ordered by `sequence` within a source.
struct CloudEvent: Encodable, Sendable {
    /// What an event carries besides its context.
    enum Payload: Sendable {
        case entry(EntryData)
        case tombstone(TombstoneData)
    }

    let specversion = "1.0"
    var id: String
    /// `/station/<station>/<store>`: a rebuilt journal has another store.
    var source: String
    var type: String
    var subject: String?
    /// As the station's clock said, right or wrong; `timequality` says how far it can be believed.
    var time: String?
    let datacontenttype = "application/json"

    // Extension attributes: lower case letters and digits only (CloudEvents 1.0.2, 3.1).

    /// Zero-padded, so that it sorts as text.
    var sequence: String
    var bootid: String?
    /// Nanoseconds of CLOCK_BOOTTIME, as text: integers have 32 bits there.
    var monotime: String?
    var timequality: String?
    /// 0 access and commands ... 3 samples.
    var priority: Int?
    /// The journal chain's digest: another one at the same place tells a cloned card.
    var chain: String?

    var data: Payload
}

/// The entry's own words, and whom it concerns if the entry says so.
struct EntryData: Encodable, Sendable {
    var entry: EntryRecord

    private enum Name: String, CodingKey { case key, holder, erased, doorLabel }

    func encode(to encoder: any Encoder) throws {
        try entry.detail.encode(to: encoder)
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(entry.doorLabel, forKey: .doorLabel)
        try container.encodeIfPresent(entry.key, forKey: .key)
        try container.encodeIfPresent(entry.holder, forKey: .holder)
        if entry.erased { try container.encode(true, forKey: .erased) }
    }
}

/// Sequences that the journal no longer has, and why.
struct TombstoneData: Encodable, Sendable {
    var first: Int64
    var last: Int64
    var count: Int64
    var reason: String
}

extension CloudEvent.Payload: Encodable {
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .entry(let data): try data.encode(to: encoder)
        case .tombstone(let data): try data.encode(to: encoder)
        }
    }
}

extension CloudEvent {
    /// What stands before every kind.
    static let typePrefix = "io.stationd."
    /// An event for sequences that are gone: id and data name the range.
    static let tombstoneType = typePrefix + "journal.tombstone"

    /// - Parameter station: the station's id.
    init(_ entry: EntryRecord, station: String) {
        id = String(entry.sequence)
        source = Self.source(station: station, store: entry.store)
        type = Self.typePrefix + entry.kind
        subject = entry.door ?? entry.device
        time = entry.time
        sequence = Self.padded(entry.sequence)
        bootid = entry.boot
        monotime = String(entry.bootTime)
        timequality = entry.quality
        priority = entry.class
        chain = entry.digest
        data = .entry(EntryData(entry: entry))
    }

    init(_ tombstone: TombstoneRecord, station: String) {
        id = "\(tombstone.first)-\(tombstone.last)"
        source = Self.source(station: station, store: tombstone.store)
        type = Self.tombstoneType
        sequence = Self.padded(tombstone.last)
        data = .tombstone(
            TombstoneData(
                first: tombstone.first, last: tombstone.last,
                count: max(
                    0,
                    tombstone.last.subtractingReportingOverflow(tombstone.first)
                        .partialValue) + 1,
                reason: tombstone.reason))
    }

    /// A URI reference; whatever is no unreserved character is percent-encoded (RFC 3986, 2.3).
    static func source(station: String, store: String) -> String {
        "/station/" + percentEncoded(station) + "/" + percentEncoded(store)
    }

    /// Twenty digits: every Int64 fits.
    static func padded(_ sequence: Int64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }
}
