// What one entry adds to the day's totals: read off the event as it is written, or off the entry.

import StationCore

/// What totals are kept by.
struct UsageKey: Equatable, Sendable {
    var subject: UsageSubject
    /// The service's or the door's; empty for the station's.
    var name: String
    /// `UseSource`; 0 for none.
    var source: UInt8
    var unit: UInt8

    init(
        _ subject: UsageSubject, _ name: String = "", _ source: UseSource? = nil,
        _ unit: UsageUnit = .times
    ) {
        self.subject = subject
        self.name = name
        self.source = source?.rawValue ?? 0
        self.unit = unit.rawValue
    }
}

/// An entry's part of the totals.
struct UsageFact: Equatable, Sendable {
    /// More than any use is; a meter that says so is broken, and may not spoil the sums.
    private static let amountLimit: Int64 = 1_000_000_000_000

    var key: UsageKey
    var totals: UsageTotals

    private init(_ key: UsageKey, _ totals: UsageTotals) {
        self.key = key
        self.totals = totals
    }

    /// - Returns: `nil` for an entry that does not count.
    init?(_ event: Event, _ names: EntryNames) {
        switch event {
        case .useEnded(let service, _, let source, let end, let seconds, let amount):
            self.init(
                names.service(service), source, wasUsed: end.wasUsed, seconds: Int64(seconds),
                amount)
        case .granted(let door, _, _, _): self.init(names.door(door), .key)
        case .passGranted(let door, _, _, _, _): self.init(names.door(door), .pass)
        case .passWithdrawn(let door, _, _, _, _): self.init(takenBack: names.door(door))
        case .entriesLost(let count): self.init(lost: Int64(count))
        default: return nil
        }
    }

    /// - Returns: `nil` for an entry that does not count, or that cannot be read.
    init?(kind: String, payload: String) {
        switch kind {
        case "use.ended":
            let members = PayloadMembers(payload)
            guard let service = members["serviceName"],
                let source = UseSource.allCases.first(where: { $0.name == members["source"] }),
                let end = UseEnd.allCases.first(where: { $0.name == members["end"] }),
                let unit = UsageUnit.allCases.first(where: { $0.name == members["amountUnit"] }),
                let seconds = members["seconds"].flatMap({ Int64($0) }), seconds >= 0,
                let value = members["amount"].flatMap({ Int64($0) })
            else { return nil }
            self.init(
                service, source, wasUsed: end.wasUsed, seconds: seconds,
                UsageAmount(value, unit, isEstimated: members["estimated"] == "true"))
        case "access.granted", "access.passGranted", "access.passWithdrawn":
            guard let door = PayloadMembers(payload)["door"] else { return nil }
            switch kind {
            case "access.granted": self.init(door, .key)
            case "access.passGranted": self.init(door, .pass)
            default: self.init(takenBack: door)
            }
        case "station.entriesLost":
            guard let count = PayloadMembers(payload)["count"].flatMap({ Int64($0) }), count > 0
            else { return nil }
            self.init(lost: min(count, Self.amountLimit))
        default: return nil
        }
    }

    /// A use of a service. What is counted in times counts as often as its amount says, and a
    /// place that was taken and never used counts as nothing.
    private init(
        _ service: String, _ source: UseSource, wasUsed: Bool, seconds: Int64,
        _ amount: UsageAmount
    ) {
        let value = min(max(amount.value, 0), Self.amountLimit)
        let uses = amount.unit == .times ? value : 1
        let key = UsageKey(.service, service, source, amount.unit)
        let totals = UsageTotals(
            uses: uses, seconds: min(seconds, Int64(UInt32.max)), quantity: value,
            estimated: amount.isEstimated ? uses : 0)
        self.init(key, wasUsed && uses > 0 ? totals : UsageTotals(failed: 1))
    }

    /// Somebody was let in.
    private init(_ door: String, _ source: UseSource) {
        self.init(UsageKey(.door, door, source), UsageTotals(uses: 1, quantity: 1))
    }

    /// A use of a pass that was written down let nobody in.
    private init(takenBack door: String) {
        self.init(
            UsageKey(.door, door, .pass), UsageTotals(uses: -1, failed: 1, quantity: -1))
    }

    private init(lost count: Int64) {
        self.init(UsageKey(.lost), UsageTotals(uses: count, quantity: count))
    }

    /// A visit, and whether the person passed a counted entrance.
    static func visit(begins: Bool, passes: Int64, by source: UseSource) -> UsageFact {
        UsageFact(
            UsageKey(.visits, "", source), UsageTotals(uses: begins ? 1 : 0, quantity: passes))
    }
}

/// Somebody with a key or a pass was here.
struct UsageSighting: Equatable, Sendable {
    /// The holder, else the key or the pass.
    var who: ShortText
    var source: UseSource
    var isAtEntrance: Bool

    /// - Returns: `nil` when nobody is known to have been here.
    init?(_ event: Event, key: ShortText, holder: ShortText) {
        switch event {
        case .granted: self.init(.key, isAtEntrance: true, key, holder)
        case .passGranted: self.init(.pass, isAtEntrance: true, key, holder)
        case .useBegan(_, _, let source):
            guard source == .key || source == .pass else { return nil }
            self.init(source, isAtEntrance: false, key, holder)
        default: return nil
        }
    }

    /// - Returns: `nil` when nobody is known to have been here, or their term is over.
    init?(kind: String, payload: String, key: String?, holder: String?) {
        let names = [key, holder].map { $0.flatMap { ShortText($0) } ?? .empty }
        switch kind {
        case "access.granted": self.init(.key, isAtEntrance: true, names[0], names[1])
        case "access.passGranted": self.init(.pass, isAtEntrance: true, names[0], names[1])
        case "use.began":
            let word = PayloadMembers(payload)["source"]
            guard let source = [UseSource.key, .pass].first(where: { $0.name == word }) else {
                return nil
            }
            self.init(source, isAtEntrance: false, names[0], names[1])
        default: return nil
        }
    }

    private init?(
        _ source: UseSource, isAtEntrance: Bool, _ key: ShortText, _ holder: ShortText
    ) {
        guard !key.isEmpty || !holder.isEmpty else { return nil }
        who = holder.isEmpty ? key : holder
        self.source = source
        self.isAtEntrance = isAtEntrance
    }
}

/// The members of a payload, as text: a flat JSON object of ours. What cannot be read is not there.
struct PayloadMembers {
    private var members: [(name: String, value: String)] = []

    init(_ payload: String) {
        var rest = Array(payload.utf8)[...]
        guard rest.popFirst() == UInt8(ascii: "{") else { return }
        while let name = Self.quoted(&rest), rest.popFirst() == UInt8(ascii: ":") {
            let value: String
            if rest.first == UInt8(ascii: "\"") {
                guard let text = Self.quoted(&rest) else { return }
                value = text
            } else {
                let ends = [UInt8(ascii: ","), UInt8(ascii: "}")]
                let word = rest.prefix { !ends.contains($0) }
                value = String(decoding: word, as: UTF8.self)
                rest = rest.dropFirst(word.count)
            }
            members.append((name, value))
            guard rest.popFirst() == UInt8(ascii: ",") else { return }
        }
    }

    subscript(_ name: String) -> String? { members.first { $0.name == name }?.value }

    /// A text in quotes, with its escapes undone; it is taken off.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                guard escaped == UInt8(ascii: "u") else {
                    text.append(escaped)
                    continue
                }
                // Ours are control characters only: \u001F.
                let digits = String(decoding: rest.prefix(4), as: UTF8.self)
                guard let code = UInt8(digits, radix: 16), code < 0x20 else { return nil }
                rest = rest.dropFirst(4)
                text.append(code)
            default: text.append(byte)
            }
        }
        return nil
    }
}
