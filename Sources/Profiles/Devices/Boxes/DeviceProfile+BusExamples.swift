// Whether a box's worked bytes come true, asked of the codecs that speak with it.

import EventLoop
import StationCore

extension DeviceProfile {
    /// What a worked example of a box says and what comes out, when they differ.
    func contradiction(of example: BusExample) -> (expected: String, found: String)? {
        guard let settings = settings(with: example.parameters) else {
            return ("readable parameters", "none")
        }
        let questions: [BusQuestion]
        do throws(BusQuestionFlaw) {
            questions = try settings.questions(of: example.asked)
        } catch {
            return (example.asked.text, error.text(.english))
        }
        return contradiction(of: example.sent, questions, settings, at: example.address)
            ?? contradiction(of: example, questions.first, settings)
    }

    /// The box as these parameters make it.
    private func settings(with parameters: [BoxParameter]) -> BusDeviceSettings? {
        guard case .busDevice(let settings) = driver else { return nil }
        guard !parameters.isEmpty, let box else { return settings }
        let aside = Checker(file: box.file, findings: Findings())
        return BoxReader(checker: aside).read(box.parts, values: parameters)?.settings
    }

    // MARK: What goes out

    private func contradiction(
        of sent: [[UInt8]], _ questions: [BusQuestion], _ settings: BusDeviceSettings,
        at address: Int
    ) -> (expected: String, found: String)? {
        guard !sent.isEmpty else { return nil }
        var packets: [[UInt8]] = []
        for question in questions {
            do throws(BusQuestionFlaw) {
                packets.append(try settings.language.packet(for: question, to: address))
            } catch {
                return (Self.text(sent), error.text(.english))
            }
        }
        return packets == sent ? nil : (Self.text(sent), Self.text(packets))
    }

    private static func text(_ packets: [[UInt8]]) -> String {
        packets.isEmpty ? "nothing" : packets.map(text).joined(separator: ", ")
    }

    private static func text(_ bytes: [UInt8]) -> String {
        bytes.map { Hex.upper([$0]) }.joined(separator: " ")
    }

    // MARK: What comes back

    private func contradiction(
        of example: BusExample, _ question: BusQuestion?, _ settings: BusDeviceSettings
    ) -> (expected: String, found: String)? {
        let bytes = example.received
        guard !bytes.isEmpty else { return nil }
        let judgement = settings.language.judge(
            bytes.span, after: question, at: example.address)
        switch (example.outcome, judgement) {
        case (.none, _): return nil
        case (.done, .answer(let answer, bytes.count)):
            if case .refused(let code) = answer { return ("done", "refused: \(code)") }
            return nil
        case (.code(let code), .answer(.refused(let found), bytes.count)):
            return code == found ? nil : ("refused: \(code)", "refused: \(found)")
        case (.points(let gifts), .answer(let answer, bytes.count)),
            (.points(let gifts), .push(let answer, bytes.count)):
            return settings.contradiction(of: gifts, answer, to: question)
        case (.refused(let refusal), _):
            let found = judgement.refusal(of: bytes.count)
            return found == refusal.rawValue ? nil : (refusal.rawValue, found)
        case (.done, _), (.code, _), (.points, _):
            let found = judgement.refusal(of: bytes.count)
            // Of bytes that are no whole frame nobody knows where their check would be.
            guard case .damaged(.checksum, _) = judgement else {
                return (settings.text(of: example.outcome), found)
            }
            return (
                settings.text(of: example.outcome), found + settings.language.check(of: bytes)
            )
        }
    }
}

extension BusLanguage {
    /// Behind `checksum`, the bytes that would have been right: ` (79 C8)`, to be copied.
    fileprivate func check(of bytes: [UInt8]) -> String {
        let check: [UInt8]
        switch self {
        case .modbus: check = crc(of: bytes)
        case .frames(let settings): check = LineProtocol.frames(settings, nil).check(of: bytes)
        case .dlt645: check = LineProtocol.dlt645.check(of: bytes)
        case .codec(let name): check = LineProtocol.codec(name).check(of: bytes)
        case .board: return ""
        }
        guard !check.isEmpty, !bytes.suffix(check.count).elementsEqual(check) else { return "" }
        return " (" + check.map { Hex.upper([$0]) }.joined(separator: " ") + ")"
    }

    /// Both sides of a Modbus line end in the same check, so a request may be asked for it.
    private func crc(of bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 3 else { return [] }
        let middle = BusQuestion.raw(bytes: Array(bytes[1..<(bytes.count - 2)]), replyCount: 1)
        let packet = try? packet(for: middle, to: Int(bytes[0]))
        return packet.map { Array($0.suffix(2)) } ?? []
    }
}

extension LineProtocol {
    /// The check of bytes that would be one frame with it.
    fileprivate func check(of bytes: [UInt8]) -> [UInt8] {
        let frames = read(bytes)
        guard frames.count == 1, case .damaged(.checksum, let check) = frames[0].kind else {
            return []
        }
        return check
    }
}

extension BusDeviceSettings {
    /// What an example claims, in the words of its file.
    fileprivate func text(of outcome: BusExample.Outcome) -> String {
        switch outcome {
        case .none: return "nothing"
        case .done: return "done"
        case .points(let gifts):
            return gifts.map { gift in
                let point = points.first { $0.name == gift.point }
                return "\(gift.point) \(point?.text(of: gift.value) ?? "")"
            }.joined(separator: ", ")
        case .code(let code): return "refused: \(code)"
        case .refused(let refusal): return refusal.rawValue
        }
    }

    fileprivate func questions(
        of asked: BusExample.Asked
    ) throws(BusQuestionFlaw) -> [BusQuestion] {
        switch asked {
        case .nothing: return []
        case .question(let question): return [question]
        case .action(let name, let arguments):
            var values: [String: DecimalNumber] = [:]
            for argument in arguments { values[argument.name] = argument.value }
            var questions: [BusQuestion] = []
            for step in actions.first(where: { $0.name == name })?.steps ?? [] {
                if let question = try step.question(arguments: values) {
                    questions.append(question)
                }
            }
            return questions
        }
    }

    /// The first point that says something else.
    fileprivate func contradiction(
        of gifts: [BusExample.Gift], _ answer: BusAnswer, to question: BusQuestion?
    ) -> (expected: String, found: String)? {
        for gift in gifts {
            guard let point = points.first(where: { $0.name == gift.point }) else { continue }
            // A box that speaks by itself was asked nothing.
            let asked = question ?? .frame(name: "", fields: [])
            let reading = point.reading(in: answer, to: asked, at: Instant(nanoseconds: 0))
            let found = point.value(of: reading)
            guard found != gift.value else { continue }
            return (
                "\(gift.point) \(point.text(of: gift.value))",
                "\(gift.point) \(found.map(point.text) ?? "not in it")"
            )
        }
        return nil
    }
}

extension PointSettings {
    func value(of reading: PointReading?) -> BusExample.Value? {
        guard let reading else { return nil }
        switch reading.quality {
        case .absent: return .absent
        case .good, .estimated:
            guard let value = reading.value else { return nil }
            return states.isEmpty ? .number(value) : .state(Int(value.mantissa))
        case .outOfRange: return .outOfRange
        case .unread, .stale: return nil
        }
    }

    func text(of value: BusExample.Value) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .state(let place): states.indices.contains(place) ? states[place] : "\(place)"
        case .absent: "absent"
        case .outOfRange: "out_of_range"
        }
    }
}

extension BusJudgement {
    /// Why bytes are no answer, in an example's words; what else they are, if they are one.
    fileprivate func refusal(of count: Int) -> String {
        switch self {
        case .incomplete: return "incomplete"
        case .answer(.refused(let code), _): return "refused: \(code)"
        case .answer(_, count): return "an answer"
        case .answer(_, let length): return "an answer of \(length) bytes"
        case .push(_, count): return "a frame that nobody asked for"
        case .push(_, let length): return "a frame of \(length) bytes"
        case .foreign: return "foreign"
        case .damaged(.checksum, _): return "checksum"
        case .damaged(.length, _): return "length"
        case .damaged(.ending, _): return "ending"
        case .damaged(.content, _): return "content"
        case .noise: return "noise"
        }
    }
}

extension BusExample.Asked {
    fileprivate var text: String {
        switch self {
        case .nothing: "nothing"
        case .question: "a question"
        case .action(let name, _): name
        }
    }
}
