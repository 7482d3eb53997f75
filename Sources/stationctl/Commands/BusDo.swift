// `stationctl bus do`: tells a box something, and says what became of it.

import ArgumentParser
import Control
import EventLoop
import Glibc
import Profiles
import StationCore

struct BusDo: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "do",
        abstract: "让一台设备做一件事 / Tell a box something; asks first.",
        discussion: """
            stationctl bus do --port /dev/ttyUSB0 --profile lockboard-8a --unit 1 open lock=3
            不写动作则列出全部动作 without an action: lists what it can do
            中途 Ctrl-C 或断线：先把它打开的关掉，再退出。再按一次 Ctrl-C 就马上退出。
            Ctrl-C or a lost session on the way: what it switched on is let go of first; Ctrl-C once
            more leaves at once.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var which: BusBoxOptions

    @Argument(help: "动作 / The action.")
    var action: String?

    @Argument(help: "参数 名=值 / Its arguments.")
    var arguments: [String] = []

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func validate() throws {
        for text in arguments { _ = try BusBoxOptions.pair(text) }
    }

    func execute(_ output: Output) throws(Problem) {
        let model = try BusModels.read(which.profile, in: which.profiles.folder, output)
        guard let action else { return try list(model, output) }
        let box: BusDeviceSettings
        do throws(BenchFlaw) {
            let values = which.param.compactMap { try? BusBoxOptions.pair($0) }
            box = try model.bench(address: which.unit, parameters: values)
        } catch {
            throw Problem(error)
        }
        guard let place = box.actions.firstIndex(where: { $0.name == action }) else {
            throw Problem(.unknown(action, known: box.actions.map(\.name)))
        }
        let order = ActionOrder(
            number: 1, action: place, arguments: try values(for: box.actions[place]))
        let what = ([action] + arguments).joined(separator: " ")
        try confirm(what, output)
        let (line, _) = try which.open(output)
        let needs = box.actions[place].needs != nil
        let patience = BusEnding.patience(of: box.actions[place], among: box.actions)
        let (outcome, isStopped) = try play(
            line, order, needsReading: needs, within: patience, output)
        guard let outcome else {
            return try end(line, order, box, isStopped: isStopped, output)
        }
        tell(outcome, action, output)
        switch outcome {
        case .confirmed, .accepted: return
        case .failed: throw .told(.no)
        case .unknown:
            output.warn(BusAdvice.silent(nil, line.driver.counts(of: DeviceID(0))))
            throw .told(.unavailable)
        }
    }

    /// What a model can be told.
    private func list(_ model: DeviceProfile, _ output: Output) throws(Problem) {
        let address = model.addresses.map { "\(max($0.lowerBound, 1))" }
        guard let box = try? model.bench(address: address) else {
            throw Problem(.noBox(profile: model.id))
        }
        let records = box.actions.map(BusActionRecord.init)
        if output.isJSON {
            for record in records { output.json(record) }
        } else if records.isEmpty {
            output.line(output.catalogue.say("它只能读", "it can only be read"))
        } else {
            for record in records { output.line(record.text) }
        }
    }

    private func values(for action: ActionSettings) throws(Problem) -> [ArgumentValue] {
        var values: [ArgumentValue] = []
        for text in arguments {
            guard let (name, value) = try? BusBoxOptions.pair(text) else { continue }
            guard let wanted = action.arguments.first(where: { $0.name == name }) else {
                throw Problem(.unknown(name, known: action.arguments.map(\.name)))
            }
            guard let number = DecimalNumber(value), wanted.lowest <= number,
                number <= wanted.highest, !values.contains(where: { $0.name == name })
            else {
                throw .badData(
                    TextRecord(
                        zh: "\(name) 不能是“\(value)”，应为 \(wanted.lowest) 到 \(wanted.highest)，只写一次",
                        en: "\(name) cannot be `\(value)`: give it once, "
                            + "from \(wanted.lowest) to \(wanted.highest)"
                    ))
            }
            values.append(ArgumentValue(name, number))
        }
        for wanted in action.arguments where !values.contains(where: { $0.name == wanted.name }) {
            throw .badData(
                TextRecord(
                    zh: "还要写 \(wanted.name)=\(wanted.lowest)-\(wanted.highest)",
                    en: "say \(wanted.name)=\(wanted.lowest)-\(wanted.highest) as well"))
        }
        return values
    }

    /// Whoever stands at the box should know what it is about to do.
    private func confirm(_ what: String, _ output: Output) throws(Problem) {
        let place = which.line.port.text
        try Confirmation.ask(
            TextRecord(
                zh: "\(place) 上的 \(which.profile) 会真的执行 \(what)。确定吗？",
                en: "\(which.profile) on \(place) will do \(what). Are you sure?"),
            isAnswered: yes, output)
    }

    /// `nil`: it goes on still; somebody said stop, or the time was up.
    private func play(
        _ line: BusLine, _ order: ActionOrder, needsReading: Bool, within patience: Interval,
        _ output: Output
    ) throws(Problem) -> (outcome: ActionOutcome?, isStopped: Bool) {
        var isTold = false
        var refusal: ActionRefusal?
        var outcome: ActionOutcome?
        var isStopped = false
        if !needsReading {
            refusal = line.perform(order)
            isTold = true
        }
        if refusal == nil {
            let ending = try line.play(for: patience) { news throws(Problem) in
                if case .ended(let report) = news {
                    guard report.number == order.number else { return true }
                    outcome = report.outcome
                    return false
                }
                if !isTold {
                    // What must hold is judged by what is read.
                    refusal = line.perform(order)
                    isTold = refusal == nil
                }
                return true
            }
            if case .stopped = ending { isStopped = true }
        }
        if let refusal, outcome == nil, !isTold || refusal != .notNow {
            output.warn(BusAdvice.refused(refusal))
            throw .told(refusal == .notNow ? .no : .badData)
        }
        // Nothing was sent: nothing is on.
        if !isTold {
            guard !isStopped else { throw .told(.no) }
            return (.unknown, false)
        }
        return (outcome, isStopped)
    }

    /// Nobody waits for it any more: what it may have switched on is let go of, and said.
    private func end(
        _ line: BusLine, _ order: ActionOrder, _ box: BusDeviceSettings, isStopped: Bool,
        _ output: Output
    ) throws(Problem) {
        // With a session its terminal goes, or the pipe: letting go matters more than saying so.
        signal(SIGPIPE, SIG_IGN)
        let ending = BusEnding(of: order, in: box, number: order.number + 1)
        output.warn(BusAdvice.unfinished(ending, isStopped: isStopped))
        guard case .order(let last, let name) = ending else {
            throw .told(ending == .needless && isStopped ? .no : .unavailable)
        }
        let action = box.actions[last.action]
        let (outcome, _) = try play(
            line, last, needsReading: false,
            within: BusEnding.patience(of: action, among: box.actions), output)
        tell(outcome ?? .unknown, name, output)
        switch outcome {
        case .confirmed?, .accepted?: throw .told(.no)
        case .failed?, .unknown?, nil:
            output.warn(BusAdvice.unfinished(.nobody, isStopped: isStopped))
            throw .told(.unavailable)
        }
    }

    private func tell(_ outcome: ActionOutcome, _ name: String, _ output: Output) {
        if output.isJSON {
            output.json(BusOutcomeRecord(action: name, outcome: outcome.name))
        } else {
            output.line("\(name)  \(output.catalogue.outcome(outcome.name))")
        }
    }
}

/// Something that a box can be told, for JSON.
struct BusActionRecord: Codable, Equatable {
    struct Argument: Codable, Equatable {
        var name: String
        var lowest: String
        var highest: String
    }

    var action: String
    var arguments: [Argument]
    var isIdempotent: Bool
    var selfTimedMilliseconds: Int?

    init(_ action: ActionSettings) {
        self.action = action.name
        arguments = action.arguments.map {
            Argument(name: $0.name, lowest: "\($0.lowest)", highest: "\($0.highest)")
        }
        isIdempotent = action.isIdempotent
        selfTimedMilliseconds = action.selfTimedMilliseconds
    }

    var text: String {
        ([action] + arguments.map { "\($0.name)=\($0.lowest)-\($0.highest)" })
            .joined(separator: " ")
    }
}

struct BusOutcomeRecord: Codable, Equatable {
    var action: String
    /// `confirmed`, `accepted`, `failed` or `unknown`.
    var outcome: String
}
