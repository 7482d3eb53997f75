// A station file as it was written: checked value by value, names not yet looked up.

import StationCore

/// One YAML file of `seeds/` or of a real station, schema `station/1`.
struct StationFile: Sendable {
    static let schema = "station/1"

    /// A GPIO chip, a serial line or a USB socket under a short name of the file's own.
    struct Port: Sendable {
        enum Link: Sendable {
            case gpio(chip: String)
            case serial(Serial)
            case usb(socket: String)
            case keyboard(socket: String)
        }

        /// What the file says of a line; the rest is its device's.
        struct Serial: Sendable {
            var path: String
            var baud: Int?
            var parity: SerialLink.Parity?
            var stopBits: Int?
            /// Whether the adapter hears what it sends.
            var echoes: Bool
        }

        var name: Placed<String>
        /// `nil` when it could not be read: then nothing more is said about it.
        var link: Link?

        /// The chip's label; `nil` for a port that is no chip.
        var chip: String? {
            guard case .gpio(let chip)? = link else { return nil }
            return chip
        }

        /// The word for it, as in a profile's `link`.
        var kind: String {
            switch link {
            case .gpio: "gpio"
            case .serial: "serial"
            case .usb: "usb"
            case .keyboard: "keyboard"
            case nil: ""
            }
        }
    }

    struct Device: Sendable {
        var name: Placed<String>
        var profile: Placed<String>
        var label: Label
        /// Terminal and line, in the file's order; `nil` when that could not be read.
        var wires: [(terminal: Placed<String>, line: Placed<String>)]?
        var gpioPlace: Place
        /// The port of a device that speaks on a channel.
        var port: Placed<String>?
        /// On a line that several devices share; what it may be is the profile's to say.
        var address: TreeNode?
        /// Of a box: guards, and who acts when it does not obey them.
        var safety: SafetyNodes
        /// Keys that only the profile knows.
        var overrides: [TreeNode.Pair]
    }

    struct Door: Sendable {
        var place: Place
        var name: Placed<String>
        var label: Label
        var readersIn: [Placed<String>]
        var readersOut: [Placed<String>]
        var lock: Placed<String>?
        var contact: Placed<String>?
        var exitButton: Placed<String>?
        var isShared: Bool
        var egress: ResolvedDoor.Egress?
        var greeting: ResolvedDoor.Greeting
        var relock: Placed<ResolvedDoor.Relock>?
        var release: Microseconds
        var open: Placed<Microseconds>?
        var preAlarm: Placed<Microseconds>?
        /// The name of the hours in which it stands unlocked.
        var unlock: Placed<String>?
        var rules: DoorRuleNodes
    }

    /// A set of hours under its name.
    struct Hours: Sendable {
        var name: Placed<String>
        var label: Label
        var hours: OpeningHours
    }

    /// A template of rights under its name.
    struct Rights: Sendable {
        var name: Placed<String>
        /// `nil`: every one.
        var doors: [Placed<String>]?
        /// `nil`: every one.
        var services: [Placed<String>]?
        var hours: Placed<String>?
        var quota: Placed<String>?
        var role: KeyRole
    }

    /// What waits for two masters, and where they tap.
    struct TwoMasters: Sendable {
        var reader: Placed<String>
        var operations: [MasterOperation]
    }

    /// Both languages; empty when the file says nothing.
    struct Label: Sendable {
        var chinese = ""
        var english = ""
    }

    var identity: StationIdentity
    var ports: [Port]
    var devices: [Device]
    var doors: [Door]
    var services: [ServiceNodes]
    var hours: [Hours]
    var holidays: PublicHolidays
    var rights: [Rights]
    var twoMasters: TwoMasters?
    var journal: JournalSettings
    var policy: StationPolicy
}
