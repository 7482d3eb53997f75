// A profile's `frames`: what a box without a protocol of a name is sent, and what it says.

import StationCore

struct FrameReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    var checker: Checker { scope.checker }

    private static let within = PointReader.milliseconds(Limit.timeoutMilliseconds)
    private static let templateBytes = 1_024

    /// `{check: {…}, open: {send: "…", reply: "…"}, change: {push: "…"}}`
    func read(_ node: TreeNode) -> FrameLanguageSettings? {
        guard let pairs = checker.pairs(node) else { return nil }
        let place = node.place
        let before = checker.findings.count
        let node = pairs.first { $0.key == "check" }?.value
        // One that is wrong was reported: frames that use it are not wrong as well.
        let check = node.map { readCheck($0) ?? FrameCheck(kind: .xor) }
        var frames: [FrameSettings] = []
        for pair in pairs where pair.key != "check" {
            guard let name = checker.boxName(pair.key, at: pair.place) else { continue }
            frames += readFrame(pair.value, name, check)
        }
        if frames.count > Limit.framesPerDevice {
            checker.report(place, .tooMany(.frames, limit: Limit.framesPerDevice))
        }
        if frames.isEmpty, checker.findings.count == before {
            checker.report(place, .missingKey("send", in: .frame))
        }
        guard checker.findings.count == before else { return nil }
        return FrameLanguageSettings(check: check, frames: frames)
    }

    /// `{kind: xor, from: 0, before: 0}`
    private func readCheck(_ node: TreeNode) -> FrameCheck? {
        guard var fields = Fields(node, .check, checker) else { return nil }
        let kind = fields.require("kind")
        let from = fields.take("from")
        let before = fields.take("before")
        fields.finish()
        guard let kind: FrameCheck.Kind = kind.flatMap({ checker.choice($0) }) else { return nil }
        let range = 0...Limit.frameBytes
        return FrameCheck(
            kind: kind, from: from.flatMap { checker.integer($0, in: range) } ?? 0,
            before: before.flatMap { checker.integer($0, in: range) } ?? 0)
    }

    /// A request with what answers it, or a push.
    private func readFrame(
        _ node: TreeNode, _ name: String, _ check: FrameCheck?
    ) -> [FrameSettings] {
        guard var fields = Fields(node, .frame, checker) else { return [] }
        let push = fields.take("push")
        let ack = push == nil ? nil : fields.take("ack")
        let send = push == nil ? fields.require("send") : nil
        let reply = push == nil ? fields.take("reply") : nil
        let within = reply == nil ? nil : fields.take("within")
        let optional = reply == nil ? nil : fields.take("optional")
        let refused = reply == nil ? nil : fields.take("refused")
        fields.finish()
        if let push {
            return pushed(push, ack, name, check)
        }
        let request = send.flatMap { template($0, check) }
        let answer = reply.flatMap { template($0, check) }
        guard let request, (reply == nil) == (answer == nil) else { return [] }
        checkNumbered(request, at: send?.place ?? node.place)
        let replyName = "\(name).reply"
        var frames = [
            FrameSettings(
                name: name, role: .request, tokens: request,
                reply: answer == nil ? nil : replyName,
                withinMilliseconds: within.flatMap {
                    checker.duration($0, in: Self.within)?.milliseconds
                } ?? 0,
                isOptional: optional.flatMap(checker.boolean) ?? false,
                refusal: refused.flatMap { readRefusal($0, of: answer ?? []) })
        ]
        if let answer {
            frames.append(FrameSettings(name: replyName, role: .reply, tokens: answer))
        }
        return frames
    }

    /// `{status: [0xFF]}`: a field of the answer, and the numbers with which the box says no.
    private func readRefusal(_ node: TreeNode, of answer: [FrameToken]) -> FrameRefusal? {
        guard let pairs = checker.pairs(node), let pair = pairs.first else { return nil }
        if let second = pairs.dropFirst().first {
            checker.report(
                second.place, .unknownKey(second.key, in: .frame, known: [pair.key]))
            return nil
        }
        guard answer.fieldNames.contains(pair.key) else {
            checker.report(
                pair.place,
                .unknownReference(.number, name: pair.key, known: answer.fieldNames))
            return nil
        }
        let items = checker.list(pair.value, of: .frame, limit: Limit.choices) ?? []
        let range = answer.range(of: pair.key)
        let values = items.compactMap { scope.whole($0, in: range) }
        guard !values.isEmpty, values.count == items.count else { return nil }
        return FrameRefusal(field: pair.key, values: values)
    }

    /// What a box sends by itself, and what it wants to hear then.
    private func pushed(
        _ node: TreeNode, _ ack: TreeNode?, _ name: String, _ check: FrameCheck?
    ) -> [FrameSettings] {
        let answer = ack.flatMap { template($0, check) }
        guard let tokens = template(node, check), (ack == nil) == (answer == nil)
        else { return [] }
        guard let ack, let answer else {
            return [FrameSettings(name: name, role: .push, tokens: tokens)]
        }
        let known = tokens.fieldNames + ["address"]
        for field in answer.fieldNames where !known.contains(field) {
            checker.report(ack.place, .askedWithout(frame: "\(name).ack", field: field))
        }
        return [
            FrameSettings(name: name, role: .push, tokens: tokens, reply: "\(name).ack"),
            FrameSettings(name: "\(name).ack", role: .request, tokens: answer),
        ]
    }

    private func template(_ node: TreeNode, _ check: FrameCheck?) -> [FrameToken]? {
        guard let text = checker.text(node, limit: Self.templateBytes) else { return nil }
        do throws(FrameTemplate.Flaw) {
            let tokens = try FrameTemplate.parse(text, check: check)
            guard check != nil || !tokens.contains(.check) else {
                checker.report(node.place, .missingKey("check", in: .frames))
                return nil
            }
            return tokens
        } catch {
            checker.report(node.place, .badTemplate(error.reason))
            return nil
        }
    }

    /// A name stands for one number, or for one row of them.
    private func checkNumbered(_ tokens: [FrameToken], at place: Place) {
        for name in tokens.fieldNames where tokens.isNumbered(name) {
            let places = tokens.count { $0.fieldNames.contains(name) }
            if places > 1 { checker.report(place, .repeated(name)) }
        }
    }
}

extension FrameTemplate.Flaw {
    var reason: TemplateFlaw {
        switch self {
        case .notAByte(let text): .notAByte(text)
        case .unclosed: .unclosed
        case .badField(let text): .badField(text)
        case .twoChecks: .twoChecks
        case .tooLong: .tooLong
        }
    }
}
