// A PD's half of the handshake, as its CCRYPT carries it.

/// CCRYPT: the PD's half of the handshake.
public struct OSDPClientCryptogram: Hashable, Sendable {
    /// cUID: eight bytes of the PD's identity.
    public var identity: UInt64
    /// RND.B.
    public var random: UInt64
    public var cryptogram: UInt128

    public init(identity: UInt64, random: UInt64, cryptogram: UInt128) {
        self.identity = identity
        self.random = random
        self.cryptogram = cryptogram
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(32)
        self.init(
            identity: fields.long(at: 0), random: fields.long(at: 8),
            cryptogram: fields.wide(at: 16))
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: identity)
        bytes.append(bigEndian: random)
        bytes.append(bigEndian: cryptogram)
    }
}
