// Wrong profiles of boxes: each mistake is told with its place, what was expected, and the word
// that was probably meant.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A wrong profile of a box` {
    @Test(arguments: cases)
    func `is told with place, reason and the nearest right word`(wrong: WrongProfile) throws {
        let right = try profileText(wrong.id)
        #expect(right.contains(wrong.old))
        let text = right.replacing(wrong.old, with: wrong.new, maxReplacements: 1)
        #expect(readProfile(text, id: wrong.id).errors == wrong.errors)
    }

    private static let cases: [WrongProfile] = [
        WrongProfile(
            "lockboard-8a",
            "bus: frames",
            "bus: frame",
            "16:13 `frame` is not allowed here; expected one of: modbus, frames,"
                + " dlt645, jbd, juy, dianchuan, gpio, files. Did you mean `frames`?"),
        WrongProfile(
            "lockboard-8a",
            "baud: 9600,",
            "baud: 9600, mode: 8E1,",
            "16:39 There is no `mode`: unquoted, 8E1 is the number 80 in YAML."
                + " Write parity: even, stop_bits: 1."),
        WrongProfile(
            "lockboard-8a",
            "baud: 9600,",
            "baud: 9600, mode: \"8N2\",",
            "16:39 There is no `mode`: unquoted, 8E1 is the number 80 in YAML."
                + " Write parity: none, stop_bits: 2."),
        WrongProfile(
            "lockboard-8a",
            "timeout: 500ms",
            "timeout: 5s",
            "16:42 `5s` is out of range: 10ms to 2s."),
        WrongProfile(
            "lockboard-8a",
            "[1, 99]",
            "[99, 1]",
            "16:87 Expected [lowest, highest], such as [1, 12]."),
        WrongProfile(
            "lockboard-8a",
            "kind: lock-board",
            "kind: strike",
            "8:1 `driver` is missing in a profile.",
            "19:1 `frames` is no key of a profile; it knows: schema, id, maker,"
                + " model, kind, source, link, lines, driver, params, tests.",
            "25:1 `points` is no key of a profile; it knows: schema, id, maker,"
                + " model, kind, source, link, lines, driver, params, tests.",
            "33:1 `actions` is no key of a profile; it knows: schema, id, maker,"
                + " model, kind, source, link, lines, driver, params, tests."),
        WrongProfile(
            "lockboard-8a",
            "kind: xor",
            "kind: xro",
            "20:17 `xro` is not allowed here; expected one of: xor, sum8, sum16,"
                + " negative-sum16, crc16. Did you mean `xor`?"),
        WrongProfile(
            "lockboard-8a",
            "{lock} 11 {check}\", reply",
            "{lock 11 {check}\", reply",
            "21:16 {lock 11 {check} is not understood; such are {lock},"
                + " {power:2le}, {bits:door*16}, {address/lock}, {len}, {skip:2},"
                + " {check}."),
        WrongProfile(
            "lockboard-8a",
            "{lock} 11 {check}\", reply",
            "{Lock} 11 {check}\", reply",
            "21:16 {Lock} is not understood; such are {lock}, {power:2le},"
                + " {bits:door*16}, {address/lock}, {len}, {skip:2}, {check}."),
        WrongProfile(
            "lockboard-8a",
            "\"8A {address} {lock} 11",
            "\"8 A {address} {lock} 11",
            "21:16 `8 ` in a frame is no byte: write two hexadecimal digits, or a"
                + " field in braces."),
        WrongProfile(
            "lockboard-8a",
            "  check: {kind: xor}\n",
            "",
            "20:16 `check` is missing in `frames`.",
            "20:57 `check` is missing in `frames`.",
            "21:17 `check` is missing in `frames`.",
            "21:58 `check` is missing in `frames`.",
            "23:18 `check` is missing in `frames`."),
        WrongProfile(
            "lockboard-8a",
            "query.code, change",
            "query.cod, change",
            "30:12 There is no field `cod`. Known: lock, code. Did you mean"
                + " `code`?"),
        WrongProfile(
            "lockboard-8a",
            "query.code, change",
            "qery.code, change",
            "30:12 There is no frame `qery`. Known: open, open.reply, query,"
                + " query.reply, change. Did you mean `query`?"),
        WrongProfile(
            "lockboard-8a",
            "query.code, change",
            "query, change",
            "30:12 `query` is no field of a frame: write frame.field, such as"
                + " query.code."),
        WrongProfile(
            "lockboard-8a",
            "    by: lock\n",
            "",
            "29:12 `by` is missing in a point."),
        WrongProfile(
            "lockboard-8a",
            "by: lock",
            "by: code",
            "29:9 There is no field `code`. Known: lock."),
        WrongProfile(
            "lockboard-8a",
            "{opened_code: open, else: closed}",
            "{open_code: open, else: closed}",
            "31:11 There is no parameter `open_code`. Known: opened_code. Did you"
                + " mean `opened_code`?"),
        WrongProfile(
            "lockboard-8a",
            "{opened_code: open, else: closed}",
            "{opened_code: open, 0x00: closed}",
            "31:30 `0x00` is in the list twice."),
        WrongProfile(
            "lockboard-8a",
            "{opened_code: open, else: closed}",
            "{opened_code: on, else: off}",
            "31:24 Unquoted `on` is true or false in YAML; a word is expected"
                + " here. Did you mean `\"on\"`?",
            "31:34 Unquoted `off` is true or false in YAML; a word is expected"
                + " here. Did you mean `\"off\"`?"),
        WrongProfile(
            "lockboard-8a",
            "{opened_code: open, else: closed}",
            "{opened_code: \"on\", else: closed}",
            "31:24 `on` cannot be a name, in quotes or not: other programs read it as true, false,"
                + " nothing or a number. Did you mean `active`?"),
        WrongProfile(
            "lockboard-8a",
            "every: 1s",
            "every: 10ms",
            "32:12 `10ms` is out of range: 100ms to 24h."),
        WrongProfile(
            "lockboard-8a",
            "from: [query.code, change.code, open.code]",
            "from: change.code",
            "32:12 None of these frames answers a question: leave out `every`, or"
                + " read it from a frame that has a `reply`."),
        WrongProfile(
            "lockboard-8a",
            "range: [1, 12]",
            "range: [1, 13]",
            "36:46 `lock` numbers points, so its range must lie within 1 to 12.",
            "37:26 `lock` numbers points, so its range must lie within 1 to 12.",
            "37:55 `lock` numbers points, so its range must lie within 1 to 12."),
        WrongProfile(
            "lockboard-8a",
            "[{send: open},",
            "[{send: opne},",
            "36:17 There is no frame `opne`. Known: open, query. Did you mean"
                + " `open`?"),
        WrongProfile(
            "lockboard-8a",
            "{send: open}, {wait",
            "{send: open, with: {lok: 1}}, {wait",
            "36:30 `lok` is no key of `with`; it knows: lock. Did you mean"
                + " `lock`?"),
        WrongProfile(
            "lockboard-8a",
            "{send: open}, {wait",
            "{send: open, with: {lock: lock * lock}}, {wait",
            "36:36 `lock * lock` cannot be worked out: write argument * number +"
                + " number with one argument at most, such as lock - 1."),
        WrongProfile(
            "lockboard-8a",
            "{send: open}, {wait",
            "{send: open, with: {lock: 300}}, {wait",
            "36:36 `300` is out of range: 0 to 255."),
        WrongProfile(
            "lockboard-8a",
            "{send: open}, {wait",
            "{send: open, wait: 1s}, {wait",
            "36:29 A step does one thing: make two of `send` and `wait`."),
        WrongProfile(
            "lockboard-8a",
            "read: door.lock",
            "read: dor.lock",
            "36:46 There is no point `dor.lock`. Known: door.1, door.2, door.3,"
                + " door.4, door.5, door.6, door.7, door.8, door.9, door.10, door.11,"
                + " door.12."),
        WrongProfile(
            "lockboard-8a",
            "door.lock == open\"",
            "door.lock = open\"",
            "37:26 `door.lock = open` is no condition: write point, comparison,"
                + " value, such as door == open; several are joined by `and`."),
        WrongProfile(
            "lockboard-8a",
            "door.lock == open\"",
            "door.lock == opened\"",
            "37:26 There is no state `opened`. Known: open, closed. Did you mean"
                + " `open`?"),
        WrongProfile(
            "lockboard-8a",
            "door.lock == open\"",
            "door.lock >= open\"",
            "37:26 `>=` is not allowed here; expected one of: ==, !=. Did you"
                + " mean `==`?"),
        WrongProfile(
            "lockboard-8a",
            "safety: board",
            "safety: none",
            "42:13 A lock must become safe without us: by the board itself"
                + " (board) or a resistor (pull)."),
        WrongProfile(
            "lockboard-8a",
            "    safety: board\n",
            "",
            "35:5 `safety` is missing in an action."),
        WrongProfile(
            "lockboard-8a",
            "idempotent: false",
            "idempotent: no",
            "38:17 Expected true or false without quotes, found `no`. Did you"
                + " mean `false`?"),
        WrongProfile(
            "lockboard-8a",
            "gives: {door.1: open}\n  - {ask: {do: open, lock: 12}",
            "gives: {door.1: closed}\n  - {ask: {do: open, lock: 12}",
            "44:5 The worked example says door.1 closed, the codec says door.1"
                + " open."),
        WrongProfile(
            "lockboard-8a",
            "rx: \"8A 01 01 00 8A\"",
            "rx: \"8A 01 01 00 8B\"",
            "44:5 The worked example says door.1 open, the codec says checksum (8A)."),
        WrongProfile(
            "lockboard-8a",
            "refused: checksum",
            "refused: length",
            "58:5 The worked example says length, the codec says checksum."),
        WrongProfile(
            "lockboard-8a",
            "tx: \"8A 01 0C 11 96\"",
            "tx: \"8A 01 0C 11 97\"",
            "48:5 The worked example says 8A 01 0C 11 97, the codec says 8A 01 0C"
                + " 11 96."),
        WrongProfile(
            "lockboard-8a",
            "default: 0x00",
            "default: 0x01",
            "18:44 `1` is not allowed here; expected one of: 0, 17. Did you mean"
                + " `0`?"),
        WrongProfile(
            "lockboard-8a",
            "  opened_code: {",
            "  address: {",
            "18:3 `address` is a key that every device has; give the parameter"
                + " another name."),
        WrongProfile(
            "lockboard-8a-8",
            "extends: lockboard-8a\n",
            "extends: lockboard-8a-16\n",
            "4:10 `lockboard-8a-16` extends another one itself; extend that one"
                + " instead: one level is all."),
        WrongProfile(
            "lockboard-8a-8",
            "extends: lockboard-8a\n",
            "extends: lockboard-8b\n",
            "4:10 There is no profile `lockboard-8b`. Known: "
                + deviceIDs.prefix(12).joined(separator: ", ")
                + " …. Did you mean `lockboard-8a`?"),
        WrongProfile(
            "lockboard-8a-8",
            "extends: lockboard-8a\n",
            "extends: strike-12v\n",
            "4:10 `strike-12v` is no box on a bus and cannot be extended."),
        WrongProfile(
            "lockboard-8a-8",
            "  open: {args: {lock: {range: [1, 8]}}}",
            "  open: {args: {lock: {range: [1, 9]}}}",
            "4:10 `lock` numbers points, so its range must lie within 1 to 8."),
        WrongProfile(
            "lockboard-8a-8",
            "tests:\n",
            "test:\n",
            "2:1 `tests` is missing in a profile.",
            "10:1 `test` is no key of a profile; it knows: schema, id, maker,"
                + " model, kind, source, link, params, frames, points, actions, guards,"
                + " forbid, tests. Did you mean `tests`?"),
    ]
}
