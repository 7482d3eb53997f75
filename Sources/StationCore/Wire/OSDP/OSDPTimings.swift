// Every time and every bound of an OSDP bus, with its reason.

import EventLoop

/// How long the ACU waits for what.
public enum OSDPTimings {
    /// A PD must begin its reply within this (v2.2); most take less than 3 ms.
    public static let reply = Interval.milliseconds(200)
    /// A frame whose next byte takes longer is over (v2.2: the nominal inter-character time-out).
    public static let characterGap = Interval.milliseconds(20)
    /// Characters of silence before the ACU may speak (v2.2: two).
    static let turnaroundCharacters: Int64 = 2
    /// From one poll of a PD to the next. The standard wants about 50 ms; with 30, four readers at
    /// 115200 baud are all heard within 60 ms whatever the phase.
    public static let poll = Interval.milliseconds(30)
    /// After BUSY.
    static let busy = Interval.milliseconds(30)
    /// A PD that was silent for so long is offline (2.1.7 and 2.2; shorter times made readers
    /// flap: libosdp issues 140 and 189).
    public static let silence = Interval.seconds(8)
    /// An order that could not be delivered for so long is of no use any more: nobody waits two
    /// seconds for a beep.
    public static let order = Interval.seconds(2)
    /// A PD keeps cards and keys until it is asked. After it was away for longer than this they are
    /// dropped: whoever held the card has left, and a door would open for nobody.
    public static let stale = Interval.seconds(2)
    /// From the first answered poll on, for so long at least, everything may be from before.
    static let catchingUp = Interval.seconds(1)
    /// A PD that has had something to say at every poll for so long does not say what it kept: a
    /// card lies on it, or it is out of order.
    static let endless = Interval.seconds(5)
    /// Longest time in install mode.
    public static let install = Interval.seconds(300)
    /// From one look at a PD's own state to the next. PDs report changes by themselves.
    static let status = Interval.seconds(60)
    /// A PD that changes its address or speed needs a moment.
    static let settling = Interval.milliseconds(200)

    /// After the first reply that is missing, the second, and so on.
    static let backOffs: InlineArray<5, Interval> = [
        .milliseconds(50), .milliseconds(200), .milliseconds(400), .milliseconds(800),
        .milliseconds(1_500),
    ]
    /// Between two attempts at a PD that has been away for `away`: nobody stands beside it.
    static let longBackOff = Interval.seconds(10)
    static let away = Interval.seconds(300)
    /// After the first failed handshake, the second, and so on: the PD answers, so an attempt costs
    /// its neighbours little.
    static let setbackRests: InlineArray<4, Interval> = [
        .seconds(1), .seconds(2), .seconds(5), .seconds(10),
    ]
    /// A channel that stood for so long was a good one.
    static let stable = Interval.seconds(10)
    static let macFailureWindow = Interval.seconds(600)
    static let macLockout = Interval.seconds(600)

    /// How long so many bytes take on the line: start bit, eight bits, stop bit.
    static func line(bytes: Int, baud: UInt32) -> Interval {
        Interval(nanoseconds: Int64(bytes) * 10_000_000_000 / Int64(baud))
    }
}

/// How many of what.
public enum OSDPLimits {
    /// More readers than a station has doors; at 115200 baud each still has its poll in 100 ms.
    public static let peersPerBus = 16
    /// Orders that wait for one PD; one of another address or speed at most.
    public static let orders = 8
    /// Orders that go out one after the other while a poll is due: a light and a sound.
    static let ordersInARow = 2
    /// How often a frame is said again before the PD is asked from the beginning.
    static let repetitions = 2
    /// How often BUSY is taken in a row, two seconds, before the PD is asked from the beginning.
    static let busyInARow = 64
    /// The same card or keys so many times in a row: more than a PD keeps for when it is asked.
    static let repetitionsKept = 64
    /// MACs that do not fit within ten minutes. Each had one chance in four billion.
    static let macFailures = 3
    /// Most outputs of one call: every order of every PD lapses, and every PD leaves.
    public static let outputs = peersPerBus * (orders + 6) + 8
}
