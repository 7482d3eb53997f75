// Three lock boards that have no protocol with a name, drawn in the frame language: for decoding
// and for tests. A station's own boards are drawn in their profiles.
//
//   8A     8A 01 03 11 99                     open lock 3 of board 1; check: exclusive or
//   WKLY   57 4B 4C 59 09 00 82 01 83         "WKLY", length, board, command, lock, exclusive or
//   Kerong 02 00 31 03 36                     STX, board and lock, command, ETX, sum

extension FrameLanguageSettings {
    /// Unbranded boards of 8 to 24 ways. Source: CSDN u012909822/147892413; OpenLuat's Air1601
    /// locker demo; the pushed `81` by a locker application's log.
    public static let lockboard8A = FrameLanguageSettings(
        check: FrameCheck(kind: .xor),
        frames: [
            FrameSettings(
                name: "open", role: .request, tokens: order(0x8a, ["address", "lock"], 0x11),
                reply: "open.reply"),
            FrameSettings(
                name: "open.reply", role: .reply, tokens: order(0x8a, ["address", "lock", "code"])),
            FrameSettings(
                name: "query", role: .request, tokens: order(0x80, ["address", "lock"], 0x33),
                reply: "query.reply"),
            FrameSettings(
                name: "query.reply", role: .reply,
                tokens: order(0x80, ["address", "lock", "code"])),
            FrameSettings(
                name: "push", role: .push, tokens: order(0x81, ["address", "lock", "code"])),
        ])

    /// Boards of 7, 8, 12 or 24 ways whose frames begin with their maker's letters. Status 00 is
    /// done, FF failed; a door is 00 when open, 01 when closed. Source: easyiot's README, the
    /// lockdemo of junerver, Artcen-Design/Arcen-Locker's README and a locker's log.
    public static let wkly = FrameLanguageSettings(
        check: FrameCheck(kind: .xor),
        frames: [
            FrameSettings(
                name: "open", role: .request, tokens: letters(0x82, [field("lock")]),
                reply: "open.reply", isOptional: true),
            FrameSettings(
                name: "open.reply", role: .reply,
                tokens: letters(0x82, [field("status"), field("lock"), field("door")])),
            FrameSettings(
                name: "query", role: .request, tokens: letters(0x83, [field("lock")]),
                reply: "query.reply"),
            FrameSettings(
                name: "query.reply", role: .reply,
                tokens: letters(0x83, [field("status"), field("lock"), field("door")])),
            FrameSettings(
                name: "push", role: .push,
                tokens: letters(0x85, [field("lock"), field("door")])),
            FrameSettings(name: "openAll", role: .request, tokens: letters(0x86, [])),
            FrameSettings(
                name: "on", role: .request, tokens: letters(0x88, [field("channel")])),
            FrameSettings(
                name: "off", role: .request, tokens: letters(0x89, [field("channel")])),
        ])

    /// CU16: sixteen locks and a sensor each, 19200 baud. Boards and locks count from 0; opening
    /// has no answer. Which bit means locked differs between boards. Source:
    /// suryavirkapur/kerong-lib.
    public static let kerong = FrameLanguageSettings(
        check: FrameCheck(kind: .sum8),
        frames: [
            FrameSettings(
                name: "open", role: .request,
                tokens: [
                    .bytes(these: [0x02]), .nibbles(high: addressName, low: "lock"),
                    .bytes(these: [0x31, 0x03]), .check,
                ]),
            FrameSettings(
                name: "query", role: .request,
                tokens: [
                    .bytes(these: [0x02]), .nibbles(high: addressName, low: ""),
                    .bytes(these: [0x30, 0x03]), .check,
                ], reply: "query.reply"),
            FrameSettings(
                name: "query.reply", role: .reply,
                tokens: [
                    .bytes(these: [0x02]), .nibbles(high: addressName, low: ""),
                    .bytes(these: [0x35]), .bits(name: "lock", count: 16, isHighFirst: false),
                    .bits(name: "item", count: 16, isHighFirst: false), .bytes(these: [0x03]),
                    .check,
                ]),
            FrameSettings(
                name: "queryAll", role: .request,
                tokens: [.bytes(these: [0x02, 0xf0, 0x32, 0x03]), .check]),
        ])

    private static func field(_ name: String) -> FrameToken {
        .field(name: name, form: FieldForm())
    }

    private static func order(_ head: UInt8, _ names: [String], _ last: UInt8? = nil)
        -> [FrameToken]
    {
        [.bytes(these: [head])] + names.map(field)
            + (last.map { [.bytes(these: [$0])] } ?? []) + [.check]
    }

    private static func letters(_ command: UInt8, _ rest: [FrameToken]) -> [FrameToken] {
        [
            .bytes(these: Array("WKLY".utf8)), .length(form: FieldForm(), plus: 0),
            field(addressName), .bytes(these: [command]),
        ] + rest + [.check]
    }
}
