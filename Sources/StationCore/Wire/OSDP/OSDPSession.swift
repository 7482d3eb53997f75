// One side of a secure channel: frames sealed on their way out, opened on their way in.
//
//   command 1 ──IV: RMAC_I──► MAC c1        Each MAC is the next one's first value, so the two
//   reply 1   ◄─IV: c1─────── MAC r1        sides form one chain: a frame that is left out, said
//   command 2 ──IV: r1──────► MAC c2        again or put elsewhere does not fit.

/// A secure channel that has been agreed upon. The same type serves both sides.
public struct OSDPSession: Sendable {
    /// What came of a frame.
    public enum Opening: Equatable, Sendable {
        /// The data in clear text: so many bytes of what is left in the buffer.
        case opened(payloadCount: Int)
        /// The four bytes do not fit. Nothing has changed.
        case wrongMAC
        /// The MAC fits but the data ends with no mark of its end.
        case wrongPadding
    }

    private let keys: OSDPSessionKeys
    /// The MAC of the frame that this side sent last.
    private var mine: UInt128
    /// The MAC of the frame that the other side sent last.
    private var theirs: UInt128

    /// The ACU's side, once it has verified the RMAC_I.
    public static func acu(_ keys: OSDPSessionKeys, initialMAC: UInt128) -> Self {
        Self(keys: keys, mine: 0, theirs: initialMAC)
    }

    /// The PD's side, once it has verified the server cryptogram.
    public static func pd(_ keys: OSDPSessionKeys, initialMAC: UInt128) -> Self {
        Self(keys: keys, mine: initialMAC, theirs: 0)
    }

    /// A listener's side, from the same moment on: it seals nothing, opens both directions, and
    /// calls `turn` after each frame.
    static func listener(_ keys: OSDPSessionKeys, initialMAC: UInt128) -> Self {
        pd(keys, initialMAC: initialMAC)
    }

    /// The next frame goes the other way.
    mutating func turn() { swap(&mine, &theirs) }

    /// Encrypts the data and appends the MAC to a frame that `OSDPEnvelope.open` began with a
    /// block of two bytes, and that holds a code and its data. `close` comes next.
    ///
    /// A frame without data has a kind of its own, so the kind is set here.
    public mutating func seal(_ bytes: inout [UInt8], from start: Int, check: OSDPCheck) {
        let blockPlace = start + OSDPFrame.headerCount
        let payload = blockPlace + 3
        precondition(bytes.count >= payload && bytes[blockPlace] == 2, "no frame to be sealed")
        let isReply = bytes[start + 1] & OSDPFrame.replyFlag != 0
        let kind: OSDPSecurityBlock.Kind
        if bytes.count > payload {
            kind = isReply ? .encryptedReply : .encryptedCommand
            bytes.append(0x80)
            while (bytes.count - payload) % OSDPCipher.blockCount != 0 { bytes.append(0) }
            keys.encryption.encrypt(&bytes, payload..<bytes.count, iv: ~theirs)
        } else {
            kind = isReply ? .reply : .command
        }
        bytes[blockPlace + 1] = kind.rawValue
        let length = bytes.count - start + OSDPFrame.macCount + check.count
        OSDPEnvelope.setLength(length, in: &bytes, from: start)
        mine = keys.mac(of: bytes.span.extracting(start..<bytes.count), iv: theirs)
        for shift in stride(from: 120, through: 96, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: mine >> UInt128(shift)))
        }
    }

    /// Verifies the MAC of a frame whose bytes are exactly `bytes`, and decrypts its data in place,
    /// where `frame.payload` says.
    public mutating func open(_ bytes: inout [UInt8], _ frame: OSDPFrame) -> Opening {
        let place = frame.macOffset
        guard frame.block?.kind.hasMAC == true, place + OSDPFrame.macCount <= bytes.count else {
            return .wrongMAC
        }
        let mac = keys.mac(of: bytes.span.extracting(..<place), iv: mine)
        let found = bytes[place..<place + OSDPFrame.macCount].reduce(0) { $0 << 8 | UInt128($1) }
        guard areEqualInConstantTime(mac >> 96, found) else { return .wrongMAC }
        theirs = mac
        guard frame.block?.kind.isEncrypted == true else {
            return .opened(payloadCount: frame.payload.count)
        }
        return decrypt(&bytes, frame.payload)
    }

    private func decrypt(_ bytes: inout [UInt8], _ payload: Range<Int>) -> Opening {
        guard !payload.isEmpty else { return .opened(payloadCount: 0) }
        guard payload.count % OSDPCipher.blockCount == 0 else { return .wrongPadding }
        keys.encryption.decrypt(&bytes, payload, iv: ~mine)
        guard let end = bytes[payload].lastIndex(where: { $0 != 0 }), bytes[end] == 0x80,
            payload.upperBound - end <= OSDPCipher.blockCount
        else { return .wrongPadding }
        return .opened(payloadCount: end - payload.lowerBound)
    }
}

extension OSDPSession: CustomStringConvertible, CustomReflectable {
    public var description: String { "OSDPSession" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension OSDPSessionKeys: CustomStringConvertible, CustomReflectable {
    public var description: String { "OSDPSessionKeys" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
