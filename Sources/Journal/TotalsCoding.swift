// Totals as bytes: in a file of their own, and in the snapshot as long as they have none.
//
//   count 2, then for each:
//   device, point, unit, each length 1 ‖ text; origin 8 (0: none); base 9, last 9
//
// A number is a mantissa 8 ‖ places 1 (0xFF: there is none; of a base: nobody knows it). Before
// version 8 of the snapshot there was no origin, and every base was known. Numbers are big-endian.

import StationCore

enum TotalsCoding {
    private static let noPlaces: UInt8 = 0xFF
    /// A point may be numbered.
    private static let pointLimit = EntryNames.nameLimit + 4
    private static let totalLength =
        3 + EntryNames.nameLimit + pointLimit + ResolvedStation.Limit.unitBytes + 8 + 18
    /// The longest encoding.
    static let sizeLimit = 2 + KeptTotal.capacity * totalLength

    /// - Precondition: within the limits, as a station's are.
    static func append(_ totals: [KeptTotal], to bytes: inout ByteBuffer) {
        precondition(totals.count <= KeptTotal.capacity, "more totals than are kept")
        bytes.append(bigEndian: UInt16(totals.count))
        for total in totals {
            for text in [total.device, total.point, total.unit] {
                bytes.append(UInt8(text.utf8.count))
                bytes.append(text)
            }
            bytes.append(bigEndian: total.origin ?? 0)
            append(total.count.isKnown ? total.count.base : nil, to: &bytes)
            append(total.count.last, to: &bytes)
        }
    }

    private static func append(_ number: DecimalNumber?, to bytes: inout ByteBuffer) {
        bytes.append(bigEndian: number?.mantissa ?? 0)
        bytes.append(number?.places ?? noPlaces)
    }

    /// Takes totals off the front, `count` of them.
    static func take(
        _ count: UInt16, off rest: inout ArraySlice<UInt8>, haveOrigins: Bool = true
    ) -> [KeptTotal]? {
        guard count <= KeptTotal.capacity else { return nil }
        var totals: [KeptTotal] = []
        for _ in 0..<count {
            guard let total = total(&rest, hasOrigin: haveOrigins) else { return nil }
            totals.append(total)
        }
        return totals
    }

    private static func total(
        _ rest: inout ArraySlice<UInt8>, hasOrigin: Bool
    ) -> KeptTotal? {
        guard let device = rest.takeText(limit: EntryNames.nameLimit),
            let point = rest.takeText(limit: pointLimit),
            let unit = rest.takeText(limit: ResolvedStation.Limit.unitBytes),
            let origin: UInt64 = hasOrigin ? rest.take() : 0,
            let base = number(&rest), let last = number(&rest),
            base != nil || hasOrigin && last == nil
        else { return nil }
        let count = base.map { TotalCount(base: $0, last: last) } ?? .unknown
        return KeptTotal(
            device: device, point: point, unit: unit, origin: origin == 0 ? nil : origin,
            count: count)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> DecimalNumber?? {
        guard let mantissa: Int64 = rest.take(), let places: UInt8 = rest.take() else {
            return .none
        }
        if places == noPlaces { return mantissa == 0 ? .some(nil) : .none }
        guard DecimalNumber.placesRange.contains(Int(places)) else { return .none }
        return .some(DecimalNumber(mantissa: mantissa, places: Int(places)))
    }
}

extension ArraySlice<UInt8> {
    /// Takes a length and as many bytes of text off the front.
    mutating func takeText(limit: Int) -> String? {
        guard let length: UInt8 = take(), length <= limit, count >= Int(length) else { return nil }
        defer { self = dropFirst(Int(length)) }
        return String(validating: prefix(Int(length)), as: UTF8.self)
    }
}
