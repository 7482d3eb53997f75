// The YAML reader, the words and the durations by themselves.

import Testing

@testable import Profiles

@Suite struct `The YAML reader` {
    /// What was reported, as `line:column case`.
    private func errors(_ bytes: [UInt8]) -> [String] {
        let findings = Findings()
        _ = TreeReader.read(bytes, Checker(file: "test.yaml", findings: findings))
        guard !findings.isClean else { return [] }
        return findings.sorted(files: []).errors.map { "\($0.line):\($0.column) \($0.kind)" }
    }

    private func errors(_ text: String) -> [String] { errors(Array(text.utf8)) }

    @Test func `tells a file that is too large without reading it`() {
        let text = [UInt8](repeating: UInt8(ascii: " "), count: TreeReader.sizeLimit + 1)
        #expect(errors(text) == ["1:1 tooLarge(limitBytes: 1048576)"])
    }

    @Test func `tells where nesting goes past its limit`() {
        let right = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(errors(right) == [])
        #expect(errors(String(repeating: "[", count: 17)) == ["1:17 tooDeep(limit: 16)"])
        #expect(errors(String(repeating: "[", count: 500_000)) == ["1:1 tooDeep(limit: 16)"])
        #expect(errors(String(repeating: "{a: ", count: 200_000)) == ["1:65 tooDeep(limit: 16)"])
    }

    @Test func `tells where there is too much`() {
        let text = "[" + String(repeating: "a,", count: 60_000) + "]"
        #expect(errors(text) == ["1:100000 tooManyNodes(limit: 50000)"])
    }

    @Test func `does not expand aliases of aliases`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(errors(text).count == 91)
    }

    @Test func `tells where text is no UTF-8`() {
        #expect(errors(Array("a: b\nc: d".utf8) + [0xFF]) == ["2:5 notUTF8"])
        #expect(errors(Array("甲: ".utf8) + [0xE4, 0xB8]) == ["1:4 notUTF8"])
        #expect(errors([0xFF, 0xFE, 0x61, 0x00]) == ["1:1 notUTF8"])
    }

    @Test func `counts columns in characters and lines by any line end`() {
        #expect(errors("甲乙: {丙: *d}\n") == ["1:9 alias"])
        #expect(errors("a: 1\r\nb: *c\r\n") == ["2:4 alias"])
    }

    @Test func `takes a byte order mark where editors put it`() {
        #expect(errors("\u{FEFF}a: b\n") == [])
        #expect(errors("a: \u{FEFF}b\n") == ["1:4 controlCharacter(code: 65279)"])
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "---\n...\n"])
    func `tells a file that says nothing`(text: String) {
        let told = errors(text)
        // A document that is there and empty is a tree of nothing: the schema tells that.
        #expect(told == ["1:1 empty"] || text.hasPrefix("---"))
    }
}

@Suite struct `The nearest word` {
    @Test(arguments: [
        ("relok", "relock"), ("relcok", "relock"), ("exitbutton", "exit_button"),
        ("exit-button", "exit_button"), ("EXIT_BUTTON", "exit_button"), ("exit", "exit_button"),
        ("cole", "coil"), ("telephone", "phone"),
    ])
    func `is found for`(wrong: String, right: String) {
        let words = ["name", "relock", "release", "exit_button", "coil", "phone"]
        #expect(NearestWord.find(wrong, among: words) == right)
    }

    @Test(arguments: ["", "x", "lobby", "zzzzzz", String(repeating: "relock", count: 1_000)])
    func `is not made up for`(wrong: String) {
        #expect(NearestWord.find(wrong, among: ["relock", "exit_button", "coil"]) == nil)
    }

    @Test(arguments: [("", "abc", 3), ("abc", "abc", 0), ("abcd", "abdc", 1), ("ca", "abc", 3)])
    func `counts insertions, deletions, changes and swaps`(a: String, b: String, count: Int) {
        #expect(NearestWord.changes(from: Array(a), to: Array(b)) == count)
        #expect(NearestWord.changes(from: Array(b), to: Array(a)) == count)
    }
}

@Suite struct `A duration` {
    @Test(arguments: [
        ("150ms", 150_000), ("5s", 5_000_000), ("2min", 120_000_000), ("8h", 28_800_000_000),
        ("500us", 500), ("0s", 0), ("999999h", 3_599_996_400_000_000),
    ])
    func `is a number with a unit`(text: String, microseconds: Int) {
        #expect(DurationText.parse(text) == Microseconds(microseconds))
    }

    @Test(arguments: ["", "5", "s", "5 s", "-5s", "1.5s", "5S", "1000000h", "５s", "5s5s", "1e3s"])
    func `is nothing else`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["150ms", "5s", "2min", "8h", "500us", "90s", "61min"])
    func `is written as it is read`(text: String) throws {
        #expect(DurationText.text(try #require(DurationText.parse(text))) == text)
    }

    @Test(arguments: [("5", "5s"), ("5 S", "5s"), ("5分钟", "5min"), ("3 hours", "3h")])
    func `is guessed when its unit is nearly right`(text: String, meant: String) {
        #expect(DurationText.suggestion(for: text) == meant)
    }
}

@Suite struct `A YAML trap` {
    @Test(arguments: [
        ("on", Trap.truth), ("Off", .truth), ("YES", .truth), ("n", .truth), ("true", .boolean),
        ("~", .null), ("Null", .null), ("8E1", .exponent), ("1.5e+3", .exponent),
        ("1:30", .sexagesimal),
        ("190:20:30", .sexagesimal), ("+10:00", .sexagesimal), ("0123", .octal), ("0o17", .octal),
    ])
    func `is seen in`(text: String, trap: Trap) {
        #expect(Trap.of(text) == trap)
    }

    @Test(arguments: [
        "once", "offer", "yesterday", "8E", "E1", "1:75", "08:00", "+08:00", "0", "10", "north",
        "GPIO2", "1-0020", "a:b", "", "5s", "e", "1e", ":",
    ])
    func `is not seen in`(text: String) {
        #expect(Trap.of(text) == nil)
    }
}
