// Light and sound of a reader on lines of the board, the same on both.

/// A reader's LED and beeper, as far as they are wired.
struct Signals: Sendable {
    /// The terminals; nil: not wired.
    let led: UInt8?
    let beeper: UInt8?

    init(led: UInt8, beeper: UInt8, wired terminals: Set<Int>) {
        self.led = terminals.contains(Int(led)) ? led : nil
        self.beeper = terminals.contains(Int(beeper)) ? beeper : nil
    }

    func set(_ isOn: Bool, into outputs: inout DriverOutputs) {
        if let led { outputs.append(.setLine(terminal: led, isActive: isOn)) }
        if let beeper { outputs.append(.setLine(terminal: beeper, isActive: isOn)) }
    }
}
