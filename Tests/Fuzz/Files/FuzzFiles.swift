// Random contents of the kernel's files: no trap, and a DS18B20 is believed by its checksum alone.

import StationCore

/// A tree in which every file has the same content.
private struct Tree: FileTree {
    let bytes: [UInt8]

    func content(of path: String) throws(FileTrouble) -> [UInt8] { bytes }
    func names(in folder: String) -> [String] { ["hwmon0", "hwmon1"] }
    var stateDevice: String { "8:1" }
    var isClockSynchronized: Bool { false }
}

/// The first three bytes choose what is looked for, the others are the file.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count > 3 else { return }
    let kinds = FilePlace.Kind.allCases
    let place = FilePlace(
        kind: kinds[Int(bytes[0]) % kinds.count],
        paths: bytes[1] & 1 == 0 ? ["/sys/x"] : ["/sys/hwmon*/x", "/sys/{state}/x"],
        folderNames: bytes[1] & 2 == 0 ? [] : ["lm75"], label: bytes[1] & 4 == 0 ? nil : "avg10=",
        column: bytes[1] & 8 == 0 ? nil : Int(bytes[2]), words: ["up", "down"])
    let tree = Tree(bytes: Array(bytes.dropFirst(3)))
    var probe = FileProbe(place)
    for _ in 0..<2 {
        guard case .number(let number) = probe.look(in: tree) else { continue }
        precondition(DecimalNumber.placesRange.contains(Int(number.places)), "a number's places")
        let isThermometer = place.kind == .ds18b20
        precondition(
            !isThermometer || number >= DecimalNumber(-55) && number <= DecimalNumber(125),
            "a temperature that cannot be")
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
