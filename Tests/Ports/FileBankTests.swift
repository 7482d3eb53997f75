// Workers and the kernel's files, against a folder tree that stands for sysfs.

import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

/// A folder below /run or /tmp with files of numbers.
private final class Tree {
    let path: String

    init() throws {
        var name = Array("/tmp/station-files-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&name).map { String(cString: $0) })
    }

    deinit { _ = try? FileTreeSweeper.remove(path) }

    func write(_ name: String, _ text: String) {
        let parts = name.split(separator: "/").dropLast()
        var folder = path
        for part in parts {
            folder += "/\(part)"
            mkdir(folder, 0o755)
        }
        let file = fopen("\(path)/\(name)", "w")
        fputs(text, file)
        fclose(file)
    }

    func remove(_ name: String) { unlink("\(path)/\(name)") }
}

private enum FileTreeSweeper {
    static func remove(_ path: String) throws {
        for name in LinuxFiles(state: "/").names(in: path) {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { try remove(child) }
        }
        rmdir(path)
    }
}

@Suite struct `Files of the kernel` {
    private let files = LinuxFiles(state: "/")

    @Test func `are read as far as a value goes`() throws {
        let tree = try Tree()
        tree.write("value", "23125\n")
        tree.write("long", String(repeating: "9", count: 10_000))
        #expect(try files.content(of: "\(tree.path)/value") == Array("23125\n".utf8))
        #expect(try files.content(of: "\(tree.path)/long").count == FileProbe.contentLimit)
    }

    @Test func `that are not there, or are none, are told apart`() throws {
        let tree = try Tree()
        tree.write("value", "1")
        #expect(throws: FileTrouble.absent) { try files.content(of: "\(tree.path)/gone") }
        #expect(throws: FileTrouble.absent) { try files.content(of: "\(tree.path)/value/x") }
        #expect(throws: FileTrouble.unreadable) { try files.content(of: tree.path) }
        // A pipe that nobody writes to would hold a worker for ever.
        mkfifo("\(tree.path)/pipe", 0o600)
        #expect(throws: FileTrouble.unreadable) { try files.content(of: "\(tree.path)/pipe") }
        #expect(throws: FileTrouble.unreadable) { try files.content(of: "/dev/zero") }
    }

    @Test func `name the disk with the station's state`() {
        let parts = files.stateDevice.split(separator: ":")
        #expect(parts.count == 2 && parts.allSatisfy { Int($0) != nil })
        #expect(LinuxFiles(state: "/nowhere/at/all").stateDevice == "0:0")
    }

    @Test func `of this machine have its memory`() {
        var probe = FileProbe(
            FilePlace(kind: .number, paths: ["/proc/meminfo"], label: "MemAvailable:"))
        guard case .number(let kilobytes) = probe.look(in: files) else {
            Issue.record("no memory")
            return
        }
        #expect(DecimalNumber(1_000) < kilobytes)
    }
}

@Suite struct `A worker for files` {
    private func station(_ place: FilePlace) -> ResolvedStation {
        ResolvedStation(
            station: StationIdentity(
                id: "a", nameChinese: "甲", nameEnglish: "A", phone: "", utcOffsetMinutes: 0),
            lines: [],
            devices: [
                ResolvedDevice(
                    name: "sensor", profile: "sensor", labelChinese: "", labelEnglish: "",
                    driver: .boardDevice(
                        BoardDeviceSettings(points: [
                            PointSettings(
                                name: "value", kind: .level, source: .file(at: place),
                                everyMilliseconds: 1_000)
                        ])))
            ], doors: [], journal: JournalSettings(), policy: StationPolicy())
    }

    @Test func `looks in its turns, tells what it found, and what vanished comes back`() throws {
        let tree = try Tree()
        tree.write("hwmon2/name", "lm75\n")
        tree.write("hwmon2/temp1_input", "23125\n")
        let place = FilePlace(
            kind: .number, paths: ["\(tree.path)/hwmon*/temp1_input"], folderNames: ["lm75"])
        let plans = FileBank.Plan.plans(for: station(place))
        #expect(plans.count == 1)
        var worker = FileWorker(plans[0], LinuxFiles(state: "/"))
        var found: [FileFinding] = []
        var now = Instant(nanoseconds: 1_000_000_000)
        worker.look(at: now) { found.append($0.finding) }
        worker.look(at: now + .milliseconds(999)) { found.append($0.finding) }
        #expect(found == [.number(DecimalNumber(23_125))])
        #expect(worker.next == now + .seconds(1))
        tree.remove("hwmon2/temp1_input")
        now = now + .seconds(1)
        worker.look(at: now) { found.append($0.finding) }
        // After a re-plug it has another number.
        tree.write("hwmon5/name", "lm75\n")
        tree.write("hwmon5/temp1_input", "-500\n")
        tree.remove("hwmon2/name")
        now = now + .seconds(1)
        worker.look(at: now) { found.append($0.finding) }
        #expect(found.dropFirst() == [.absent, .number(DecimalNumber(-500))])
    }
}
