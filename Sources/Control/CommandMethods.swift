// The methods that carry a hub's signed commands.

import StationCore

/// Brings a command. The answer comes when it has ended, or is under way for long.
public enum RunCommand: ControlMethod {
    public static let name = MethodName.runCommand

    public struct Parameters: ControlParameters {
        public static let names = ["command"]
        /// The signed text, whole.
        public var command: String

        public init(command: String) { self.command = command }
    }

    public struct Reply: Codable, Sendable {
        public var command: CommandRecord

        public init(command: CommandRecord) { self.command = command }
    }
}

/// What became of a command that was taken up.
public enum GetCommand: ControlMethod {
    public typealias Reply = RunCommand.Reply
    public static let name = MethodName.getCommand

    public struct Parameters: ControlParameters {
        public static let names = ["id"]
        public var id: String

        public init(id: String) { self.id = id }
    }
}

/// A command that was taken up; docs/io.stationd.varlink has the words.
public struct CommandRecord: Codable, Equatable, Sendable {
    public var id: String
    public var subject: String
    /// Milliseconds since 1970.
    public var expires: Int64
    /// The same as RFC 3339, in station time.
    public var time: String
    /// `nil`: it is under way.
    public var outcome: String?

    public init(id: String, subject: String, expires: Int64, time: String, outcome: String?) {
        self.id = id
        self.subject = subject
        self.expires = expires
        self.time = time
        self.outcome = outcome
    }
}

extension CommandRecord {
    init(_ command: CommandLedger.Known, _ info: ServiceInfo) {
        self.init(
            id: "\(command.id)", subject: command.subject.name,
            expires: command.expires.milliseconds, time: info.time(command.expires.milliseconds),
            outcome: command.outcome?.name)
    }

    /// How it ended, for people.
    public func text(_ language: Wording.Language) -> String {
        let chinese = language == .chinese
        guard let outcome else { return chinese ? "正在执行" : "under way" }
        if outcome == CommandOutcome.done.name { return chinese ? "已完成" : "done" }
        guard let word = ControlReason.Word(rawValue: outcome) else { return outcome }
        return ControlReason(word).text(language)
    }
}
