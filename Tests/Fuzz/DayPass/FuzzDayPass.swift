// Random text into the day pass: no trap, nothing read that would be written otherwise.

import StationCore

private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    let pass: SignedDayPass
    do {
        pass = try SignedDayPass.parse(text)
    } catch {
        precondition(!error.text(.chinese).isEmpty && !error.text(.english).isEmpty)
        return
    }
    precondition(pass.claim.quota > 0, "a pass for nothing")
    precondition(pass.claim.validFrom < pass.claim.validTo, "a time that runs backwards")
    precondition(pass.text.utf8.count <= DayPass.longestText, "longer than any pass")
    // The text is the only one of its pass, but for spaces around it and small letters.
    let core = text.utf8.filter { $0 > 0x20 }.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }
    precondition(Array(pass.text.utf8) == core, "two texts of one pass")
    precondition((try? pass.verified(by: [])) == nil, "a pass that nobody signed")
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
