// ACS ACR122U (072F:2200): the commands that are its own, and the one that is never sent.

public import EventLoop

/// Commands of the ACR122U (ACS API manual, chapters 5 and 6; nfcpy's and libnfc's drivers agree).
///
/// They go as if they were a card's commands and work without a card. `PowerDown` of the PN532
/// inside is not among them: the reader never answers again until it is re-plugged (nfcpy #231).
public enum ACR122U {
    /// Asks for the firmware's name, such as `ACR122U214`; the answer has no status word.
    public static let firmware = PseudoAPDU([0xff, 0x00, 0x48, 0x00, 0x00])
    /// Forbids the beep at every card: the answer to a tap is the station's to give.
    public static let quietDetection = PseudoAPDU([0xff, 0x00, 0x52, 0x00, 0x00])

    /// What the reader looks for by itself; gone at power-off. The reader starts with all of them.
    public struct Polling: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let on = Polling(rawValue: 0x80)
        /// Asks ISO 14443-4 cards for their ATS; a card that is a MIFARE as well refuses to be one
        /// then.
        public static let requestsATS = Polling(rawValue: 0x40)
        /// Every 250 ms; without it every 500 ms.
        public static let often = Polling(rawValue: 0x20)
        public static let feliCa424 = Polling(rawValue: 0x10)
        public static let feliCa212 = Polling(rawValue: 0x08)
        public static let topaz = Polling(rawValue: 0x04)
        public static let iso14443B = Polling(rawValue: 0x02)
        public static let iso14443A = Polling(rawValue: 0x01)
        /// The cards that a station reads, as often as the reader can.
        public static let station: Polling = [.on, .often, .iso14443A, .iso14443B]
    }

    /// Sets what the reader looks for; it answers `90` and the same byte.
    public static func polling(_ polling: Polling) -> PseudoAPDU {
        PseudoAPDU([0xff, 0x00, 0x51, polling.rawValue, 0x00])
    }

    /// P2 of the command for lights and beeper: what holds in the end, and what blinks until then.
    public struct Lights: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let redAtEnd = Lights(rawValue: 0x01)
        public static let greenAtEnd = Lights(rawValue: 0x02)
        /// Without these a light keeps in the end what it had.
        public static let setsRed = Lights(rawValue: 0x04)
        public static let setsGreen = Lights(rawValue: 0x08)
        /// Lit in the first part of each blink, dark in the second.
        public static let redFirst = Lights(rawValue: 0x10)
        public static let greenFirst = Lights(rawValue: 0x20)
        public static let redBlinks = Lights(rawValue: 0x40)
        public static let greenBlinks = Lights(rawValue: 0x80)
    }

    /// Blinks `times` times, `on` and `off` in steps of 100 ms, beeping during `on` if `isLoud`.
    /// The reader answers when it has finished.
    public static func lights(
        _ lights: Lights, on: UInt8 = 0, off: UInt8 = 0, times: UInt8 = 0, isLoud: Bool = false
    ) -> PseudoAPDU {
        PseudoAPDU(
            [0xff, 0x00, 0x40, lights.rawValue, 0x04, on, off, times, isLoud ? 0x01 : 0x00],
            lasting: .milliseconds(100 * (Int64(on) + Int64(off)) * Int64(times)))
    }

    public enum Color: Sendable {
        case green
        case red
    }

    /// Lights and beeps `times` times (at least once) with a pause as long between; then both
    /// lights are dark and the beeper is silent.
    ///
    /// - Parameter pulse: to the next 100 ms; at least 100 ms, at most 25.5 s.
    public static func signal(_ color: Color, pulse: Interval, times: UInt8) -> PseudoAPDU {
        let steps = UInt8(clamping: max(1, (pulse.milliseconds + 50) / 100))
        let blink: Lights =
            color == .red ? [.redFirst, .redBlinks] : [.greenFirst, .greenBlinks]
        return lights(
            blink.union([.setsRed, .setsGreen]), on: steps, off: times > 1 ? steps : 0,
            times: max(1, times), isLoud: true)
    }

    /// Why a command does not go to the PN532.
    public enum DirectFlaw: Error, Equatable, Sendable {
        /// D4 16 makes the reader deaf until somebody re-plugs it.
        case powerDown
        /// The command does not begin with D4, or is empty.
        case notACommand
        /// More than 255 bytes.
        case tooLong(bytes: Int)
    }

    /// Wraps a command (`D4 ...`) for the PN532 inside.
    ///
    /// - Throws: `DirectFlaw`; above all for `PowerDown`.
    public static func direct(_ command: [UInt8]) throws(DirectFlaw) -> [UInt8] {
        guard command.count >= 2, command[0] == 0xd4 else { throw .notACommand }
        guard command[1] != 0x16 else { throw .powerDown }
        guard let count = UInt8(exactly: command.count) else {
            throw .tooLong(bytes: command.count)
        }
        return [0xff, 0x00, 0x00, 0x00, count] + command
    }
}
