// OSDP frames: what is one, what is none, and how they are found in a stream.

import Testing

@testable import StationCore

@Suite struct `An OSDP frame` {
    static let ack = hexBytes("53 80 08 00 05 40 68 9F")

    private func frame(_ text: String) -> Result<OSDPFrame, OSDPFrameError> {
        let bytes = hexBytes(text)
        do throws(OSDPFrameError) {
            return .success(try osdpFrame(bytes))
        } catch {
            return .failure(error)
        }
    }

    /// A frame of these bytes with the right length and CRC.
    private func closed(_ text: String) -> [UInt8] {
        var bytes = hexBytes(text)
        bytes[2] = UInt8(bytes.count + 2)
        OSDPCheck.crc16.append(to: &bytes, from: 0)
        return bytes
    }

    private func closedFrame(_ text: String) -> Result<OSDPFrame, OSDPFrameError> {
        let bytes = closed(text)
        do throws(OSDPFrameError) {
            return .success(try osdpFrame(bytes))
        } catch {
            return .failure(error)
        }
    }

    @Test func `says what is wrong with it`() {
        #expect(frame("53 80 06 00 05 40") == .failure(.tooShort(6)))
        #expect(frame("") == .failure(.tooShort(0)))
        #expect(frame("54 80 08 00 05 40 68 9F") == .failure(.startOfMessage(found: 0x54)))
        #expect(frame("53 80 09 00 05 40 68 9F") == .failure(.length(stated: 9, found: 8)))
        #expect(
            frame("53 80 08 00 05 40 68 9E")
                == .failure(.check(.crc16, expected: 0x9F68, found: 0x9E68)))
        #expect(
            frame("53 00 08 00 00 61 00 45")
                == .failure(.check(.checksum, expected: 0x44, found: 0x45)))
        let long = [0x53] + [UInt8](repeating: 0, count: 1_440)
        #expect(throws: OSDPFrameError.tooLong(1_441)) { try osdpFrame(long) }
        #expect(closedFrame("53 80 00 00 0D 01 16 40") == .failure(.blockLength(1)))
        #expect(closedFrame("53 80 00 00 0D 00 16 40") == .failure(.blockLength(0)))
        #expect(closedFrame("53 80 00 00 0D 09 16 40") == .failure(.blockLength(9)))
        #expect(closedFrame("53 80 00 00 0D 02 19 40") == .failure(.blockKind(0x19)))
        #expect(closedFrame("53 80 00 00 0D 02 16") == .failure(.blockLength(2)))
        #expect(closedFrame("53 80 00 00 0D 02 16 40 01 02 03") == .failure(.noMAC))
    }

    @Test func `says it in both languages`() {
        let errors: [OSDPFrameError] = [
            .tooShort(1), .tooLong(2_000), .startOfMessage(found: 1),
            .length(stated: 1, found: 2), .check(.crc16, expected: 1, found: 2),
            .check(.checksum, expected: 1, found: 2), .blockLength(1), .blockKind(1), .noCode,
            .noMAC,
        ]
        for error in errors {
            let (chinese, english) = (error.text(.chinese), error.text(.english))
            #expect(!chinese.isEmpty && !english.isEmpty && chinese != english)
        }
        #expect(
            OSDPFrameError.check(.crc16, expected: 0x9F68, found: 0x9E68).text(.english)
                == "the CRC is 689E, it should be 689F")
    }

    @Test func `knows its security block and its MAC`() throws {
        let bytes = closed("53 81 00 00 0D 02 16 40 A1 A2 A3 A4")
        let frame = try osdpFrame(bytes)
        #expect(frame.block == OSDPSecurityBlock(.reply))
        #expect(frame.payload.isEmpty)
        #expect(frame.macOffset == 8)
        let challenge = closed("53 05 00 00 0C 03 11 01 76 B0 B1 B2 B3 B4 B5 B6 B7")
        let begun = try osdpFrame(challenge)
        #expect(begun.block == OSDPSecurityBlock(.challenge, value: 1))
        #expect(begun.payload == 9..<17)
        OSDPDripFeed.verify(bytes)
        OSDPDripFeed.verify(challenge)
    }

    @Test func `is found in a stream however it is cut, and behind what looks like one`() {
        let reply = Self.ack
        // A header that claims 0x53 bytes swallows the frames behind it until it has them.
        let stream = hexBytes("53 80 20 00 05") + reply + reply + reply + reply + reply
        #expect(OSDPDripFeed.frames(stream, .replies).count == 5)
        var reader = OSDPFrameReader(.replies)
        for byte in hexBytes("53 80 FF 01 05") + reply { reader.append(byte) }
        #expect(reader.next() == nil)
        let hasBegun = reader.giveUp()
        #expect(hasBegun)
        guard case .frame(let frame)? = reader.next() else {
            Issue.record("what was swallowed is not looked through")
            return
        }
        #expect(frame.code == OSDPReplyCode.ack.rawValue)
        #expect(reader.next() == nil)
        let isOver = !reader.giveUp()
        #expect(isOver)
    }

    @Test func `of one address is not swallowed by what looks like another's`() {
        for noise in ["53 53", "53 81", "53 80", "53 81 20 00 05", "53"] {
            var reader = OSDPFrameReader(.replies)
            reader.address = 0
            var frames = 0
            for byte in hexBytes(noise) + Self.ack {
                reader.append(byte)
                while case .frame? = reader.next() { frames += 1 }
            }
            #expect(frames == 1, "behind \(noise)")
        }
    }

    @Test func `of the other direction is noise`() {
        let command = hexBytes("FF 53 65 08 00 04 60 60 90")
        #expect(OSDPDripFeed.frames(command, .replies).isEmpty)
        #expect(OSDPDripFeed.frames(Self.ack, .commands).isEmpty)
        #expect(OSDPDripFeed.frames(command + Self.ack, .replies).count == 1)
        #expect(OSDPDripFeed.frames(command + Self.ack, .both).count == 2)
    }

    @Test func `is never found in random bytes but by a right check, and nothing traps`() {
        var random = Xorshift(seed: 0x05D9)
        for _ in 0..<200 {
            let bytes = (0..<400).map { _ -> UInt8 in
                let roll = random.next()
                // Header bytes more often than chance has them.
                return roll % 4 == 0 ? 0x53 : roll % 7 == 0 ? 0x08 : UInt8(roll >> 32 & 0xFF)
            }
            for frame in OSDPDripFeed.frames(bytes) {
                #expect(frame.count <= OSDPFrame.longest)
                #expect(frame.payload.upperBound <= frame.count)
            }
        }
    }
}
