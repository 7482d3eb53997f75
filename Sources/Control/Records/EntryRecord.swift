// A journal entry as the socket shows it.

/// A place in the journal: everything up to and including it has been read.
public struct EntryCursor: Equatable, Sendable, CustomStringConvertible {
    /// The longest store id, in bytes.
    public static let storeCapacity = 64

    public var store: String
    /// From 0 (before the first entry) on.
    public var sequence: Int64

    public init(store: String, sequence: Int64) {
        self.store = store
        self.sequence = sequence
    }

    /// From `<store>:<sequence>`; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let sequence = Int64(text[text.index(after: colon)...]), sequence >= 0
        else { return nil }
        let store = text[..<colon]
        guard !store.isEmpty, store.utf8.count <= Self.storeCapacity,
            store.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(store: String(store), sequence: sequence)
    }

    public var description: String { "\(store):\(sequence)" }
}

public struct EntryRecord: Codable, Equatable, Sendable {
    public var cursor: String
    public var store: String
    public var sequence: Int64
    public var boot: String
    /// CLOCK_BOOTTIME in nanoseconds.
    public var bootTime: Int64
    /// Milliseconds since 1970, as read.
    public var wall: Int64
    /// RFC 3339, in station time.
    public var time: String
    public var quality: String
    public var `class`: Int
    public var kind: String
    public var device: String?
    public var door: String?
    public var doorLabel: TextRecord?
    public var key: String?
    public var holder: String?
    public var erased: Bool
    public var detail: DetailRecord
    public var digest: String
}

/// What happened; which fields are there depends on the entry's kind.
public struct DetailRecord: Codable, Equatable, Sendable {
    public var door: String?
    public var reader: String?
    public var device: String?
    public var view: String?
    public var note: String?
    public var reason: String?
    public var wording: String?
    public var cause: String?
    public var grant: Int64?
    public var latencyMicroseconds: Int64?
    public var mode: String?
    public var command: String?
    public var by: String?
    public var fault: String?
    public var flaw: String?
    public var service: String?
    public var step: String?
    public var diagnosis: String?
    public var bits: Int?
    public var count: Int64?
    public var version: Int64?
    public var keys: Int64?
    public var refused: Int64?
    public var epoch: String?
    public var waiting: Bool?
    public var quality: String?
    public var stepMilliseconds: Int64?
    public var use: Int64?
    public var validToMilliseconds: Int64?
    public var withdrawn: Int64?
    public var refusal: String?
    public var user: Int64?
    public var told: String?
    public var operation: String?
    public var approval: String?
    public var point: String?
    public var value: String?
    public var unit: String?
    public var state: String?
    public var action: String?
    public var order: Int64?
    public var outcome: String?
    public var subject: String?
    public var textDigest: String?
    public var `guard`: String?
    public var serviceName: String?
    public var place: String?
    public var source: String?
    public var end: String?
    public var seconds: Int64?
    public var amount: Int64?
    public var amountUnit: String?
    public var estimated: Bool?
    public var untilMilliseconds: Int64?
    public var hours: String?
    public var change: String?
    public var date: String?
    public var open: String?

    public init() {}
}

/// Sequences that are gone, and why.
public struct TombstoneRecord: Codable, Equatable, Sendable {
    public var store: String
    public var first: Int64
    public var last: Int64
    public var reason: String

    public init(store: String, first: Int64, last: Int64, reason: String) {
        self.store = store
        self.first = first
        self.last = last
        self.reason = reason
    }
}

/// What a verification found.
public struct VerificationRecord: Codable, Equatable, Sendable {
    public var ok: Bool
    public var checked: Int64
    public var firstBroken: Int64?
    public var reason: String?
    public var store: String
    public var oldest: Int64
    public var newest: Int64
    /// The chain's head, hexadecimal.
    public var head: String

    public init(
        ok: Bool, checked: Int64, firstBroken: Int64? = nil, reason: String? = nil,
        store: String, oldest: Int64, newest: Int64, head: String
    ) {
        self.ok = ok
        self.checked = checked
        self.firstBroken = firstBroken
        self.reason = reason
        self.store = store
        self.oldest = oldest
        self.newest = newest
        self.head = head
    }
}
