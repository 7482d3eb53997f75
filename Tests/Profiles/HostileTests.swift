// Files that nobody wrote on purpose: whatever the bytes are, an answer comes and no trap.

import StationCore
import Testing

@testable import Profiles

/// A small generator with a seed, so that a failure can be had again.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    /// xorshift64*, Vigna 2016.
    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

@Suite struct `A hostile station file` {
    /// Every text that was refused names a place inside it.
    private func expectAnswer(_ bytes: [UInt8]) {
        do throws(ConfigurationErrors) {
            let resolution = try Resolution.resolve(
                text: bytes, name: "station.yaml", devicesDirectory: Repository.devices)
            #expect((try? resolution.station.validated()) == resolution.station)
        } catch {
            let lines = bytes.count { [0x0A, 0x0D, 0x85].contains($0) } + 1
            #expect(!error.errors.isEmpty)
            for one in error.errors where one.file == "station.yaml" {
                // libyaml counts NEL as a line end as well.
                #expect((1...(lines + 1)).contains(one.line) && one.column >= 1)
                #expect(!one.text(.chinese).isEmpty && !one.text(.english).isEmpty)
            }
        }
    }

    @Test(arguments: 1...8)
    func `with mutated bytes is answered`(seed: UInt64) {
        var dice = Dice(state: seed)
        let right = Array(StationText.right.utf8)
        for _ in 0..<60 {
            var bytes = right
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let index = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
                default: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &dice)
                }
            }
            expectAnswer(bytes)
        }
    }

    @Test(arguments: 1...8)
    func `made of YAML's own marks is answered`(seed: UInt64) {
        var dice = Dice(state: seed)
        let marks = [
            "\n", "\n  ", "\n    ", "- ", ": ", ", ", "{", "}", "[", "]", "&a ", "*a", "!!str ",
            "|\n", ">-\n",
            "\"", "'", "#", "? ", "---\n", "...\n", "%YAML 1.2\n", "doors", "devices", "name",
            "gpio",
            "station", "ports", "lock", "schema", "station/1", "wiegand-34", "5s", "on", "~", "\t",
            "门", "\u{85}", "\\x", "<<", "0", "8E1",
        ]
        for _ in 0..<150 {
            let count = Int.random(in: 1...80, using: &dice)
            let text = (0..<count).map { _ in
                marks[Int.random(in: 0..<marks.count, using: &dice)]
            }.joined()
            expectAnswer(Array(text.utf8))
        }
    }

    @Test func `of random bytes is answered`() {
        var dice = Dice(state: 42)
        for count in stride(from: 0, to: 4_096, by: 64) {
            expectAnswer((0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) })
        }
    }

    @Test(arguments: [
        "- ", "? ", "a: ", "a\n", "k: v\n", "\"", "'", "&a ", "!t ", "# ", "- [a, b]\n", "{", "}",
        "|\n x\n", "\u{85}", "%TAG ! a\n", "---\n", "[a, ", "\t", "门: ",
    ])
    func `of a megabyte of one mark is answered`(mark: String) {
        expectAnswer(Array(String(repeating: mark, count: (1 << 20) / mark.utf8.count).utf8))
    }

    @Test func `cut anywhere is answered`() {
        let right = Array(StationText.right.utf8)
        for count in stride(from: 0, to: right.count, by: 7) {
            expectAnswer(Array(right[..<count]))
        }
    }
}

@Suite struct `A hostile profile` {
    @Test(arguments: [
        "wiegand-34-keypad", "strike-12v", "door-contact", "lockboard-8a", "lockboard-8a-8",
        "kerong-cu16", "pzem-004t-v3", "waveshare-relay-8", "dlt645-single-phase",
        "dianchuan-10",
    ])
    func `with mutated bytes is answered`(id: String) throws {
        var dice = Dice(state: 7)
        let right = Array(try profileText(id).utf8)
        for _ in 0..<150 {
            var bytes = right
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let index = Int.random(in: 0..<bytes.count, using: &dice)
                bytes[index] = UInt8.random(in: 0x20...0x7E, using: &dice)
            }
            let findings = Findings()
            let checker = Checker(file: "\(id).yaml", findings: findings)
            let profile = TreeReader.read(bytes, checker)
                .flatMap {
                    ProfileReader(
                        checker: checker,
                        family: ProfileFamily(directory: Repository.devices, known: deviceIDs)
                    ).read($0, fileID: id)
                }
            profile?.checkExamples(checker)
            #expect(profile != nil || !findings.isClean)
        }
    }
}
