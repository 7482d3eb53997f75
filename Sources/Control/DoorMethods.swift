// The method that tells a door what to do.

/// Lets somebody in, or changes the mode that a door stands in.
public enum CommandDoor: ControlMethod {
    public static let name = MethodName.commandDoor

    public struct Parameters: ControlParameters {
        public static let names = ["door", "command"]
        public var door: String
        /// `DoorCommand.name`.
        public var command: String

        public init(door: String, command: String) {
            self.door = door
            self.command = command
        }
    }

    public struct Reply: Codable, Sendable {
        /// The mode that the door stands in from now on, `DoorMode.name`.
        public var mode: String
        /// Whether the order was durable before it freed the lock; what frees none does not wait.
        public var written: Bool

        public init(mode: String, written: Bool) {
            self.mode = mode
            self.written = written
        }
    }
}
