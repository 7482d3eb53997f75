// What was said on a bus as a record and as lines, by the same codecs that the station uses.

import Control
import StationCore

/// A recording of one line, in order.
struct BusDecoding: Codable, Equatable {
    struct Frame: Codable, Equatable {
        /// Its first byte, from 0.
        var place: Int
        var bytes: String
        /// More than one where a frame does not say who sent it; none where it is no frame.
        var readings: [Reading]?
        /// What is wrong with it.
        var problem: TextRecord?
    }

    struct Reading: Codable, Equatable {
        /// `request`, `reply` or `report`.
        var direction: String
        /// As profiles and standards call it.
        var name: String
        var address: Int?
        var fields: [Field]?
        /// Bytes that no field explains.
        var rest: String?
        /// A refusal's code, and its name where it has one.
        var refusal: Int?
        var reason: TextRecord?
    }

    struct Field: Codable, Equatable {
        var name: String
        /// Which of several of that name, from 1.
        var index: Int?
        var value: Int64
        /// What that value means.
        var meaning: TextRecord?
    }

    var `protocol`: String
    var frames: [Frame]

    init(_ bytes: [UInt8], as kind: BusProtocol) {
        self.protocol = kind.rawValue
        frames = kind.line.read(bytes).map { Frame($0, bytes, kind) }
    }

    /// Why the bytes are not all understood, or `nil`.
    var reason: TextRecord? {
        guard let frame = frames.first(where: { $0.problem != nil }), let problem = frame.problem
        else { return nil }
        let place = frame.place + 1
        return TextRecord(
            zh: "第\(place)个字节起：\(problem.zh)", en: "from byte \(place) on: \(problem.en)")
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        frames.flatMap { frame -> [String] in
            if let problem = frame.problem {
                return ["! " + frame.bytes + "  " + catalogue.text(problem)]
            }
            return (frame.readings ?? []).flatMap { $0.lines(catalogue, `protocol`) }
        }
    }
}

extension BusDecoding.Frame {
    init(_ frame: LineFrame, _ recording: [UInt8], _ kind: BusProtocol) {
        place = frame.place
        let own = recording[frame.place..<frame.place + frame.length]
        bytes = HexInput.text(own)
        switch frame.kind {
        case .whole(let all):
            readings = all.map { BusDecoding.Reading($0, kind) }
        case .damaged(let damage, let check):
            problem = Self.problem(damage, check, own, kind)
        case .cutShort:
            problem = TextRecord(zh: "最后一帧不完整", en: "the last frame is cut off")
        case .noise:
            problem = TextRecord(
                zh: "\(frame.length)个字节不属于任何帧",
                en: frame.length == 1
                    ? "one byte belongs to no frame"
                    : "\(frame.length) bytes belong to no frame")
        }
    }

    private static func problem(
        _ damage: BusDamage, _ check: [UInt8], _ own: ArraySlice<UInt8>, _ kind: BusProtocol
    ) -> TextRecord {
        guard damage == .checksum, !check.isEmpty else {
            return TextRecord(zh: damage.text(.chinese), en: damage.text(.english))
        }
        let expected = HexInput.text(check)
        let name = kind == .modbus ? "CRC" : nil
        return TextRecord(
            zh: "\(name ?? "校验")不对，应为\(expected)：检查接线、终端电阻和干扰",
            en: "wrong \(name ?? "check"), \(expected) expected: look at wires, termination and "
                + "interference")
    }
}

extension BusDecoding.Reading {
    init(_ reading: LineReading, _ kind: BusProtocol) {
        direction = reading.direction.rawValue
        name = reading.name
        address = reading.address
        if !reading.fields.isEmpty {
            fields = reading.fields.map {
                BusDecoding.Field(
                    name: $0.name, index: $0.index, value: $0.value,
                    meaning: BusWords.meaning(of: $0, in: reading.name, kind))
            }
        }
        if !reading.rest.isEmpty { rest = HexInput.text(reading.rest) }
        refusal = reading.refusal
        reason = reading.refusal.flatMap { BusWords.refusal($0, kind) }
    }

    func lines(_ catalogue: Catalogue, _ kind: String) -> [String] {
        var words = [BusWords.direction(direction, catalogue)]
        if let address { words.append(BusWords.box(address, kind, catalogue)) }
        words.append(BusWords.name(name, kind, catalogue))
        if let refusal {
            let why = reason.map(catalogue.text)
            words.append(
                catalogue.say("不接受（\(refusal)）", "refused (\(refusal))")
                    + (why.map { catalogue.say("：\($0)", ": \($0)") } ?? ""))
        }
        let plain = (fields ?? []).filter { $0.index == nil }
        words += plain.map { $0.text(catalogue) }
        if let rest { words.append(rest) }
        return [words.joined(separator: "  ")] + numbered(catalogue)
    }

    /// Fields that come in numbers, a line for each name.
    private func numbered(_ catalogue: Catalogue) -> [String] {
        let all = (fields ?? []).filter { $0.index != nil }
        var names: [String] = []
        for field in all where !names.contains(field.name) { names.append(field.name) }
        return names.map { name in
            let own = all.filter { $0.name == name }
            let values = own.map { "\($0.index ?? 0)=\($0.value)" }
            return "    " + BusWords.field(name, catalogue) + "  "
                + values.joined(separator: " ")
        }
    }
}

extension BusDecoding.Field {
    func text(_ catalogue: Catalogue) -> String {
        let word = BusWords.field(name, catalogue)
        let said = meaning.map { catalogue.say("（\($0.zh)）", " (\($0.en))") } ?? ""
        return "\(word) \(value)" + said
    }
}
