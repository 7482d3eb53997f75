// Who gave an order at the station itself: a user of its machine, as the kernel vouches for it.

/// A person behind an order. An entry names them where it would name a key and its holder, so that
/// the name goes when the entry's identity is erased.
public struct CrewMember: Equatable, Sendable {
    /// The user's number.
    public let user: UInt32
    /// The user's name; empty when it is not known, or longer than an entry's identity.
    public let name: ShortText

    public init(user: UInt32, name: String = "") {
        self.user = user
        self.name = ShortText(name) ?? .empty
    }

    /// Begins every `id`; no roster's key does.
    public static let mark = "uid:"

    /// The user's number as an entry has it: `uid:1000`.
    public var id: ShortText { ShortText("\(Self.mark)\(user)") ?? .empty }
}
