// The JSON Schema for editors says what the reader takes, key by key.

import StationCore
import Testing

@testable import Profiles

/// As much of JSON Schema as the file uses.
private struct Schema {
    let root: TreeNode

    init() throws {
        let findings = Findings()
        let file = "\(Repository.root)/docs/station-device-1.schema.json"
        let bytes = try FileText.bytes(of: file, limit: 1 << 20)
        root = try #require(TreeReader.read(bytes, Checker(file: file, findings: findings)))
        #expect(findings.isClean)
    }

    /// The keys that a definition has.
    func keys(of definition: String) throws -> Set<String> {
        Set(try #require(root["$defs"]?[definition]?["properties"]).pairs.map(\.key))
    }

    /// Where a value is not as it should be; empty when it is.
    func flaws(in value: TreeNode, _ schema: TreeNode, _ path: String = "") -> [String] {
        if let reference = schema["$ref"]?.word {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let definition = root["$defs"]?[name] else { return ["no \(name)"] }
            return flaws(in: value, definition, path)
        }
        var flaws: [String] = []
        if let choices = schema["anyOf"]?.items,
            !choices.contains(where: { self.flaws(in: value, $0, path).isEmpty })
        {
            flaws.append("\(path): none of \(choices.count)")
        }
        if let type = schema["type"]?.word, !value.isOf(type) { flaws.append("\(path): \(type)") }
        if let words = schema["enum"]?.items, !words.contains(where: { $0.word == value.word }) {
            flaws.append("\(path): \(value.word ?? "")")
        }
        if let word = schema["const"]?.word, word != value.word { flaws.append("\(path): \(word)") }
        for item in value.items ?? [] {
            if let schema = schema["items"] { flaws += self.flaws(in: item, schema, path + "[]") }
        }
        return flaws + mapFlaws(in: value, schema, path)
    }

    private func mapFlaws(in value: TreeNode, _ schema: TreeNode, _ path: String) -> [String] {
        guard case .map(let pairs) = value.content else { return [] }
        var flaws: [String] = []
        for key in schema["required"]?.items ?? [] where value[key.word ?? ""] == nil {
            flaws.append("\(path): no \(key.word ?? "")")
        }
        for pair in pairs {
            let here = "\(path).\(pair.key)"
            if let known = schema["properties"]?[pair.key] {
                flaws += self.flaws(in: pair.value, known, here)
            } else if schema["additionalProperties"]?.word == "false" {
                flaws.append("\(here): unknown")
            } else if let other = schema["additionalProperties"], case .map = other.content {
                flaws += self.flaws(in: pair.value, other, here)
            }
        }
        if let condition = schema["if"] {
            let holds = self.flaws(in: value, condition, path).isEmpty
            if let then = schema[holds ? "then" : "else"] {
                flaws += self.flaws(in: value, then, path)
            }
        }
        return flaws
    }
}

extension TreeNode {
    fileprivate var items: [TreeNode]? { if case .list(let items) = content { items } else { nil } }

    fileprivate var pairs: [TreeNode.Pair] {
        if case .map(let pairs) = content { pairs } else { [] }
    }

    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, content) {
        case ("object", .map), ("array", .list), ("string", .scalar): true
        case ("boolean", .scalar(let text, false)): text == "true" || text == "false"
        case ("integer", .scalar(let text, false)):
            Checker.decimalInteger(text) != nil || Checker.hexadecimal(text) != nil
        case ("number", .scalar(let text, false)):
            DecimalNumber(text) != nil || Checker.hexadecimal(text) != nil
        default: false
        }
    }
}

@Suite struct `The JSON Schema for editors` {
    @Test(arguments: deviceIDs)
    func `takes every profile that there is`(id: String) throws {
        let schema = try Schema()
        let checker = Checker(file: id, findings: Findings())
        let profile = try #require(TreeReader.read(Array(profileText(id).utf8), checker))
        #expect(schema.flaws(in: profile, schema.root) == [])
    }

    @Test(arguments: [
        ("kind: state", "kind: states"), ("baud: 9600", "baud: fast"), ("by: lock", "bye: lock"),
        ("idempotent: false", "idempotent: no"), ("tests:", "test:"), ("kind: xor", "kind: xro"),
        ("{send: open}", "{sent: open}"),
    ])
    func `does not take a wrong one`(old: String, new: String) throws {
        let schema = try Schema()
        let text = try profileText("lockboard-8a")
        #expect(text.contains(old))
        let checker = Checker(file: "wrong", findings: Findings())
        let profile = try #require(
            TreeReader.read(Array(text.replacing(old, with: new).utf8), checker))
        #expect(schema.flaws(in: profile, schema.root) != [])
    }

    /// A key that no schema has, put into each part of a profile: the reader answers with the keys
    /// that it knows there.
    private static let probes: [(definition: String, id: String, places: [(String, String)])] = [
        ("link", "lockboard-8a", [("link: {", "link: {zzz: 1, ")]),
        ("link", "pzem-004t-v3", [("link:\n", "link:\n  zzz: 1\n")]),
        ("parameter", "lockboard-8a", [("opened_code: {of", "opened_code: {zzz: 1, of")]),
        ("parameter", "ec-probe", [("tds_factor: {", "tds_factor: {zzz: 1, ")]),
        ("check", "lockboard-8a", [("check: {", "check: {zzz: 1, ")]),
        ("frame", "lockboard-8a", [("open: {send", "open: {zzz: 1, send")]),
        ("frame", "lockboard-8a", [("{push:", "{zzz: 1, push:")]),
        ("report", "pzem-004t-v3", [("{change: 2,", "{zzz: 1, change: 2,")]),
        ("point", "lockboard-8a", [("    kind: state\n", "    kind: state\n    zzz: 1\n")]),
        (
            "point", "pzem-004t-v3",
            [("{kind: total, ", "{kind: total, zzz: 1, count: 2, step: 2, ")]
        ),
        (
            "point", "pzem-004t-v3",
            [("{kind: level, at: \"in:0\", ", "{kind: level, at: \"in:0\", zzz: 1, bit: 0, ")]
        ),
        ("point", "dlt645-single-phase", [("{kind: total, ", "{kind: total, zzz: 1, ")]),
        ("argument", "lockboard-8a", [("args: {lock: {", "args: {lock: {zzz: 1, ")]),
        ("write", "kerong-cu48", [("{write: {", "{write: {zzz: 1, ")]),
        ("write", "kerong-cu48", [("value: 0}", "values: [0], zzz: 1}")]),
        ("step", "lockboard-8a", [("{send: open}", "{send: open, zzz: 1}")]),
        ("step", "pzem-004t-v3", [("{raw: \"42\", ", "{raw: \"42\", zzz: 1, ")]),
        (
            "step", "lockboard-8a",
            [("{send: open}", "{until: \"door.lock == open\", at_most: 1s, zzz: 1}")]
        ),
        ("outcome", "lockboard-8a", [("outcome: {", "outcome: {zzz: 1, ")]),
        ("action", "lockboard-8a", [("    args:", "    zzz: 1\n    args:")]),
        (
            "guard", "lockboard-8a",
            [("tests:", "guards: {left: {when: \"door.1 == open\", zzz: 1}}\ntests:")]
        ),
        ("boxTest", "lockboard-8a", [("    tx:", "    zzz: 1\n    tx:")]),
        ("boxTest", "lockboard-8a", [("refused: checksum", "refused: checksum, zzz: 1")]),
        ("box", "lockboard-8a", [("maker:", "zzz: 1\nmaker:")]),
        ("link", "ds18b20", [("{bus: files, ", "{bus: files, zzz: 1, ")]),
        ("link", "yf-s201", [("{bus: gpio}", "{bus: gpio, zzz: 1}")]),
        ("point", "yf-s201", [("{kind: total, ", "{kind: total, zzz: 1, ")]),
        ("point", "yf-s201", [("{kind: level, ", "{kind: level, zzz: 1, ")]),
        ("point", "network-link", [("{kind: total, ", "{kind: total, zzz: 1, ")]),
        (
            "point", "board-linux",
            [("{kind: level, file: \"/proc/m", "{kind: level, zzz: 1, file: \"/proc/m")]
        ),
        ("step", "relay-line", [("{set: {relay: active}}", "{set: {relay: active}, zzz: 1}")]),
        ("boardLine", "leak-rope", [("leak: {dir: in", "leak: {zzz: 1, dir: in")]),
        ("boardLine", "solenoid-valve", [("{dir: out,", "{zzz: 1, dir: out,")]),
        ("boxTest", "yf-s201", [("{pulses: 450,", "{pulses: 450, zzz: 1,")]),
        ("boxTest", "leak-rope", [("{line: leak,", "{line: leak, zzz: 1,")]),
        ("boxTest", "relay-line", [("{ask: {do: pulse},", "{ask: {do: pulse}, zzz: 1,")]),
        ("boxTest", "ds18b20", [("  - files:", "  - zzz: 1\n    files:")]),
        ("box", "leak-rope", [("maker:", "zzz: 1\nmaker:")]),
        ("driven", "strike-12v", [("maker:", "zzz: 1\nmaker:")]),
        ("line", "strike-12v", [("coil: {", "coil: {zzz: 1, ")]),
    ]

    @Test func `knows the keys that the reader knows, and no other`() throws {
        let schema = try Schema()
        var known: [String: Set<String>] = [:]
        for probe in Self.probes {
            var text = try profileText(probe.id)
            for (old, new) in probe.places {
                #expect(text.contains(old), "\(probe.id): \(old)")
                text = text.replacing(old, with: new, maxReplacements: 1)
            }
            let keys = Self.keysKnown(in: text, id: probe.id)
            #expect(!keys.isEmpty, "\(probe)")
            known[probe.definition, default: []].formUnion(keys)
        }
        // A variant says what it extends; the reader knows that before it knows keys.
        known["box"]?.insert("extends")
        for (definition, keys) in known {
            #expect(try schema.keys(of: definition) == keys, "\(definition)")
        }
    }

    private static func keysKnown(in text: String, id: String) -> Set<String> {
        let findings = Findings()
        let checker = Checker(file: "\(id).yaml", findings: findings)
        _ = TreeReader.read(Array(text.utf8), checker).flatMap {
            ProfileReader(checker: checker).read($0, fileID: id)
        }
        var keys: Set<String> = []
        guard !findings.isClean else { return keys }
        for error in findings.sorted(files: []).errors {
            if case .unknownKey("zzz", _, let known) = error.kind { keys.formUnion(known) }
        }
        return keys
    }

    @Test func `knows every unit`() throws {
        let schema = try Schema()
        let units = schema.root["$defs"]?["point"]?["properties"]?["unit"]?["enum"]?.items ?? []
        #expect(units.map(\.word) == PointUnit.known)
    }
}
