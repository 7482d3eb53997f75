// Calls that are banned here, each with what to use instead.

/// One banned word of code, where the ban holds, and its replacement.
struct BannedCall {
    let needle: String
    let instead: String
    let holds: @Sendable (RepositoryFile) -> Bool

    init(
        _ needle: String, _ instead: String, in holds: @escaping @Sendable (RepositoryFile) -> Bool
    ) {
        self.needle = needle
        self.instead = instead
        self.holds = holds
    }
}

enum CallRules {
    static let programs: Set = ["stationd", "station-gateway", "stationctl", "station-simulator"]

    private static let everywhere: @Sendable (RepositoryFile) -> Bool = { _ in true }
    private static let sources: @Sendable (RepositoryFile) -> Bool = { $0.isSource }
    private static let libraries: @Sendable (RepositoryFile) -> Bool = { file in
        file.target.map { !programs.contains($0) } ?? false
    }
    /// What must give the same answer twice: the core, the loop, and the simulated world.
    private static let determined: @Sendable (RepositoryFile) -> Bool = { file in
        ["StationCore", "EventLoop", "Simulation"].contains(file.target ?? "")
    }
    private static let core: @Sendable (RepositoryFile) -> Bool = { file in
        ["StationCore", "EventLoop"].contains(file.target ?? "")
    }
    private static let tests: @Sendable (RepositoryFile) -> Bool = { $0.isTest }
    private static let besideMailbox: @Sendable (RepositoryFile) -> Bool = { file in
        file.isSource && file.path != "Sources/EventLoop/Mailbox.swift"
    }

    static let table: [BannedCall] = [
        // Time comes in as a parameter.
        BannedCall("Date()", "an Instant, or a WallTime from the Calendar", in: everywhere),
        BannedCall("ContinuousClock", "the loop's Instant", in: sources),
        BannedCall("SuspendingClock", "the loop's Instant", in: sources),
        BannedCall("Duration", "Interval", in: core),
        BannedCall("DispatchTime", "the loop's Instant", in: everywhere),
        // Nothing runs beside the loop unasked.
        BannedCall("Task {", "a task group's child, or a deadline that is a value", in: everywhere),
        BannedCall("Task(", "a task group's child, or a deadline that is a value", in: everywhere),
        BannedCall("Task.detached", "a task group's child", in: everywhere),
        BannedCall("Task.immediate", "a task group's child", in: everywhere),
        BannedCall("Task.yield", "nothing: the loop pumps until quiet", in: sources),
        BannedCall("async", "a synchronous machine: events in, outputs out", in: core),
        BannedCall("await", "a synchronous machine: events in, outputs out", in: core),
        BannedCall("actor", "a struct owned by the loop", in: core),
        // One way between threads.
        BannedCall("Mutex", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("Atomic", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("DispatchQueue", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("DispatchSemaphore", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("NSLock", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("pthread_mutex_lock", "EventLoop's Mailbox", in: besideMailbox),
        BannedCall("pthread_cond_wait", "EventLoop's Mailbox", in: besideMailbox),
        // No trap on a bad day.
        BannedCall("try!", "typed throws, or try #require in a test", in: everywhere),
        BannedCall("as!", "a generic or an exhaustive switch", in: everywhere),
        BannedCall(
            "fatalError", "a precondition with a sentence for whoever is on call", in: sources),
        // The same seed gives the same trace.
        BannedCall("SystemRandomNumberGenerator", "the seed's stream", in: determined),
        BannedCall(".random(", "the seed's stream, or random bytes as an input", in: determined),
        BannedCall(".shuffled()", "the seed's stream", in: determined),
        BannedCall(".randomElement()", "the seed's stream", in: determined),
        BannedCall("UUID()", "random bytes as an input", in: determined),
        BannedCall(".hashValue", "a key of its own: hashes differ between runs", in: determined),
        BannedCall("ObjectIdentifier", "a number of its own", in: determined),
        BannedCall("getenv", "a parameter", in: determined),
        BannedCall("ProcessInfo", "a parameter", in: determined),
        // Libraries answer; programs speak.
        BannedCall("print(", "a returned value: programs print, libraries do not", in: libraries),
        BannedCall("debugPrint(", "a returned value", in: everywhere),
        BannedCall("dump(", "a returned value", in: sources),
        // Tests wait for nothing and skip nothing.
        BannedCall("sleep(", "a deadline, or a wait for a state", in: everywhere),
        BannedCall("usleep", "a deadline, or a wait for a state", in: everywhere),
        BannedCall("nanosleep", "a deadline, or a wait for a state", in: everywhere),
        BannedCall("Task.sleep", "a deadline, or a wait for a state", in: everywhere),
        BannedCall("XCTest", "Swift Testing", in: tests),
        BannedCall(".disabled(", "a test that runs", in: tests),
        BannedCall("withKnownIssue", "a mended fault", in: tests),
    ]

    static func check(_ file: RepositoryFile) -> [Finding] {
        guard file.isSwift else { return [] }
        let code = file.code
        return table.filter { $0.holds(file) && code.text.contains($0.needle) }.flatMap { banned in
            code.lines(naming: banned.needle).map { line in
                Finding(
                    path: file.path, line: line,
                    message: "'\(banned.needle)' is banned here: use \(banned.instead)")
            }
        }
    }

    /// Dictionaries and sets give their elements in an order that differs between runs, so the core
    /// looks things up in them and never walks through them.
    static func walksThroughUnordered(_ file: RepositoryFile) -> [Finding] {
        guard determined(file) else { return [] }
        let code = file.code
        let names = Set(code.lines.flatMap { unorderedName(declaredIn: String($0)) })
        return code.lines.enumerated().compactMap { index, line in
            guard let name = names.first(where: { walks(line: String(line), through: $0) })
            else { return nil }
            return Finding(
                path: file.path, line: index + 1,
                message: "walks through the unordered '\(name)': keep a sorted array beside it")
        }
    }

    /// The names that a line declares with a dictionary's or a set's type.
    private static func unorderedName(declaredIn line: String) -> [String] {
        let starts =
            line.indices.filter { line[$0] == "[" && isDictionary(line[$0...].dropFirst()) }
            + ["Set<", "Dictionary<"].flatMap { line.ranges(of: $0).map(\.lowerBound) }
        return starts.compactMap { start in
            let before = line[..<start].trimmed
            guard before.hasSuffix(":") || before.hasSuffix("=") else { return nil }
            return before.words.last
        }
    }

    /// Whether what follows a bracket is `Key: Value]` and not a list, such as of labelled tuples.
    private static func isDictionary(_ inside: Substring) -> Bool {
        var depth = 0
        for character in inside {
            switch character {
            case "(", "[", "<": depth += 1
            case ")", ">": depth -= 1
            case "]" where depth == 0: return false
            case "]": depth -= 1
            case ":" where depth == 0: return true
            default: break
            }
        }
        return false
    }

    private static func walks(line: String, through name: String) -> Bool {
        let walkers = [
            "forEach", "map", "compactMap", "flatMap", "filter", "reduce", "first(", "min(", "max(",
        ]
        for view in ["", ".keys", ".values"] {
            if walkers.contains(where: { line.names("\(name)\(view).\($0)") }) { return true }
            guard line.names("for") else { continue }
            let ends = [" in \(name)\(view) {", " in self.\(name)\(view) {"]
            if ends.contains(where: line.contains) { return true }
            let filtered = [" in \(name)\(view) where", " in self.\(name)\(view) where"]
            if filtered.contains(where: line.contains) { return true }
        }
        return false
    }
}
