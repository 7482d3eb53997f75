// Who gave an order at the station itself: a user of its machine, as the kernel vouches for it.

/// A person behind an order. An entry names them where it would name a key and its holder, so that
/// the name goes when the entry's identity is erased.
public struct CrewMember: Equatable, Sendable {
    /// The user's number.
    public let user: UInt32
    /// The user's name; empty when it is not known, or longer than an entry's identity.
    public let name: ShortText
    /// As an entry has it: the user's number, `uid:1000`, or a hub's, `hub:21fe31dfa154a261`.
    public let id: ShortText

    public init(user: UInt32, name: String = "") {
        self.user = user
        self.name = ShortText(name) ?? .empty
        id = ShortText("\(Self.mark)\(user)") ?? .empty
    }

    /// The hub whose commands are signed by the key of that id: no user of this machine.
    public init(hub: UInt64) {
        user = .max
        name = .empty
        id = ShortText("\(Self.hubMark)\(Hex.lower(UInt128(hub), digits: 16))") ?? .empty
    }

    /// Begins every user's `id`; no roster's key does.
    public static let mark = "uid:"
    /// Begins every hub's.
    public static let hubMark = "hub:"
}
