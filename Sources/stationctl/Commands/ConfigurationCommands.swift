// `stationctl check`, `resolve`, `activate`: from a station file to a running station.

import ArgumentParser
import Control
import Glibc
import Profiles
import StationCore

/// Where profiles are.
struct ProfileOptions: ParsableArguments {
    /// Where a package puts them.
    static let installed = "/usr/share/stationd/Devices"

    @Option(
        name: .long,
        help: "设备档案目录；默认 ./Devices 或 \(ProfileOptions.installed) / The profiles' folder.")
    var devices: String?

    var folder: String {
        devices ?? (access("Devices", R_OK) == 0 ? "Devices" : Self.installed)
    }

    /// - Throws: `told` once every mistake was told.
    func resolve(_ file: String, _ output: Output) throws(Problem) -> Resolution {
        try lookForFolder()
        do {
            return try resolve(file)
        } catch {
            if output.isJSON {
                output.json(error.errors.map(Finding.init))
            } else {
                error.tell(output)
            }
            throw .told(error.ending)
        }
    }

    func resolve(_ file: String) throws(ConfigurationErrors) -> Resolution {
        try Resolution.resolve(stationFile: file, devicesDirectory: folder)
    }

    /// Whether there are profiles where they are looked for.
    func lookForFolder() throws(Problem) {
        guard access(folder, R_OK | X_OK) == 0 else { throw .file(path: folder, errno: errno) }
    }
}

extension ConfigurationErrors {
    /// A file that cannot be read at all is another matter than one that is wrong.
    var ending: Ending {
        errors.contains { error in
            if case .unreadable = error.kind { true } else { false }
        } ? .noInput : .badData
    }

    /// Every mistake, and how many there are.
    func tell(_ output: Output) {
        output.line(text(output.catalogue.language))
        let mistakes = Count.mistakes(errors.count)
        output.line(
            output.catalogue.say(
                "\(mistakes.zh)，什么都没有更改", "\(mistakes.en), nothing was changed"))
    }
}

/// Numbers of things, as people say them.
enum Count {
    static func mistakes(_ count: Int) -> TextRecord {
        TextRecord(zh: "\(count) 处错误", en: count == 1 ? "1 mistake" : "\(count) mistakes")
    }
}

/// A mistake in a file, for JSON.
struct Finding: Codable, Equatable {
    var file: String
    var line: Int
    var column: Int
    var text: TextRecord
    var suggestion: String?

    init(_ error: ConfigurationError) {
        file = error.file
        line = error.place.line
        column = error.place.column
        text = TextRecord(zh: error.sentence(.chinese), en: error.sentence(.english))
        suggestion = error.suggestion
    }
}

struct CheckCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "检查驿站文件，一次列出所有错误 / Check station files; every mistake at once.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions

    @Argument(help: "驿站文件 / The station files.")
    var files: [String]

    func execute(_ output: Output) throws(Problem) {
        try profiles.lookForFolder()
        var findings: [Finding] = []
        var ending = Ending.ok
        for file in files {
            do {
                let resolution = try profiles.resolve(file)
                if !output.isJSON { tell(resolution, of: file, output) }
            } catch {
                findings += error.errors.map(Finding.init)
                if ending == .ok { ending = error.ending }
                if !output.isJSON { error.tell(output) }
            }
        }
        if output.isJSON { output.json(findings) }
        guard ending == .ok else { throw .told(ending) }
    }

    private func tell(_ resolution: Resolution, of file: String, _ output: Output) {
        for note in resolution.notes { output.line(note.text(output.catalogue.language)) }
        let station = resolution.station
        let (doors, devices) = (station.doors.count, station.devices.count)
        let name = files.count > 1 ? "\(file): " : ""
        output.line(
            name
                + output.catalogue.say(
                    "没有错误：\(doors) 扇门，\(devices) 台设备",
                    "no mistake: \(doors) door\(doors == 1 ? "" : "s"), "
                        + "\(devices) device\(devices == 1 ? "" : "s")"))
    }
}

/// Where resolved stations are kept.
struct FolderOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "stationd 的状态目录 / stationd's state directory (/var/lib/stationd).")
    var state = "/var/lib/stationd"

    var folder: ResolvedFolder { ResolvedFolder(path: state + "/resolved") }
}

struct ResolveCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "把驿站文件解析成 stationd 运行的文件 / Make the one file that stationd runs.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var place: FolderOptions

    @Argument(help: "驿站文件 / The station file.")
    var file: String

    @Flag(name: .long, help: "只打印，不写 / Print it instead of writing it.")
    var stdout = false

    func execute(_ output: Output) throws(Problem) {
        let resolution = try profiles.resolve(file, output)
        guard !stdout else {
            return output.line(String(decoding: resolution.json.dropLast(), as: UTF8.self))
        }
        do {
            try place.folder.write(resolution)
        } catch {
            throw .activation(error)
        }
        output.isJSON ? output.json(["digest": resolution.digest]) : output.line(resolution.digest)
    }
}

struct ActivateCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "让驿站运行它；没起来就换回原来的 / Run it; go back if it does not come up.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var place: FolderOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "resolve 给出的摘要，或驿站文件 / What resolve printed, or a station file.")
    var what: String

    @Flag(name: .long, help: "即使有人正在使用 / Even while somebody is being served.")
    var now = false

    func execute(_ output: Output) throws(Problem) {
        let folder = place.folder
        var digest = what
        if !ResolvedStation.isDigest(what) {
            let resolution = try profiles.resolve(what, output)
            do {
                try folder.write(resolution)
            } catch {
                throw .activation(error)
            }
            digest = resolution.digest
        }
        var service = RunningStation(
            path: socket.path, digest: digest, isUrgent: now)
        let outcome: Activation.Outcome
        do {
            outcome = try Activation(folder: folder).run(digest: digest, now: now, on: &service)
        } catch {
            throw .activation(error)
        }
        try report(outcome, digest, output)
        if service.isAbsent {
            output.note(
                output.catalogue.say(
                    "stationd 没有在运行，下次启动时生效",
                    "stationd is not running; it takes effect at its next start"))
        }
    }

    private func report(
        _ outcome: Activation.Outcome, _ digest: String, _ output: Output
    ) throws(Problem) {
        let words = output.catalogue
        let short = digest.prefix(12)
        switch outcome {
        case .unchanged:
            output.note(words.say("\(short) 已在运行", "\(short) runs already"))
        case .activated:
            output.note(words.say("\(short) 已生效", "\(short) is in force"))
        case .returned(let before, let isReady):
            let back = before.map { String($0.prefix(12)) } ?? words.say("（没有）", "(none)")
            output.note(
                words.say("\(short) 没有就绪，换回 \(back)", "\(short) was not ready; back to \(back)")
                    + (isReady
                        ? "" : words.say("，也没有就绪：请到现场", ", which is not ready either: go there")))
            throw .told(.no)
        }
    }
}
