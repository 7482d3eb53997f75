// How large a station may be: limits that both the resolver and the daemon hold to.

extension ResolvedStation {
    /// Named limits; a file beyond one is refused, whoever made it.
    public enum Limit {
        /// One bit each in a `DoorSet`.
        public static let doors = DoorSet.capacity
        /// Sets of hours: one bit each.
        public static let hours = 64
        public static let seasons = 12
        /// Templates of rights: somebody chooses one by its name.
        public static let rights = 32
        /// Single dates of one set, those of ten years.
        public static let dates = 500
        /// Days off and days worked in return, of ten years.
        public static let holidays = 500
        /// Far above the largest station that is planned, far below `DeviceID`'s range.
        public static let devices = 1_024
        public static let lines = 4_096
        /// The kernel's GPIO_V2_LINES_MAX.
        public static let linesPerRequest = 64
        /// Devices on one line: an OSDP bus may have 126, but nobody waits for the last of them.
        public static let membersPerBus = 16
        /// Paths of device files and names of USB sockets, in bytes.
        public static let pathBytes = 255
        /// A machine types within 20 ms, a person never always within 100.
        public static let keyIntervalMilliseconds = 5...100
        /// Slots of a USB reader; one with four is rare.
        public static let slots = 0...15
        /// Of an OSDP reader; 127 is everybody's.
        public static let addresses = 0...126
        public static let baud = 300...4_000_000
        // Boxes on a bus.

        /// Boxes on one line: an RS-485 transmitter drives 32.
        public static let boxesPerBus = 32
        /// Modbus units; above 247 are those that makers keep for themselves.
        public static let units = 1...255
        /// Numbers of boards whose frames a profile draws, of one or two bytes.
        public static let boards = 0...0xFFFF
        /// The twelve digits of a DL/T 645 meter, as a number; twelve nines are everybody's.
        public static let meters = 0...999_999_999_998
        public static let pointsPerDevice = 256
        /// Numbers behind one name: doors of a board, cells of a battery.
        public static let numbersPerField = 64
        public static let placesPerPoint = 8
        /// Between the addresses of numbered registers.
        public static let registerStep = 1_024
        public static let states = 32
        public static let meanings = 64
        public static let curveCoefficients = 8
        public static let badNumbers = 16
        public static let unitBytes = 8
        /// A tenth of a second is as often as a guard needs; a day is as rare as anything is asked.
        public static let everyMilliseconds = 100...86_400_000
        public static let reportMilliseconds = 0...86_400_000
        public static let framesPerDevice = 64
        public static let tokensPerFrame = 64
        /// The longest frame of a box, as Modbus RTU has it.
        public static let frameBytes = 256
        public static let wakeBytes = 16
        /// Beyond two seconds a box that is silent would stop its line.
        public static let timeoutMilliseconds = 10...2_000
        public static let gapMilliseconds = 0...500
        public static let latencyMilliseconds = 0...2_000
        /// What a Modbus answer can carry.
        public static let registersPerRead = 1...125
        public static let bitsPerRead = 2_000
        public static let holes = 0...64
        public static let valuesPerWrite = 32
        public static let rawBytes = 64
        public static let actionsPerDevice = 32
        public static let argumentsPerAction = 8
        public static let parametersPerDevice = 16
        /// Values that a parameter may have, things that are forbidden.
        public static let choices = 32
        public static let stepsPerAction = 16
        public static let comparisons = 8
        /// A board of ten sockets has half a dozen for each.
        public static let guardsPerProfile = 96
        /// A station file has room for its own beside those of a profile. A guard's number in the
        /// journal is a byte.
        public static let guardsPerDevice = 128
        public static let waitMilliseconds = 1...60_000
        public static let untilMilliseconds = 1...3_600_000
        public static let selfTimedMilliseconds = 1...3_600_000
        /// Of an output that is renewed: three times a second is more than a line can tell.
        public static let renewedMilliseconds = 2_000
        public static let guardMilliseconds = 0...86_400_000
        /// A value that is polled twice a second is late after one; a day is no guard any more.
        public static let silentMilliseconds = 1_000...86_400_000
        /// A value that is polled may be late once.
        public static let pollsPerSilence = 2
        /// A rise is told by the values of a window: so many at least, or none is seen; and at
        /// most.
        public static let riseMilliseconds = 1_000...3_600_000
        public static let leastReadingsPerRise = 4
        public static let readingsPerRise = 128
        public static let ordersPerGuard = 16
        /// Of a whole station: four hundred sockets on boards of ten, with six or seven each.
        public static let guards = 4_096
        // Devices on the board.

        /// No driver has more terminals.
        public static let linesPerBoardDevice = 8
        /// A float in a tank that is being filled ripples for seconds, a wet rope dries in minutes.
        public static let boardSettleMilliseconds = 0...600_000
        /// Below a tenth of a millisecond no meter of ours turns.
        public static let pulseGapMicroseconds = 0...1_000_000
        /// A second of water is what a power cut may cost; a minute of a slow meter are few pulses.
        public static let keptMilliseconds = 1_000...60_000
        public static let maximumOnMilliseconds = 100...86_400_000
        public static let rateWindowMilliseconds = 100...3_600_000
        public static let pathsPerPoint = 8
        public static let fileColumns = 1...64
        /// Readers on one side of one door.
        public static let readersPerSide = 4
        /// Formats that one reader may send.
        public static let formatsPerReader = 8
        /// Names of stations, devices and doors, in bytes.
        public static let nameBytes = 32
        /// Labels that people read, in bytes of UTF-8: about 40 Chinese characters.
        public static let labelBytes = 120
        /// Chip labels and line names: the kernel's GPIO_MAX_NAME_SIZE without its NUL.
        public static let lineNameBytes = 31
        public static let phoneBytes = 32
        /// Half a second moves any strike; a minute is no tap any more.
        public static let releaseMilliseconds = 200...60_000
        public static let openMilliseconds = 1_000...3_600_000
        public static let preAlarmMilliseconds = 0...3_600_000
        /// What a door's rules may look at: fire inputs, loops and beams.
        public static let conditionsPerDoor = 8
        /// A wheelchair takes half a minute through a heavy door, and no key ten minutes.
        public static let moreReleaseMilliseconds = 0...60_000
        public static let moreOpenMilliseconds = 0...600_000
        /// A frozen strike is pulsed three times before the release is over.
        public static let frostMilliseconds = 5_000
        /// Two people at a door wait for each other for seconds, not for minutes.
        public static let secondPersonMilliseconds = 2_000...60_000
        /// A minute keeps a card from being handed back over a fence; nobody stays for a week.
        public static let forgetSeconds = 60...604_800
        public static let settleMilliseconds = 0...5_000
        /// The kernel's own debounce is in microseconds; a second is no debounce any more.
        public static let debounceMicroseconds = 0...1_000_000
        public static let commitWaitMilliseconds = 10...2_000
        public static let lapseMilliseconds = 100...30_000
        public static let graceDays = 0...31
        public static let utcOffsetMinutes = -720...840
    }

    /// Whether `name` may name a station, a device or a door: 1 to 32 lower-case letters, digits
    /// and hyphens, a letter or digit first.
    public static func isLegalName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard (1...Limit.nameBytes).contains(bytes.count), bytes.first != UInt8(ascii: "-") else {
            return false
        }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
