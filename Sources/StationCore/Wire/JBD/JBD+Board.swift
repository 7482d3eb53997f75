// The board's own side: what it hears and how it answers. For simulated boards and for decoding.

extension JBD {
    static func hear(_ bytes: Span<UInt8>, at address: Int) -> CodecMatch {
        guard bytes[0] == start else { return .none }
        guard bytes.count >= 4 else { return .wanting(overhead - bytes.count) }
        guard bytes[1] == reading || bytes[1] == writing else { return .none }
        let count = Int(bytes[3])
        guard count <= mostData else { return .none }
        let length = overhead + count
        guard bytes.count >= length else { return .wanting(length - bytes.count) }
        guard bytes[length - 1] == end else { return .damaged(.ending, length: length) }
        let sum = bytes.extracting(2..<length - 3)
        guard check(sum) == bytes.bigEndianWord(at: length - 3) else {
            return .damaged(.checksum, length: length)
        }
        guard let register = Register(rawValue: bytes[2]),
            register.isWritten == (bytes[1] == writing),
            let fields = told(register, bytes.extracting(4..<4 + count))
        else { return .judged(.foreign(length: length)) }
        return .judged(.answer(.frame(name: register.frame, fields: fields), length: length))
    }

    private static func told(_ register: Register, _ data: Span<UInt8>) -> [BusField]? {
        switch register {
        case .basic, .cells, .name, .counts:
            return data.isEmpty ? [] : nil
        case .mos:
            guard data.count == 2 else { return nil }
            return [
                BusField("charging", Int64(1 - data[1] & 1)),
                BusField("discharging", Int64(1 - data[1] >> 1 & 1)),
            ]
        case .mosV13:
            return CodecPayload("mosV13", [.number("which"), .number("what")]).fields(in: data)
        }
    }

    static func bytes(
        _ name: String, _ fields: [BusField], at address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let register = Register(frame: name) else { throw .frame(name) }
        let data: [UInt8]
        switch register {
        case .basic: data = try basic(fields)
        case .cells: data = try list("cell", 2, fields)
        case .name: data = try list("character", 1, fields)
        case .counts: data = try CodecPayload(name, [.numbers("count", 2, 12)]).bytes(fields)
        case .mos, .mosV13: data = []
        }
        guard data.count <= mostData else { throw .count(data.count, most: mostData) }
        return frame([start, register.rawValue], [0, UInt8(data.count)] + data)
    }

    static func bytes(
        of outcome: BusAnswer, to name: String, _ fields: [BusField], at address: Int
    ) -> [UInt8]? {
        guard let register = Register(frame: name) else { return nil }
        switch outcome {
        case .done: return frame([start, register.rawValue], [0, 0])
        case .refused(let code):
            return frame([start, register.rawValue], [UInt8(truncatingIfNeeded: code), 0])
        case .registers, .bits, .frame, .number, .raw: return nil
        }
    }

    private static func list(
        _ name: String, _ bytes: Int, _ fields: [BusField]
    ) throws(BusQuestionFlaw) -> [UInt8] {
        let count = fields.count { $0.name == name }
        return try CodecPayload(name, [.numbers(name, bytes, count)]).bytes(fields)
    }

    private static func basic(_ fields: [BusField]) throws(BusQuestionFlaw) -> [UInt8] {
        let sensors = fields.count { $0.name == "temperature" }
        guard sensors <= mostSensors else { throw .count(sensors, most: mostSensors) }
        let year = (fields.value("year") ?? 2_000) &- 2_000
        let date = year << 9 | (fields.value("month") ?? 1) << 5 | (fields.value("day") ?? 1)
        let mos = (fields.value("charging") ?? 1) | (fields.value("discharging") ?? 1) << 1
        let sent =
            fields.filled([
                "current": 0, "remaining": 0, "capacity": 0, "cycles": 0, "version": 0x10,
                "charge": 0, "cells": 0,
            ]) + [
                BusField("date", date), BusField("mos", mos), BusField("sensors", Int64(sensors)),
            ]
        let words: [FrameToken] = [
            .number("voltage", 2), .number("current", 2, isSigned: true), .number("remaining", 2),
            .number("capacity", 2), .number("cycles", 2), .number("date", 2),
        ]
        var bytes = try CodecPayload("basic", words).bytes(sent)
        for (name, count) in [("balancing", 2 * wordBits), ("protection", wordBits)] {
            for word in 0..<count / wordBits {
                var bits: UInt16 = 0
                for bit in 0..<wordBits
                where (fields.value(name, word * wordBits + bit + 1) ?? 0) != 0 {
                    bits |= 1 << UInt16(bit)
                }
                bytes += bits.bigEndianBytes
            }
        }
        let rest: [FrameToken] = [
            .number("version"), .number("charge"), .number("mos"), .number("cells"),
            .number("sensors"), .numbers("temperature", 2, sensors),
        ]
        return try bytes + CodecPayload("basic", rest).bytes(sent)
    }
}
