// A station file as it was written: checked value by value, names not yet looked up.

import StationCore

/// One YAML file of `seeds/` or of a real station, schema `station/1`.
struct StationFile: Sendable {
    static let schema = "station/1"

    /// A GPIO chip under a short name of the file's own.
    struct Port: Sendable {
        var name: Placed<String>
        var chip: String
    }

    struct Device: Sendable {
        var name: Placed<String>
        var profile: Placed<String>
        var label: Label
        /// Terminal and line, in the file's order; `nil` when that could not be read.
        var wires: [(terminal: Placed<String>, line: Placed<String>)]?
        var gpioPlace: Place
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
    var journal: JournalSettings
    var policy: StationPolicy
}
