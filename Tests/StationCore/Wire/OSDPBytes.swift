// Bytes written as hexadecimal, and a verifier for codecs that read streams.

import Testing

@testable import StationCore

/// The bytes that a text of hexadecimal digits and spaces stands for.
func hexBytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Hex.value(of: $0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func hexNumber(_ text: String) -> UInt128 { hexBytes(text).reduce(0) { $0 << 8 | UInt128($1) } }

// `#expect` keeps its operands, which a span does not allow: so from arrays.

func osdpFrame(_ bytes: [UInt8]) throws(OSDPFrameError) -> OSDPFrame {
    try OSDPFrame(bytes.span)
}

func osdpCommand(
    _ code: OSDPCommandCode, _ bytes: [UInt8]
) throws(OSDPPayloadError) -> OSDPCommand {
    try OSDPCommand(code: code, bytes.span)
}

func osdpReply(_ code: OSDPReplyCode, _ bytes: [UInt8]) throws(OSDPPayloadError) -> OSDPReply {
    try OSDPReply(code: code, bytes.span)
}

extension OSDPSessionKeys {
    func mac(over bytes: [UInt8], iv: UInt128) -> UInt128 { mac(of: bytes.span, iv: iv) }
}

/// What an OSDP reader finds in a stream, however the stream is cut.
enum OSDPDripFeed {
    /// Feeds the bytes one by one; the line then falls quiet.
    static func readings(
        _ bytes: [UInt8], _ direction: OSDPFrameReader.Direction = .both
    ) -> [OSDPFrameReader.Reading] {
        var reader = OSDPFrameReader(direction)
        var found: [OSDPFrameReader.Reading] = []
        for byte in bytes {
            reader.append(byte)
            while let reading = reader.next() { found.append(reading) }
        }
        // What a stray 53 has swallowed comes out again when it is given up.
        while reader.giveUp() {
            while let reading = reader.next() { found.append(reading) }
        }
        return found
    }

    /// The frames alone.
    static func frames(
        _ bytes: [UInt8], _ direction: OSDPFrameReader.Direction = .both
    ) -> [OSDPFrame] {
        readings(bytes, direction).compactMap {
            if case .frame(let frame) = $0 { frame } else { nil }
        }
    }

    /// A frame must be found byte by byte, behind every kind of leftover, glued to itself, and with
    /// marks around it; each cut short must be nothing.
    static func verify(_ frame: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        let expected = try? osdpFrame(frame)
        #expect(expected != nil, "no frame at all", sourceLocation: sourceLocation)
        guard let expected else { return }
        let around: [([UInt8], [UInt8])] = [
            ([], []), ([0xFF], []), ([0xFF, 0xFF, 0xFF], [0xFF]), ([0, 1, 2], [3]),
            ([0x53], []), ([0x53, 0x53], []), ([0x53, frame[1]], []),
            ([0x53, frame[1], 0x00, 0x00], []), ([0x53, frame[1], 0xFF, 0xFF], []),
        ]
        for (before, after) in around {
            let found = frames(before + frame + after)
            #expect(found == [expected], "behind \(before)", sourceLocation: sourceLocation)
        }
        #expect(
            frames(frame + frame) == [expected, expected], "glued", sourceLocation: sourceLocation)
        for count in 0..<frame.count {
            #expect(
                frames(Array(frame.prefix(count))).isEmpty, "cut to \(count)",
                sourceLocation: sourceLocation)
        }
        for index in frame.indices {
            for bit in 0..<8 {
                var wrong = frame
                wrong[index] ^= 1 << UInt8(bit)
                #expect(
                    frames(wrong).isEmpty, "bit \(bit) of byte \(index) flipped",
                    sourceLocation: sourceLocation)
            }
        }
    }
}
