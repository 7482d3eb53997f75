// Putting a resolved station in place, and back when it does not run.

import Glibc
import StationCore
import Testing

@testable import Profiles

/// A service whose answers are set and whose orders are remembered.
private struct PlayedService: StationService {
    let folder: ResolvedFolder
    var sessions: Int? = 0
    /// Digests that come up; others never get ready.
    var ready: Set<String> = []
    var failsToRestart = false
    /// Digests whose station ends at its start, which the service manager tells.
    var ending: Set<String> = []
    /// What `current` named at each restart.
    var restarts: [String?] = []
    var running: String?

    mutating func sessionsInProgress() -> Int? { sessions }

    mutating func restart() throws(ActivationError) {
        restarts.append(folder.current)
        if !failsToRestart { running = folder.current }
        if let running, ending.contains(running) { self.running = nil }
        if failsToRestart || running == nil {
            throw .restartFailed(chinese: "演的", english: "played")
        }
    }

    mutating func isReady(digest: String, withinSeconds: Int) -> Bool {
        running == digest && ready.contains(digest) && folder.current == digest
    }
}

@Suite struct `Activating a station` {
    private let temporary: TemporaryFolder
    private let folder: ResolvedFolder
    private let first: Resolution
    private let second: Resolution

    init() throws {
        temporary = try TemporaryFolder()
        folder = ResolvedFolder(path: temporary.path)
        first = try StationText.resolve(StationText.right)
        second = try StationText.resolve(
            StationText.replacing("release: 5s", with: "release: 6s"))
        try folder.write(first)
        try folder.write(second)
    }

    private func activate(
        _ resolution: Resolution, now: Bool = false, on service: inout PlayedService
    ) throws(ActivationError) -> Activation.Outcome {
        try Activation(folder: folder).run(digest: resolution.digest, now: now, on: &service)
    }

    @Test func `switches current, restarts and remembers what was before`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest, second.digest])
        #expect(try activate(first, on: &service) == .activated)
        #expect(folder.current == first.digest && folder.previous == nil)
        #expect(try activate(second, on: &service) == .activated)
        #expect(folder.current == second.digest && folder.previous == first.digest)
        #expect(service.restarts == [first.digest, second.digest])
        #expect(try folder.load(digest: second.digest) == second.station)
    }

    @Test func `leaves a station alone that runs already`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest])
        _ = try activate(first, on: &service)
        #expect(try activate(first, on: &service) == .unchanged)
        #expect(service.restarts.count == 1)
    }

    @Test func `returns to the station before when the new one is not ready`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest])
        _ = try activate(first, on: &service)
        let outcome = try activate(second, on: &service)
        #expect(outcome == .returned(to: first.digest, isReady: true))
        #expect(folder.current == first.digest && folder.previous == nil)
        #expect(service.restarts == [first.digest, second.digest, first.digest])
    }

    @Test func `says when there is nothing to return to`() throws {
        var service = PlayedService(folder: folder)
        #expect(try activate(first, on: &service) == .returned(to: nil, isReady: false))
        #expect(folder.current == nil)
    }

    @Test func `puts the links back when the restart fails`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest])
        _ = try activate(first, on: &service)
        service.failsToRestart = true
        #expect(throws: ActivationError.restartFailed(chinese: "演的", english: "played")) {
            try activate(second, on: &service)
        }
        #expect(folder.current == first.digest && folder.previous == nil)
    }

    @Test func `returns to the station before when the new one ends at its start`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest], ending: [second.digest])
        _ = try activate(first, on: &service)
        let outcome = try activate(second, on: &service)
        #expect(outcome == .returned(to: first.digest, isReady: true))
        #expect(folder.current == first.digest && folder.previous == nil)
        #expect(service.restarts == [first.digest, second.digest, first.digest])
    }

    @Test func `waits while somebody is served, unless told otherwise`() throws {
        var service = PlayedService(folder: folder, sessions: 2, ready: [first.digest])
        #expect(throws: ActivationError.inUse(sessions: 2)) { try activate(first, on: &service) }
        #expect(folder.current == nil && service.restarts.isEmpty)
        #expect(try activate(first, now: true, on: &service) == .activated)
    }

    @Test func `goes on when the station does not answer`() throws {
        var service = PlayedService(folder: folder, sessions: nil, ready: [first.digest])
        #expect(try activate(first, on: &service) == .activated)
    }

    @Test func `changes nothing for a file that is damaged, missing or no digest`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest])
        _ = try activate(first, on: &service)
        let name = ResolvedStation.fileName(digest: second.digest)
        try temporary.write(name, "{}")
        #expect(throws: ActivationError.self) { try activate(second, on: &service) }
        let nowhere = String(repeating: "0", count: 64)
        let activation = Activation(folder: folder)
        #expect(throws: ActivationError.notThere(digest: nowhere)) {
            try activation.run(digest: nowhere, now: true, on: &service)
        }
        #expect(throws: ActivationError.badDigest("../../etc/passwd")) {
            try activation.run(digest: "../../etc/passwd", now: true, on: &service)
        }
        #expect(folder.current == first.digest && service.restarts.count == 1)
    }

    @Test func `refuses a file that is whole and breaks a rule`() throws {
        var station = first.station
        station.doors[0].lock = 0
        let json = ResolvedFile.encode(station)
        let digest = ResolvedStation.digest(ofFile: json)
        try temporary.write(
            ResolvedStation.fileName(digest: digest), String(decoding: json, as: UTF8.self))
        #expect(throws: ActivationError.flaw(.wrongDevice(door: 0, device: 0))) {
            try folder.load(digest: digest)
        }
    }

    @Test func `leaves only whole files and two links behind`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest, second.digest])
        _ = try activate(first, on: &service)
        _ = try activate(second, on: &service)
        let files = [first.digest, second.digest].map(ResolvedStation.fileName).sorted()
        #expect(temporary.names == ["current", "previous"] + files)
    }

    @Test func `keeps a handful of old files`() throws {
        var service = PlayedService(folder: folder, ready: [first.digest])
        for release in 10..<30 {
            try folder.write(
                StationText.resolve(
                    StationText.replacing("release: 5s", with: "release: \(release)s")))
        }
        _ = try activate(first, on: &service)
        let files = temporary.names.filter { $0.hasPrefix("resolved-") }
        #expect(files.count == ResolvedFolder.kept + 1)
        #expect(files.contains(ResolvedStation.fileName(digest: first.digest)))
    }

    @Test func `takes no link to somewhere else for a station`() throws {
        symlink("/etc/passwd", temporary.path + "/current")
        #expect(folder.current == nil)
    }

    @Test func `says what cannot be written`() {
        let nowhere = ResolvedFolder(path: temporary.path + "/gone/resolved")
        #expect(throws: ActivationError.self) { try nowhere.write(first) }
    }
}

@Suite struct `The unit that runs a station` {
    @Test func `is there where systemd booted, and nowhere else`() throws {
        let booted = try TemporaryFolder()
        #expect(
            SystemdUnit.find(bootedFolder: booted.path) == SystemdUnit(name: "stationd.service"))
        #expect(SystemdUnit.find(bootedFolder: "/nowhere") == nil)
        #expect(SystemdUnit.find(bootedFolder: "/etc/passwd") == nil)
    }

    @Test func `is restarted by a program, whose failure is told in both languages`() throws {
        try SystemdUnit.run(["true"])
        #expect(throws: ActivationError.restartFailed(chinese: "false: 1", english: "false: 1")) {
            try SystemdUnit.run(["false"])
        }
        #expect(
            throws: ActivationError.restartFailed(
                chinese: "/no/program：没有这个文件或目录",
                english: "/no/program: No such file or directory")
        ) {
            try SystemdUnit.run(["/no/program"])
        }
    }
}
