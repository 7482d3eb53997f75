// Every bound of the control socket, with its reason.

public import EventLoop

/// What one peer, and all peers together, may ask of the control socket.
public enum ControlLimits {
    /// Bytes of one message, NUL excluded: 64 entries of the journal fit.
    public static let message = 65_536
    /// Nested arrays and objects in a message; our own messages need six.
    public static let depth = 16
    /// Open connections: gateway, a crew's shell or two, a monitor, and some to spare.
    public static let connections = 16
    /// Connections of one user other than root and the station's own.
    public static let connectionsPerUser = 8
    /// Questions to the core or the journal without an answer yet, abandoned ones included.
    public static let outstanding = 32
    /// Entries in one reply: what the journal reads in one slice.
    public static let entries = 64
    /// Keys in one reply of `GetRoster`.
    public static let keys = 256
    /// Items of other lists in one reply, before its bytes are looked at.
    public static let items = 256
    /// Parts of one service in one piece.
    public static let parts = 128
    /// Samples of one metric in one piece.
    public static let samples = 64
    /// How long the journal may be silent before a station's state is told without it.
    public static let silence = Interval.seconds(1)
    /// The longest `wait` of `ReadEntries`: proxies cut longer silences.
    public static let wait = Interval.seconds(60)
    /// How long the core or the journal may take to answer.
    public static let answer = Interval.seconds(5)
    /// How long an import or a verification may take.
    public static let longAnswer = Interval.seconds(120)
    /// How long a peer may leave its reply unread before it is dropped.
    public static let unread = Interval.seconds(10)
    /// Bits in one `Tap`.
    public static let tapBits = 128
    /// A day pass begins at most so many hours from now, and is good for at most so many: 31 days.
    public static let passHours = 744
    /// Bytes of a file that a peer passes: a million keys of a signed roster, at 86 bytes and more.
    public static let passedFile = 128 << 20
}
