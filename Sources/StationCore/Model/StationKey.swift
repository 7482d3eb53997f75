// The secret that turns a card's number into a match form, prepared for use and never shown.

/// A station's key of one epoch. Holds two hash states made from the secret, not the secret.
///
/// Whoever reads a stolen board's memory can still test numbers with it: a match form hides a
/// number from those who hold only rosters and journals.
public struct StationKey: Sendable {
    /// The secret's length, in bytes.
    public static let secretBytes = 32

    /// Which of the hub's keys this is; a standalone station's begins with `local-`.
    public let epoch: ShortText
    private let code: HMACSHA256

    /// - Parameter secret: exactly 32 random bytes.
    /// - Returns: `nil` when the secret has another length or the epoch is empty.
    public init?(epoch: ShortText, secret: some Collection<UInt8>) {
        guard secret.count == Self.secretBytes, !epoch.isEmpty else { return nil }
        self.epoch = epoch
        code = HMACSHA256(key: secret)
    }

    /// The match form of a number: two compressions, no allocation.
    ///
    /// The message is 18 bytes: layout, width, then the value as 16 bytes, first byte highest.
    public func matchForm(of number: Number) -> MatchForm {
        form(layout: number.layout.rawValue, width: number.width, value: number.value)
    }

    /// Tells two keys of one epoch's name apart without telling either: the code of a message that
    /// no number has. A roster remembers it, so that a wrong key is told and not just unknown.
    public var check: MatchForm { form(layout: 0, width: 0, value: 0) }

    /// Whether both are one key: the same secret under the same name.
    public func isSame(as other: StationKey) -> Bool {
        epoch == other.epoch && check == other.check
    }

    private func form(layout: UInt8, width: UInt8, value: UInt128) -> MatchForm {
        let high = UInt64(truncatingIfNeeded: value >> 64)
        let low = UInt64(truncatingIfNeeded: value)
        var block = InlineArray<16, UInt32>(repeating: 0)
        // 18 bytes are four words and a half: everything is shifted by the two leading bytes.
        block[0] =
            UInt32(layout) << 24 | UInt32(width) << 16 | UInt32(truncatingIfNeeded: high >> 48)
        block[1] = UInt32(truncatingIfNeeded: high >> 16)
        block[2] = UInt32(truncatingIfNeeded: high << 16 | low >> 48)
        block[3] = UInt32(truncatingIfNeeded: low >> 16)
        block[4] = UInt32(truncatingIfNeeded: low << 16) | 0x8000
        block[15] = UInt32((SHA256.blockBytes + 18) * 8)
        let words = code.code(ofPadded: block).words
        return MatchForm(
            high: UInt64(words[0]) << 32 | UInt64(words[1]),
            low: UInt64(words[2]) << 32 | UInt64(words[3]))
    }
}

// Whatever prints a key prints its epoch: `print`, `dump`, interpolation and the debugger.
extension StationKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "station key \(epoch)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["epoch": epoch]) }
}
