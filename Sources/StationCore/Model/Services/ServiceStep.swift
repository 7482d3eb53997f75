// What entries tell of a part of a service between the beginning of a use and its end.

/// What happened at a part of a service. Raw values are stored in journals: never renumber.
public enum ServiceStep: UInt8, Sendable, CaseIterable {
    /// Something draws power.
    case charging = 1
    /// The mains are gone; it goes on if they return in time.
    case suspended = 2
    case resumed = 3
    /// It is switched off; the use's end follows, and says why.
    case cut = 4
    /// A person looked and put it back into service.
    case reset = 5
    /// It is not put back: what took it out of service is not over.
    case notReset = 6
    /// The child lock was held: hot water is there for a moment.
    case hotReleased = 7
    case hotLocked = 8
    /// More came than was given out; the value is by how much, in mL.
    case overrun = 9
    /// So much flowed without a use, in mL; it belongs to nobody.
    case unclaimed = 10
    /// The valve was closed and is seen open: it is told again.
    case openAgain = 11
    /// Somebody asked for it and did not open it.
    case notOpened = 12
    case restocked = 13
    case filterChanged = 14
    /// It was in use before its person tapped.
    case claimed = 15
    /// An act was taken back.
    case undone = 16
    case outOfOrder = 17
    case inOrder = 18
    /// Its sensors tell more uses than people make: they are counted from now on; the value is how
    /// many they were in the minute before, in times.
    case flapping = 19
    /// Somebody had its lock opened. (P0)
    case unlocked = 20
    /// A person with that right wants the use there to end.
    case stopAsked = 21
    /// A person has looked, and wants it back in service; whether it is, `reset` says.
    case resetAsked = 22
    /// A person says that it is to be filled up.
    case restockAsked = 23
    /// The door stands open for the empty battery.
    case putIn = 24
    /// It was put in.
    case wasPutIn = 25
    /// It is no battery of ours, or not well: they take their own again.
    case takeBack = 26
    /// The door stands open for the charged one.
    case take = 27
    /// It was taken.
    case wasTaken = 28
    /// The door was shut with it inside, or nobody came back: it stays theirs.
    case owed = 29
    /// A door did not open; another one is tried.
    case tryingAnother = 30
    /// A person gave them a battery by hand.
    case settled = 31
    /// Somebody of the list is asked to come and help.
    case helpAsked = 32
    /// The message has arrived there. It is no answer.
    case helpReached = 33
    /// They come.
    case helpAccepted = 34
    /// They cannot.
    case helpDeclined = 35
    case helpUnanswered = 36
    /// They accepted, and are not known to be there in time: the list goes on.
    case helpOverdue = 37
    /// They need not come any more.
    case helpNotNeeded = 38
    /// Nobody of the whole list answered; it begins anew.
    case helpNobody = 39
    /// The service itself: nobody may begin to use it; the value is a `ServicePause`.
    case paused = 40
    case unpaused = 41
    /// Who called pressed again.
    case helpCalledAgain = 42
    /// The station has started anew, and the call goes on.
    case helpGoesOn = 43
    /// Help was there.
    case helped = 44
    /// A person said that nobody needs to come.
    case helpCancelled = 45

    /// What the entry's value counts; `nil`: it has none.
    public var unit: UsageUnit? {
        switch self {
        case .overrun, .unclaimed: .millilitres
        case .flapping: .times
        case .charging, .suspended, .resumed, .cut, .reset, .notReset, .hotReleased, .hotLocked,
            .openAgain, .notOpened, .unlocked, .stopAsked, .resetAsked, .restockAsked, .restocked,
            .filterChanged, .claimed, .undone, .outOfOrder, .inOrder, .putIn, .wasPutIn, .takeBack,
            .take, .wasTaken, .owed, .tryingAnother, .settled, .helpAsked, .helpReached,
            .helpAccepted, .helpDeclined, .helpUnanswered, .helpOverdue, .helpNotNeeded,
            .helpNobody, .paused, .unpaused, .helpCalledAgain, .helpGoesOn, .helped,
            .helpCancelled:
            nil
        }
    }
}

/// What is wrong with a part of a service until it is over, or until a person has looked.
///
/// Raw values are stored in journals: never renumber.
public enum ServiceFault: UInt8, Sendable, CaseIterable {
    /// It was open and nothing came.
    case noFlow = 1
    /// Nothing confirms that the valve is closed.
    case notClosed = 2
    /// Water flows that nobody asked for.
    case flowsClosed = 3
    case notOpened = 4
    /// Power flows although it is off.
    case relayStuck = 5
    /// Nothing confirms that it is off.
    case notOff = 6
    case warm = 7
    /// So hot, or hot so fast, that a person must look.
    case burning = 8
    /// Its device says so.
    case broken = 9
    case leftOpen = 10
    /// It has a lock and was opened without.
    case forced = 11
    case restockDue = 12
    /// Somebody is there for longer than one should be.
    case overstay = 13
    case poorWater = 14
    case filterDue = 15
    case tooCold = 16
    case tooWarm = 17
    /// Lamps do not do what they are told.
    case lampsFail = 18
    /// Nobody counts any more: what the day shows lacks something.
    case uncounted = 19
    /// Asked three times to open, and still shut.
    case jammed = 20
    /// It does not switch as it is told.
    case notSwitched = 21
    /// It is gone for longer than it may be.
    case linkDown = 22
    /// Somebody called for help, and the bell does not ring.
    case bellFails = 23
}
