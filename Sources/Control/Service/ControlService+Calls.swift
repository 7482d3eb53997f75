// Which call asks whom, and whom its peer waits for.

import EventLoop
import StationCore

extension ControlService {
    /// Begins a call.
    mutating func start(
        _ slot: Int, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        let passed = connections[slot]?.passed
        connections[slot]?.passed = nil
        let head = try ControlCoder.head(message)
        guard let method = MethodName(rawValue: head.method) else {
            throw unknown(method: head.method)
        }
        if head.upgrade == true { throw .invalidParameter("upgrade") }
        let mode = CallMode(
            method: method, more: head.more ?? false, oneway: head.oneway ?? false)
        guard let role = connections[slot]?.role, role >= method.needs else {
            throw .notAllowed(method: head.method, needs: method.needs.name)
        }
        do {
            try dispatch(slot, mode, message, passed, at: now)
        } catch {
            guard mode.oneway else { throw error }
        }
    }

    private func unknown(method: String) -> ControlError {
        let interface = method.lastIndex(of: ".").map { String(method[..<$0]) } ?? method
        let known = [ControlInterface.service, ControlInterface.station].contains(interface)
        return known ? .methodNotFound(method) : .interfaceNotFound(interface)
    }

    private mutating func dispatch(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], _ passed: PassedFile?,
        at now: Instant
    ) throws(ControlError) {
        switch mode.method {
        case .getInfo: try tellInfo(slot, mode, message, at: now)
        case .getInterfaceDescription: try describe(slot, mode, message, at: now)
        case .getStation, .getMetrics:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try askBoth(slot, mode, at: now)
        case .listDevices:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .devices, at: now)
        case .listBoxes:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .boxes, at: now)
        case .tellBox: try ask(slot, mode, boxQuery(message, by: person(slot)), at: now)
        case .listServices, .listHours:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .services, at: now)
        case .tellService, .pauseService, .resumeService:
            try ask(slot, mode, serviceQuery(mode.method, message, by: person(slot)), at: now)
        case .changeHours: try ask(slot, mode, hoursQuery(message, by: person(slot)), at: now)
        case .readEntries: try startReading(slot, mode, message, at: now)
        case .verifyJournal:
            let range = try ControlCoder.parameters(VerifyJournal.Parameters.self, of: message)
            let id = try ask(JournalQuery.verify(from: range.from, to: range.to))
            wait(slot, mode, id, .journal, until: now + ControlLimits.longAnswer)
        case .listUsage:
            let question = try usageQuestion(message)
            let id = try ask(JournalQuery.usage(question))
            wait(slot, mode, id, .journal, until: now + ControlLimits.answer, usage: question)
        case .importRoster, .applyRoster:
            let query = try rosterFileQuery(mode.method, message, passed)
            try ask(slot, mode, query, for: ControlLimits.longAnswer, at: now)
        case .getRoster: try ask(slot, mode, rosterQuery(message), at: now)
        case .createKey:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .createKey, at: now)
        case .installKey:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .installKey(regular(passed)), at: now)
        case .enrolCard, .cancelEnrolment, .withdrawCards, .tellKey:
            try ask(slot, mode, cardQuery(mode.method, message, by: person(slot)), at: now)
        case .issuePass: try ask(slot, mode, passQuery(message), at: now)
        case .tap: try ask(slot, mode, tapQuery(message), at: now)
        case .commandDoor:
            try ask(slot, mode, doorQuery(message, by: person(slot)), for: orderPatience, at: now)
        case .performAction:
            let (query, patience) = try actionQuery(message, by: person(slot))
            try ask(slot, mode, query, for: patience, at: now)
        case .resetGuard: try ask(slot, mode, guardQuery(message, by: person(slot)), at: now)
        case .setNotice, .clearNotice, .runCommand, .getCommand:
            try askCommand(slot, mode, message, at: now)
        case .watchCard:
            let (query, patience) = try cardQuery(message, by: person(slot))
            try ask(slot, mode, query, for: patience, at: now)
        case .testReader, .resetReader, .installReader, .moveReader:
            try ask(slot, mode, readerQuery(mode.method, message, by: person(slot)), at: now)
        case .activate:
            let how = try ControlCoder.parameters(Activate.Parameters.self, of: message)
            try ask(slot, mode, .activate(digest: how.digest, now: how.now ?? false), at: now)
        }
    }

    /// A roster that comes as a file.
    private func rosterFileQuery(
        _ method: MethodName, _ message: [UInt8], _ passed: PassedFile?
    ) throws(ControlError) -> CoreQuery {
        guard method == .importRoster else {
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            return .applyRoster(try regular(passed))
        }
        let how = try ControlCoder.parameters(ImportRoster.Parameters.self, of: message)
        return .importRoster(
            try regular(passed), partial: how.partial ?? false, dry: how.dry ?? false)
    }

    private mutating func tellInfo(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        _ = try ControlCoder.parameters(NoParameters.self, of: message)
        let interfaces = ControlInterface.descriptions.map(\.name)
        finish(
            slot, mode,
            GetInfo.Reply(
                vendor: "stationd", product: info.simulated ? "station-simulator" : "stationd",
                version: info.version, url: "https://varlink.org/", interfaces: interfaces),
            at: now)
    }

    private mutating func describe(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        let wanted = try ControlCoder.parameters(
            GetInterfaceDescription.Parameters.self, of: message
        ).interface
        guard let found = ControlInterface.descriptions.first(where: { $0.name == wanted })
        else { throw .interfaceNotFound(wanted) }
        finish(slot, mode, GetInterfaceDescription.Reply(description: found.text), at: now)
    }

    // MARK: Waiting

    mutating func ask(
        _ slot: Int, _ mode: CallMode, _ query: CoreQuery,
        for patience: Interval = ControlLimits.answer, at now: Instant
    ) throws(ControlError) {
        wait(slot, mode, try ask(query), .core, until: now + patience)
    }

    /// The journal first, then the core: a silent journal must not hide the station's state.
    mutating func askBoth(
        _ slot: Int, _ mode: CallMode, at now: Instant
    ) throws(ControlError) {
        if let id = try? ask(JournalQuery.status) {
            wait(slot, mode, id, .journal, until: now + ControlLimits.silence)
        } else {
            try askState(slot, mode, journal: nil, at: now)
        }
    }

    mutating func askState(
        _ slot: Int, _ mode: CallMode, journal status: JournalStatus?, at now: Instant
    ) throws(ControlError) {
        let query: CoreQuery = mode.method == .getMetrics ? .measurements : .station
        wait(
            slot, mode, try ask(query), .core, until: now + ControlLimits.answer,
            journal: status)
    }

    mutating func wait(
        _ slot: Int, _ mode: CallMode, _ id: RequestID, _ desk: Desk, until deadline: Instant,
        journal: JournalStatus? = nil, usage: UsageQuestion? = nil
    ) {
        connections[slot]?.work = .asking(
            Asking(
                mode: mode, id: id, desk: desk, deadline: deadline, journal: journal, usage: usage))
    }
}
