// The same bytes, cut in every way, must mean the same.

import Testing

/// Feeds `bytes` whole, byte by byte, in two parts cut at every place, and in parts of random
/// lengths; every way must give what the whole gave.
///
/// - Parameter run: a new machine fed with these parts, one after the other.
func expectSameHoweverCut<Outcome: Equatable>(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ run: ([ArraySlice<UInt8>]) -> Outcome
) {
    let whole = run([bytes[...]])
    #expect(
        run(bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte",
        sourceLocation: sourceLocation)
    for cut in bytes.indices.dropFirst() {
        let parts = [bytes[..<cut], bytes[cut...]]
        #expect(run(parts) == whole, "cut before \(cut)", sourceLocation: sourceLocation)
    }
    var random = Xorshift(seed: 11)
    for _ in 0..<20 {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + random.below(7))
            parts.append(bytes[start..<end])
            start = end
        }
        #expect(run(parts) == whole, "cut as \(parts.map(\.count))", sourceLocation: sourceLocation)
    }
}

/// The bytes of a text of hexadecimal digits; spaces do not matter.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
