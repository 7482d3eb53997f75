// Formats that cannot be told apart on one reader: found when the station is resolved.

/// Two formats with one bit count: parity cannot decide between them, so a person must.
///
/// H10302 and H10304 have the same parity bits; a frame of a format with other parity passes by
/// chance once in four times.
public struct WiegandConflict: Equatable, Sendable {
    public let first: WiegandFormat
    public let second: WiegandFormat
    public var bitCount: Int { first.bitCount }
}

extension WiegandFormat {
    /// How many formats one reader may be pinned to.
    public static let perReader = 8

    /// Every pair of formats in `formats` with the same bit count, in the list's order. A reader
    /// with any is refused by `stationctl check`.
    public static func conflicts(in formats: [WiegandFormat]) -> [WiegandConflict] {
        formats.indices.flatMap { index in
            formats[(index + 1)...]
                .filter { $0.bitCount == formats[index].bitCount }
                .map { WiegandConflict(first: formats[index], second: $0) }
        }
    }
}
