// OSDP frames as a record and as lines, by the same codec that the station uses.

import Control
import StationCore

/// What was said on a line.
struct OSDPDecoding: Codable, Equatable {
    struct Frame: Codable, Equatable {
        /// Absent for bytes that are no frame.
        var address: Int?
        var isReply: Bool?
        var sequence: Int?
        /// `crc16` or `checksum`.
        var check: String?
        /// The security block, `SCS_11` to `SCS_18`.
        var block: String?
        /// In a handshake: `factory` or `own`.
        var key: String?
        /// The standard's name, without its `osdp_`.
        var name: String?
        /// Whether it was encrypted or carried a MAC, and was opened.
        var isOpened: Bool?
        /// Why a secured frame stays closed: `noKey`, `noHandshake`, `wrongKey` ...
        var sealed: String?
        var isRepetition: Bool?
        var details: OSDPDetails?
        /// What is wrong with it.
        var problem: TextRecord?
    }

    var frames: [Frame]
    /// Bytes that belong to no frame.
    var skipped: Int

    init(_ bytes: [UInt8], key: OSDPKey?) {
        var recording = OSDPRecording(key: key)
        var entries: [OSDPRecording.Entry] = []
        for byte in bytes { entries += recording.add(byte) }
        entries += recording.end()
        frames = entries.map { Frame($0) }
        // A frame that is damaged is told as such, and its bytes are not told again.
        skipped = entries.allSatisfy { $0.frame != nil } ? recording.skipped : 0
    }

    /// Why the bytes are not all understood, or `nil`.
    var reason: TextRecord? {
        if let problem = frames.lazy.compactMap(\.problem).first { return problem }
        guard frames.isEmpty else { return nil }
        return TextRecord(
            zh: "没有OSDP帧：帧以53开头，地址和长度随后",
            en: "no OSDP frame: one begins with 53, an address and its length")
    }
}

extension OSDPDecoding.Frame {
    init(_ entry: OSDPRecording.Entry) {
        if let frame = entry.frame {
            address = Int(frame.address)
            isReply = frame.isReply
            sequence = Int(frame.sequence)
            check = frame.check == .crc16 ? "crc16" : "checksum"
            if let block = frame.block {
                self.block = "SCS_" + HexInput.text([block.kind.rawValue])
                if !block.kind.hasMAC, block.kind != .initialMAC {
                    key = block.value == OSDPSecurityBlock.defaultKey ? "factory" : "own"
                }
            }
            name = Self.name(of: frame)
            if frame.block?.kind.hasMAC == true { isOpened = true }
        }
        switch entry.meaning {
        case .command(let command): details = Self.told(OSDPDetails(command))
        case .reply(let reply): details = Self.told(OSDPDetails(reply))
        case .repetition:
            isRepetition = true
            isOpened = nil
        case .sealed(let seal):
            isOpened = false
            sealed = "\(seal)"
            problem = Self.problem(seal)
        case .unknownCode(let code):
            let digits = HexInput.text([code])
            problem = TextRecord(zh: "没有码\(digits)", en: "there is no code \(digits)")
        case .malformed(.unsupported): break
        case .malformed(let error):
            problem = TextRecord(zh: error.text(.chinese), en: error.text(.english))
        case .damaged(let error):
            problem = TextRecord(zh: error.text(.chinese), en: error.text(.english))
        case .cutOff:
            problem = TextRecord(zh: "最后一帧不完整", en: "the last frame is cut off")
        }
    }

    private static func told(_ details: OSDPDetails) -> OSDPDetails? {
        details == OSDPDetails() ? nil : details
    }

    private static func name(of frame: OSDPFrame) -> String {
        let known =
            frame.isReply
            ? OSDPReplyCode(rawValue: frame.code)?.name
            : OSDPCommandCode(rawValue: frame.code)?.name
        return known ?? HexInput.text([frame.code])
    }

    /// A closed frame is no mistake; one that should have opened is.
    private static func problem(_ seal: OSDPRecording.Seal) -> TextRecord? {
        switch seal {
        case .noKey, .noHandshake: nil
        case .wrongKey:
            TextRecord(
                zh: "握手用的不是这把密钥", en: "the handshake was made with another key")
        case .wrongMAC:
            TextRecord(
                zh: "MAC不对：帧被改过，或前面缺了帧",
                en: "the MAC does not fit: the frame was changed, or one before it is missing")
        case .wrongPadding:
            TextRecord(zh: "解密后的内容没有结尾", en: "what was decrypted has no end")
        }
    }

    // MARK: Lines

    func line(_ catalogue: Catalogue) -> String {
        guard let address, let isReply, let sequence, let name else {
            return "! " + (problem.map(catalogue.text) ?? "")
        }
        var words = [
            isReply ? "PD \(address) →" : "→ PD \(address)", "#\(sequence)", name,
        ]
        if let block { words.append(block) }
        if let key {
            words.append(
                key == "own"
                    ? catalogue.say("自有密钥", "own key")
                    : catalogue.say("出厂密钥", "factory's key"))
        }
        if isRepetition == true { words.append(catalogue.say("重发", "said again")) }
        if sealed == "noKey" {
            words.append(catalogue.say("已加密：需要 --scbk-file", "sealed: needs --scbk-file"))
        }
        if sealed == "noHandshake" {
            words.append(
                catalogue.say("已加密：没有录到握手", "sealed: the handshake was not recorded"))
        }
        if let details { words.append(details.text(catalogue)) }
        if let problem { words.append("! " + catalogue.text(problem)) }
        return words.joined(separator: "  ")
    }
}

extension OSDPDecoding {
    func lines(_ catalogue: Catalogue) -> [String] {
        var lines = frames.map { $0.line(catalogue) }
        if skipped > 0, !frames.isEmpty {
            lines.append(
                catalogue.say(
                    "\(skipped)个字节不属于任何帧", "\(skipped) bytes belong to no frame"))
        }
        return lines
    }
}
