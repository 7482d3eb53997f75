// What the rules let pass, each with its reason. Shorter is better.

/// One place where a rule does not hold.
struct Exception {
    let path: String
    /// A part of the finding's message: a function's name, a banned call.
    let about: String
    let reason: String

    init(_ path: String, _ about: String, because reason: String) {
        self.path = path
        self.about = about
        self.reason = reason
    }
}

enum Exceptions {
    static let length: [Exception] = [
        Exception(
            "Sources/StationCore/Model/Wording.swift", "template",
            because: "a catalogue: one exhaustive switch, read like a table")
    ]

    static let calls: [Exception] = []
}
