// A device on the board itself: contacts, relays and meters on its lines, sensors in its files.

/// A device that no bus and no channel of its own connects: what it says comes from GPIO lines and
/// from files of the kernel. Its terminals are its `lines`.
public struct BoardDeviceSettings: Codable, Sendable, Equatable {
    public var lines: [BoardLine]
    public var points: [PointSettings]
    public var actions: [ActionSettings]
    public var guards: [GuardSettings]
    /// Who acts when the device does not do what its guards want.
    public var outer: DeviceOrder?

    public init(
        lines: [BoardLine] = [], points: [PointSettings], actions: [ActionSettings] = [],
        guards: [GuardSettings] = [], outer: DeviceOrder? = nil
    ) {
        self.lines = lines
        self.points = points
        self.actions = actions
        self.guards = guards
        self.outer = outer
    }

    /// The same as a box's, for what reads points, conditions and steps of both.
    public var box: BusDeviceSettings {
        BusDeviceSettings(
            bus: 0, address: 0, language: .board, points: points, actions: actions,
            guards: guards, outer: outer)
    }

    /// The lines whose pulses are counted.
    public var pulseLines: Set<Int> {
        var lines: Set<Int> = []
        for point in points {
            switch point.source {
            case .pulses(let terminal), .rate(let terminal, _): lines.insert(terminal)
            case .register, .fields, .item, .line, .file: break
            }
        }
        return lines
    }
}

/// One line of such a device: what a level must do to be believed, what an output may do.
public struct BoardLine: Codable, Sendable, Equatable {
    public var name: String
    public var direction: ResolvedLine.Direction
    /// Whether the device works without it: then what it says is absent.
    public var isOptional: Bool
    /// Inputs: how long it must be active before that is believed. Of pulses: 0 for a clean sensor
    /// that is counted by its edges; else each has to stand so long, as a reed's do.
    public var settleMilliseconds: Int
    /// How long it must be inactive; a wet rope dries slowly.
    public var clearMilliseconds: Int
    /// Pulses that come sooner after the one before are none.
    public var minimumGapMicroseconds: Int
    /// Whether the kernel tells one kind of edges only, each of which is a pulse.
    public var isSingleEdge: Bool
    /// How much time of pulses a power cut may cost.
    public var keptWithinMilliseconds: Int
    /// Outputs: what makes it safe when nobody holds the line.
    public var safety: LockSettings.Safety?
    /// Outputs: active for longer than this it never is; 0: as long as it is told.
    public var maximumOnMilliseconds: Int

    public init(
        name: String, direction: ResolvedLine.Direction, isOptional: Bool = false,
        settleMilliseconds: Int = 0, clearMilliseconds: Int = 0,
        minimumGapMicroseconds: Int = 0, isSingleEdge: Bool = false,
        keptWithinMilliseconds: Int = 1_000, safety: LockSettings.Safety? = nil,
        maximumOnMilliseconds: Int = 0
    ) {
        self.name = name
        self.direction = direction
        self.isOptional = isOptional
        self.settleMilliseconds = settleMilliseconds
        self.clearMilliseconds = clearMilliseconds
        self.minimumGapMicroseconds = minimumGapMicroseconds
        self.isSingleEdge = isSingleEdge
        self.keptWithinMilliseconds = keptWithinMilliseconds
        self.safety = safety
        self.maximumOnMilliseconds = maximumOnMilliseconds
    }
}
