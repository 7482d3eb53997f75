// What is wrong in a station file or a profile, and where; the sentences are in +Wording.

public import StationCore

/// One error in a configuration file, with its place.
public struct ConfigurationError: Error, Equatable, Sendable {
    /// The file as it was named to us.
    public let file: String
    public let place: Place
    public let kind: Kind

    public init(file: String, place: Place, kind: Kind) {
        self.file = file
        self.place = place
        self.kind = kind
    }

    public var line: Int { place.line }
    public var column: Int { place.column }

    /// What the values of a key are called in messages.
    public enum Reference: Sendable, Equatable {
        case profile, device, port, view, format, hours
        case point, state, action, frame, field, parameter, line
        case service, door
        /// An argument or a parameter.
        case number
    }

    /// What can be wrong. Grouped as a file is read: text, shape, values, names, station, profile.
    public enum Kind: Sendable, Equatable {
        // MARK: The file as text

        case unreadable(reason: SystemError)
        case tooLarge(limitBytes: Int)
        case tooDeep(limit: Int)
        case tooManyNodes(limit: Int)
        case notUTF8
        case controlCharacter(code: UInt32)
        case empty
        case secondDocument
        case anchor
        case alias
        case tag
        /// libyaml's own words, and where what it was reading began.
        case syntax(String, began: Place?)
        /// The list of errors was cut: this many more were found.
        case more(Int)

        // MARK: Shape

        case keyNotWord
        case duplicateKey(String, first: Place)
        case unknownKey(String, in: Section, known: [String])
        case missingKey(String, in: Section)
        case wrongShape(expected: Shape, found: Shape)
        case emptyList

        // MARK: Values

        /// `expected` is empty where any text will do.
        case trap(Trap, found: String, expected: [String])
        case notAChoice(found: String, expected: [String])
        case notABoolean(found: String)
        case notAnInteger(found: String)
        case notADuration(found: String)
        case notAnOffset(found: String)
        case notANumber(found: String)
        case rangeReversed
        case numbersReversed
        case outOfRange(found: String, lowest: String, highest: String)
        case badName(found: String)
        case badText(limitBytes: Int)
        case badBits(found: String)
        case badHex(found: String)
        case badCard(found: String, reason: CardTextError)
        case badSentinels(found: String)
        case repeated(String)
        case tooMany(Section, limit: Int)

        // MARK: Hours

        /// A file that this one names.
        case unreadableBeside(String, reason: SystemError)
        case badHours(DayHours.TextFlaw)
        case badDate(found: String)
        case badDayOfYear(found: String)
        case badWeekdays(found: String)
        case weekdayTwice(String)
        case datesReversed(first: String, last: String)
        case otherYear(date: String, year: Int)
        /// A lock that must not stay energized cannot stand unlocked for hours.
        case unlockIntermittent(lock: String)
        case badQuota(found: String)
        /// What never waits for two masters.
        case neverForTwo(String)
        /// A quota of what nobody counts.
        case quotaNotCounted(String)
        case doorRule(DoorRuleFlaw)

        // MARK: Populations

        case notATime(found: String)
        case notAPercentage(found: String)
        case notAStretch(found: String)
        /// Somebody comes for a service or for a door.
        case wishOfTwo

        // MARK: Names

        case duplicateName(String, first: Place)
        case unknownReference(Reference, name: String, known: [String])

        // MARK: The station

        case chipByNumber(String)
        case chipTwice(String, first: Place)
        /// A port's device file or socket that another port has.
        case portOfTwoKinds
        case linkTwice(String, first: Place)
        case deviceFileUnstable(String)
        case badDeviceFile(String)
        case badSocket(String)
        /// Two ports take whatever is plugged in.
        case socketUnstated(port: String, other: String)
        /// A device on a channel of its own needs a port of that kind.
        case wrongPort(port: String, found: String, expected: String)
        case addressTaken(Int, by: String, first: Place)
        case tooManyOnLine(limit: Int)
        case baudsDiffer(port: String, first: String, second: Int)
        case lineSettingsFixed
        case echoesNotShared
        /// Readers and boxes speak over each other.
        case lineOfTwoKinds(port: String, by: String, first: Place)
        case linesDiffer(port: String, first: String, second: String)
        case tooManyBoxes(limit: Int)
        case noAddress
        /// A box without an address is alone.
        case notAlone(port: String, by: String, first: Place)
        case badMeterAddress(found: String)
        /// An unlock would wait behind a poll of a box that answers.
        case turnTooLong(port: String, milliseconds: Int, device: String)
        /// Guards, totals or boxes of all devices together.
        case tooManyInAll(ResolvedStation.Flaw.List, count: Int, limit: Int)
        /// What `stationd` would load is larger than it loads.
        case stationTooLarge(limitBytes: Int)
        /// A parameter's value with which its profile makes no sense.
        case valueBreaksProfile(String)
        case nothingSafe(device: String, String, String)
        case performsUnsafe(device: String, action: String)
        /// Whoever acts when a box does not obey is another one.
        case outerIsItself(device: String)
        /// Nobody sees whether the box obeys: nobody would ever act for it.
        case orderNeverSeen(device: String, rule: String, action: String)
        /// A box whose lock would be held open by us.
        case boxNotSelfTimed(device: String, action: String)
        /// What lets power or water out stays on when we are gone.
        case staysOn(device: String, action: String)
        /// A service wants a number in other units.
        case wrongUnit(point: String, unit: String, expected: [String])
        /// Right in every part, and unsafe or senseless.
        case service(ServiceFlaw)
        /// A box's door is one point of one device.
        case notOnePoint
        /// A number of a device, by its name.
        case notOneNumber
        case portTaken(port: String, by: String, first: Place)
        case noPort(line: String)
        case noChip
        case lineTaken(line: String, by: String, first: Place)
        case linesOnTwoChips(String, String)
        case deviceTaken(String, door: String, first: Place)
        case wrongRole(device: String, found: DeviceProfile.Kind, expected: [DeviceProfile.Kind])
        case maglockWithoutHardwareEgress
        case sharedWithoutPanelInput(lock: String)
        case panelInputWithoutShared(lock: String)
        case preAlarmTooLate(preAlarm: String, open: String)
        case relockWithoutContact
        case formatsCollide(String, String, bits: Int)
        case tooManyViews(limit: Int)

        // MARK: Profiles

        case idIsNotFileName(id: String, file: String)
        case wrongKind(found: DeviceProfile.Kind, driver: String)
        case wrongLink(found: String, expected: String, driver: String)
        case keyedFormatsCollide(String, String, length: Int)
        case formUnusable(form: String, technology: String)
        case wrongDirection(terminal: String, expected: String)
        case notForDirection(key: String, direction: String)
        case strikeNotSafe
        case exampleFails(expected: String, found: String)

        // MARK: Profiles of boxes on a bus

        /// A name that stands in conditions: letters, digits and underscores.
        case badBoxName(found: String)
        /// One that other readers of the file take for true, false, nothing or a number.
        case trapName(found: String)
        /// A parameter's name that a device's own key has.
        case nameTaken(String)
        case notABox(DeviceProfile.Kind)
        case modeWritten(LineMode)
        case badRegisterPlace(found: String)
        case manualAddress(ManualAddress)
        case placesBeyondEnd(count: Int)
        case badMeterItem(found: String)
        case notCounted
        case scaleOfNothing
        case badFramePlace(found: String)
        case numbersInField(name: String, Int)
        case badTemplate(TemplateFlaw)
        case neverAsked
        /// A frame with a field that nobody gives a value.
        case askedWithout(frame: String, field: String)
        case unaskable(BusQuestionFlaw)
        /// Points that no worked bytes show.
        case unproven([String])
        case badExpression(found: String)
        case badCondition(found: String)
        case gainOfNoTotal(String)
        /// A guard has no begin from which something could be gained.
        case gainInGuard
        case badGuard(GuardFlaw)
        /// A guard is done when that is seen, and nothing shows it of this action.
        case actionNeverSeen(String)
        case argumentBeyondPoints(String, count: Int)
        case twoSteps(String, String)
        case forbidden(String)
        /// A number of more registers than one read of the model may ask for.
        case widerThanRead(point: String, registers: Int, limit: Int)
        case badForbidden(found: String)
        case hazardNeverSafe(String, String)
        /// A line says states, and an input's pulses totals and levels.
        case notOfLine(PointSettings.Kind)
        case badKernelFile(found: String)
        /// An output that must not stay on needs a longest time, or a board that ends it.
        case neverEnds(line: String, String, String)
        case lockNotSelfTimed(line: String)
        /// It says that it makes nothing active, and may close a coil.
        case notHarmless(String)
        /// What is told again needs a board that times it, and an end with the same numbers.
        case badRenewal(String, until: String)
        case brokenParent(String)
        case extendsChain(String)
        case extendsNoBox(String)

        /// The result did not pass the check that `stationd` makes: a bug here, told as it is.
        case inconsistent(ResolvedStation.Flaw)
    }
}

/// Every error that one run found, sorted by file, line and column; never empty.
public struct ConfigurationErrors: Error, Equatable, Sendable {
    public let errors: [ConfigurationError]

    /// One line an error: `file:line:column: sentence`.
    public func text(_ language: Wording.Language) -> String {
        errors.map { $0.text(language) }.joined(separator: "\n")
    }
}

/// Something that is allowed and worth knowing.
public struct ConfigurationNote: Equatable, Sendable {
    public let file: String
    public let place: Place
    public let kind: Kind

    public enum Kind: Sendable, Equatable {
        /// Forced and held open cannot be seen.
        case noContact(door: String)
        /// With no exit button and no reader on the inside every exit would look forced.
        case forcedNotTold(door: String)
        case noReader(door: String)
        case unusedDevice(String)
        case unusedPort(String)
        /// Nothing makes this output safe when the agent is dead.
        case outputNeverSafe(device: String)
        case withoutContact(key: String)
        /// Everybody on its line hears every card, and can say any.
        case readerInTheClear(device: String)
        case lapseWithoutStrict
        /// Hours for holidays, and no file that says which days those are.
        case holidaysUnknown(hours: String)
        case unusedHours(String)
        /// How long a command may wait for the line: behind an answer, behind a box that is silent.
        case longestTurn(port: String, answered: Int, silent: Int, device: String)
        /// Its boxes want so much of its time for what they are asked.
        case lineFull(port: String, percent: Int)
        /// Its guards have something done, and nobody acts when it does not do that.
        case noOuter(device: String)
        /// What a guard orders, or whoever acts for its device, is told and never seen.
        case orderUnseen(device: String, action: String)
        case outerUnseen(device: String, action: String)
        /// A guard has the outer one act, and nobody is named for that.
        case outerMissing(device: String, rule: String)
        /// Whoever acts is on the same line: what cuts one off cuts off the other.
        case outerOnSameLine(device: String, outer: String)
        case actionNeverSafe(device: String, action: String)
        /// An action that would leave a hazard on, and is not offered.
        case actionLeftOut(device: String, action: String, String, String)
    }
}

/// What is wrong with the drawing of a frame.
public enum TemplateFlaw: Sendable, Equatable {
    case notAByte(String)
    case unclosed
    case badField(String)
    case twoChecks
    case tooLong
}
