// Who may call what: the whole table, to be read at one glance.

/// The process at the other end, as the kernel vouches for it (SO_PEERCRED, SO_PEERGROUPS).
public struct Peer: Equatable, Sendable {
    public var user: UInt32
    /// Its group and its supplementary groups.
    public var groups: [UInt32]
    /// The user's name, as the machine's accounts have it; empty when they do not.
    public var name: String

    public init(user: UInt32, groups: [UInt32], name: String = "") {
        self.user = user
        self.groups = groups
        self.name = name
    }
}

/// What a peer is to the station. Each role may do what those before it may.
public enum PeerRole: Int, Comparable, Sendable, CaseIterable {
    /// May connect, and learn what this service is.
    case stranger
    /// Reads: the gateway, a monitor.
    case reader
    /// Works at the station: imports a roster, checks the journal, opens doors.
    case crew
    /// Root and the station's own user: keys and configuration.
    case owner

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The word that errors use.
    public var name: String {
        switch self {
        case .stranger: "stranger"
        case .reader: "reader"
        case .crew: "crew"
        case .owner: "owner"
        }
    }
}

extension MethodName {
    /// The least role that may call the method.
    public var needs: PeerRole {
        switch self {
        case .getInfo, .getInterfaceDescription: .stranger
        case .getStation, .listDevices, .listBoxes, .readEntries, .listUsage, .getMetrics,
            .listServices, .listHours,
            // Its signature says whose word it is, not who carries it: the gateway does.
            .applyRoster, .runCommand, .getCommand:
            .reader
        case .verifyJournal, .getRoster, .importRoster, .enrolCard, .cancelEnrolment,
            .withdrawCards, .tellKey, .issuePass, .tap, .watchCard, .commandDoor,
            .testReader, .resetReader, .installReader, .moveReader, .performAction, .resetGuard,
            .tellBox, .tellService, .pauseService, .resumeService, .changeHours,
            .setNotice, .clearNotice:
            .crew
        case .createKey, .installKey, .activate: .owner
        }
    }
}

/// Turns a peer into a role. Which groups: systemd/ and docs/stationctl.md say.
public struct PeerTable: Equatable, Sendable {
    /// The user that the station runs as; root is an owner besides.
    public var ownUser: UInt32
    public var crewGroups: [UInt32]
    public var readerGroups: [UInt32]

    public init(ownUser: UInt32, crewGroups: [UInt32] = [], readerGroups: [UInt32] = []) {
        self.ownUser = ownUser
        self.crewGroups = crewGroups
        self.readerGroups = readerGroups
    }

    public func role(of peer: Peer) -> PeerRole {
        if peer.user == 0 || peer.user == ownUser { return .owner }
        if peer.groups.contains(where: crewGroups.contains) { return .crew }
        if peer.groups.contains(where: readerGroups.contains) { return .reader }
        return .stranger
    }
}
