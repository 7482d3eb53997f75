// The security block: what a frame claims about the secure channel it belongs to.

/// A frame's security control block, present when bit 3 of the control byte is set.
public struct OSDPSecurityBlock: Equatable, Sendable {
    /// The byte after the block's length; 0x11 to 0x18 on the wire.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// CHLNG: a secure channel begins; `value` says with which key.
        case challenge = 0x11
        /// CCRYPT, the PD's half; `value` says with which key.
        case clientCryptogram = 0x12
        /// SCRYPT, the ACU's half; `value` says with which key.
        case serverCryptogram = 0x13
        /// RMAC_I; `value` is 1 when the PD has accepted the ACU's half.
        case initialMAC = 0x14
        /// A command without data, MAC behind it.
        case command = 0x15
        /// A reply without data, MAC behind it.
        case reply = 0x16
        /// A command with encrypted data, MAC behind it.
        case encryptedCommand = 0x17
        /// A reply with encrypted data, MAC behind it.
        case encryptedReply = 0x18

        /// Whether the frame ends with a MAC.
        public var hasMAC: Bool { rawValue >= Self.command.rawValue }
        /// Whether what follows the code is encrypted.
        public var isEncrypted: Bool { rawValue >= Self.encryptedCommand.rawValue }
    }

    public let kind: Kind
    /// The byte behind the kind in a handshake: the key, or the PD's verdict.
    public let value: UInt8?

    public init(_ kind: Kind, value: UInt8? = nil) {
        self.kind = kind
        self.value = value
    }

    /// `value` for the key that every reader leaves its factory with.
    public static let defaultKey: UInt8 = 0
    /// `value` for a key of the reader's own.
    public static let ownKey: UInt8 = 1
    /// `value` of an RMAC_I that accepts.
    public static let accepted: UInt8 = 1

    /// Length byte, kind, value.
    var count: Int { value == nil ? 2 : 3 }
}
