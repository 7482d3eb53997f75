// Wrong registers, items, codecs and parameters: told as all mistakes of profiles are.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A wrong profile of a meter` {
    @Test(arguments: cases)
    func `is told with place, reason and the nearest right word`(wrong: WrongProfile) throws {
        let right = try profileText(wrong.id)
        #expect(right.contains(wrong.old))
        let text = right.replacing(wrong.old, with: wrong.new, maxReplacements: 1)
        #expect(readProfile(text, id: wrong.id).errors == wrong.errors)
    }

    private static let cases: [WrongProfile] = [
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\"",
            "at: 30004",
            "26:23 30004 is how manuals count, with the table in front and from"
                + " 1; write the address on the wire, from 0 (one that is really so"
                + " large: in hexadecimal). Did you mean `in:3`?"),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\"",
            "at: \"in:30004\"",
            "26:23 30004 is how manuals count, with the table in front and from"
                + " 1; write the address on the wire, from 0 (one that is really so"
                + " large: in hexadecimal). Did you mean `in:3`?"),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\"",
            "at: \"input:3\"",
            "26:23 `input` is not allowed here; expected one of: in, hold, coil,"
                + " disc."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\"",
            "at: \"in:0x10000\"",
            "26:23 `in:0x10000` is no register: write table:address, counted from"
                + " 0, such as in:0, hold:0x2000 or coil:3."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\", as: u32, order: CDAB,",
            "at: \"in:3\", as: u32,",
            "26:5 `order` is missing in a point."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\", as: u32, order: CDAB,",
            "at: \"in:3\", as: u32, order: DCAB,",
            "26:47 `DCAB` is not allowed here; expected one of: ABCD, CDAB, BADC,"
                + " DCBA. Did you mean `CDAB`?"),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"in:3\", as: u32, order: CDAB,",
            "at: \"in:3\", as: u31, order: CDAB,",
            "26:35 `u31` is not allowed here; expected one of: u16, s16, u32,"
                + " s32, u64, s64, f32, f64, bcd16, bcd32. Did you mean `u32`?"),
        WrongProfile(
            "pzem-004t-v3",
            "unit: V,",
            "unit: volt,",
            "20:54 `volt` is not allowed here; expected one of: 1, %, V, A, W,"
                + " W.h, VA, var, var.h, Hz, A.h, Ohm, Cel, L, L/min, m, mm, Pa, uS/cm,"
                + " mg/L, [pH], [NTU], [ppm], g, s, min, h, lx, dB, By."),
        WrongProfile(
            "pzem-004t-v3",
            "unit: W.h,",
            "unit: kWh,",
            "30:59 `kWh` is not allowed here; expected one of: 1, %, V, A, W,"
                + " W.h, VA, var, var.h, Hz, A.h, Ohm, Cel, L, L/min, m, mm, Pa, uS/cm,"
                + " mg/L, [pH], [NTU], [ppm], g, s, min, h, lx, dB, By. Did you mean `W.h`?"),
        WrongProfile(
            "pzem-004t-v3",
            "00 00 51 34",
            "00 00 51 35",
            "49:5 The worked example says voltage 225.7, current 0.108, power 24.4, energy 38, "
                + "frequency 50.0, power_factor 1.00, overload ok, the codec says "
                + "checksum (51 34)."),
        WrongProfile(
            "pzem-004t-v3",
            "range: [80, 260]",
            "range: [260, 80]",
            "20:64 Expected [lowest, highest], such as [1, 12]."),
        WrongProfile(
            "pzem-004t-v3",
            "x: 0.1, unit: V",
            "x: 1e-1, unit: V",
            "20:43 Unquoted `1e-1` is a number with an exponent in YAML. Did you"
                + " mean `\"1e-1\"`?"),
        WrongProfile(
            "pzem-004t-v3",
            "x: 0.1, unit: V",
            "x: 0,1, unit: V",
            "20:43 `x` cannot be 0: a value is the number read times `x`."
                + " Decimals have a point, no comma.",
            "20:45 `1` is no key of a point; it knows: kind, count, at, as,"
                + " order, bit, unit, x, plus, curve, range, bad, places, every,"
                + " report. Did you mean `x`?"),
        WrongProfile(
            "pzem-004t-v3",
            "  voltage:",
            "  Voltage-L1:",
            "19:3 `Voltage-L1` is no name here: lower-case letters, digits and"
                + " underscores, a letter first, at most 32. Did you mean `voltage_l1`?"),
        WrongProfile(
            "pzem-004t-v3",
            "kind: total,",
            "kind: totl,",
            "30:12 `totl` is not allowed here; expected one of: level, total,"
                + " state, event. Did you mean `total`?"),
        WrongProfile(
            "pzem-004t-v3",
            "wrap: 9999990,",
            "wrap: -1,",
            "30:70 `-1` is out of range: 1 to 9223372036854775807."),
        WrongProfile(
            "pzem-004t-v3",
            "{change: 2, max",
            "{change: 2, most",
            "21:26 `most` is no key of `report`; it knows: change, min, max."),
        WrongProfile(
            "pzem-004t-v3",
            "silent_means: mains_off",
            "silent_means: off",
            "17:17 Unquoted `off` is true or false in YAML; a word is expected"
                + " here. Expected one of: fault, mains_off. Did you mean `mains_off`?"),
        WrongProfile(
            "pzem-004t-v3",
            "max_read: 10",
            "max_read: 1",
            "19:3 `current` takes 2 registers and max_read is 1: it could never be read.",
            "19:3 `power` takes 2 registers and max_read is 1: it could never be read.",
            "19:3 `energy` takes 2 registers and max_read is 1: it could never be read."),
        WrongProfile(
            "pzem-004t-v3",
            "max_read: 10",
            "max_read: 200",
            "16:13 `200` is out of range: 1 to 125."),
        WrongProfile(
            "pzem-004t-v3",
            "{raw: \"42\", reply: 1}",
            "{raw: \"41\", reply: 1}",
            "40:16 `raw:41` is in this profile's `forbid`."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"hold:1\", value: watts",
            "at: \"hold:2\", value: watts",
            "44:18 `write:hold:2` is in this profile's `forbid`."),
        // Every way to the register is closed: several at once, and bytes that say the same.
        WrongProfile(
            "pzem-004t-v3",
            "at: \"hold:1\", value: watts",
            "at: \"hold:1\", values: [watts, 9]",
            "44:18 `write:hold:2` is in this profile's `forbid`."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"hold:1\", value: watts",
            "at: \"hold:watts - 1\", value: 9",
            "44:18 `write:hold:2` is in this profile's `forbid`."),
        WrongProfile(
            "pzem-004t-v3",
            "{raw: \"42\", reply: 1}",
            "{raw: \"0600020009\", reply: 5}",
            "40:16 `write:hold:2` is in this profile's `forbid`."),
        WrongProfile(
            "pzem-004t-v3",
            "at: \"hold:1\", value: watts",
            "at: \"in:1\", value: watts",
            "44:23 `in` is not allowed here; expected one of: hold, coil."),
        WrongProfile(
            "pzem-004t-v3",
            "value: watts",
            "value: 10 * watts",
            "44:40 `250000` is out of range: -32768 to 65535."),
        WrongProfile(
            "pzem-004t-v3",
            "value: watts",
            "value: wats",
            "44:40 There is no argument or parameter `wats`. Known: watts. Did"
                + " you mean `watts`?"),
        WrongProfile(
            "pzem-004t-v3",
            "\"raw:41\", \"write:hold:2\"",
            "\"calibrate\"",
            "47:10 `calibrate` is not understood: write \"raw:41\" (a function"
                + " code) or \"write:hold:2\"."),
        WrongProfile(
            "pzem-004t-v3",
            "voltage: 225.7,",
            "voltage: 225.8,",
            "49:5 The worked example says voltage 225.8, the codec says voltage"
                + " 225.7."),
        WrongProfile(
            "pzem-004t-v3",
            "voltage: 225.7,",
            "volt: 225.7,",
            "53:8 There is no point `volt`. Known: voltage, current, power,"
                + " energy, frequency, power_factor, overload. Did you mean `voltage`?"),
        WrongProfile(
            "pzem-004t-v3",
            "overload: ok",
            "overload: fine",
            "54:38 `fine` is not allowed here; expected one of: ok, alarm,"
                + " absent, out_of_range."),
        WrongProfile(
            "sdm120",
            "places: 1, unit: V",
            "unit: V",
            "14:5 `places` is missing in a point."),
        WrongProfile(
            "kerong-cu16",
            "{bits:lock*16}",
            "{bits:lock*12}",
            "26:36 `query.lock` is 12 numbers: say `count`, at most 12, or which"
                + " one, such as query.lock.1."),
        WrongProfile(
            "kerong-cu16",
            "{bits:lock*16}",
            "{bits:lock*99}",
            "23:12 {bits:lock*99} is not understood; such are {lock},"
                + " {power:2le}, {bits:door*16}, {address/lock}, {len}, {skip:2},"
                + " {check}."),
        WrongProfile(
            "kerong-cu16",
            "from: query.item,",
            "from: query.item.17,",
            "27:40 `query.item.17` is no field of a frame: write frame.field,"
                + " such as query.code."),
        WrongProfile(
            "kerong-cu16",
            "count: 16, from: query.item",
            "from: query.item",
            "27:29 `query.item` is 16 numbers: say `count`, at most 16, or which"
                + " one, such as query.item.1."),
        WrongProfile(
            "kerong-cu16",
            "{address/lock}",
            "{address}",
            "31:30 `lock` is no key of `with`; it knows: ."),
        WrongProfile(
            "jbd-bms",
            "from: basic.voltage",
            "from: base.voltage",
            "15:81 It cannot be asked: there is no request frame base."),
        WrongProfile(
            "jbd-bms",
            "[{send: mos}]",
            "[{send: moss}]",
            "45:5 It cannot be asked: there is no request frame moss."),
        WrongProfile(
            "jbd-bms",
            "args: {charging: {range: [0, 1]}, ",
            "args: {",
            "45:5 It cannot be asked: the argument charging is missing."),
        WrongProfile(
            "jbd-bms",
            "addresses: none",
            "addresses: nobody",
            "12:76 `nobody` is not allowed here; expected one of: none."),
        WrongProfile(
            "dlt645-single-phase",
            "at: \"00010000\", bytes: 4",
            "at: 00010000, bytes: 4",
            "14:23 `00010000` is no data identifier: eight hexadecimal digits in"
                + " quotes, such as \"00010000\"."),
        WrongProfile(
            "dlt645-single-phase",
            "kind: total, at",
            "kind: total, count: 2, at",
            "14:5 An item of a meter has no `count`: write each."),
        WrongProfile(
            "kerong-cu48",
            "count: 48, at: \"coil:0\"",
            "count: 48, at: \"coil:0xFFF0\"",
            "12:38 There is no room for 48 of them."),
        WrongProfile(
            "waveshare-relay-8",
            "value: tenths",
            "value: tenths, values: [1]",
            "19:50 `value` is no key of `write`; it knows: at, values. Did you"
                + " mean `values`?"),
        WrongProfile(
            "waveshare-relay-8",
            "range: [1, 600]",
            "range: [600, 1]",
            "18:52 Expected [lowest, highest], such as [1, 12].",
            "19:57 There is no argument or parameter `tenths`. Known: relay."),
        WrongProfile(
            "waveshare-relay-8",
            "{write: {at: \"coil:0x00FF\", value: 0}}",
            "{perform: switch_off}",
            "43:20 `relay` is missing in `with`."),
        WrongProfile(
            "waveshare-relay-8",
            "{write: {at: \"coil:0x00FF\", value: 0}}",
            "{perform: switch_off, with: {relay: 9}}",
            "43:46 `9` is out of range: 1 to 8."),
        WrongProfile(
            "waveshare-relay-8",
            "{write: {at: \"coil:0x00FF\", value: 0}}",
            "{perform: all_off}",
            "43:20 There is no action `all_off`. Known: pulse, keep_on, switch_on,"
                + " switch_off."),
    ]
}
