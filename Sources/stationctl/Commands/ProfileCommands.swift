// `stationctl profile`: for whoever adds a model, before any station runs on it.

import ArgumentParser
import Control
import Glibc
import Profiles
import StationCore

struct ProfileCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "设备档案：检查、试算、新建 / Device profiles: check, try, begin one.",
        subcommands: [ProfileLint.self, ProfileTest.self, ProfileNew.self, ProfileList.self])
}

struct ProfileLint: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "检查档案，一次列出所有错误 / Check profiles; every mistake at once.")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "档案文件 / The files.")
    var files: [String]

    func execute(_ output: Output) throws(Problem) {
        var errors: [ConfigurationError] = []
        for file in files { errors += Self.errors(in: file) }
        if output.isJSON {
            output.json(errors.map(Finding.init))
        } else {
            for error in errors { output.line(error.text(output.catalogue.language)) }
            let count = errors.count
            output.line(
                count == 0
                    ? output.catalogue.say(
                        "没有错误：\(files.count) 份档案",
                        "no mistake: \(files.count) profile\(files.count == 1 ? "" : "s")")
                    : output.catalogue.say(Count.mistakes(count).zh, Count.mistakes(count).en))
        }
        guard errors.isEmpty else { throw .told(.badData) }
    }

    /// What is wrong in a file, or with its worked examples when nothing else is.
    static func errors(in file: String) -> [ConfigurationError] {
        do throws(ConfigurationErrors) {
            return try DeviceProfile.read(file: file).exampleErrors(file: file)
        } catch {
            return error.errors
        }
    }
}

/// A worked example's verdict, for JSON.
struct ExampleRecord: Codable, Equatable {
    var file: String
    var line: Int
    var isTrue: Bool
    var expected: String?
    var found: String?

    init(_ verdict: DeviceProfile.Verdict, file: String) {
        self.file = file
        line = verdict.place.line
        isTrue = verdict.contradiction == nil
        expected = verdict.contradiction?.expected
        found = verdict.contradiction?.found
    }
}

struct ProfileTest: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "逐条试算档案里的实例 / Ask the codecs about each worked example.")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "档案文件 / The files.")
    var files: [String]

    func execute(_ output: Output) throws(Problem) {
        var records: [ExampleRecord] = []
        var broken = 0
        for file in files {
            do throws(ConfigurationErrors) {
                let verdicts = try DeviceProfile.read(file: file).verdicts
                records += verdicts.map { ExampleRecord($0, file: file) }
            } catch {
                broken += 1
                if output.isJSON {
                    output.json(error.errors.map(Finding.init))
                } else {
                    output.line(error.text(output.catalogue.language))
                }
            }
        }
        if output.isJSON {
            for record in records { output.json(record) }
        } else {
            for record in records { output.line(text(record, output.catalogue)) }
        }
        guard broken == 0 else { throw .told(.badData) }
        guard records.allSatisfy(\.isTrue) else { throw .told(.no) }
    }

    private func text(_ record: ExampleRecord, _ words: Catalogue) -> String {
        let place = "\(record.file):\(record.line): "
        guard let expected = record.expected, let found = record.found else {
            return place + words.say("符合", "comes true")
        }
        return place
            + words.say("写的是 \(expected)，算出来是 \(found)", "says \(expected), comes out as \(found)")
    }
}

struct ProfileNew: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "打印一份带注释的新档案 / Print a profile with comments to begin from.",
        discussion: """
            stationctl profile new meter --id my-meter --into Devices
            """)

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "种类 / What it is: \(ProfileSkeleton.kinds.joined(separator: ", ")).")
    var kind: String

    @Option(name: .long, help: "档案名，就是文件名 / Its id, which is its file's name.")
    var id: String?

    @Option(name: .long, help: "写进这个目录 / Write it into this folder instead of printing it.")
    var into: String?

    func execute(_ output: Output) throws(Problem) {
        let name = id ?? "my-\(kind)"
        guard ResolvedStation.isLegalName(name) else {
            throw .badData(
                TextRecord(
                    zh: "“\(name)”不能作名称：只用小写字母、数字和连字符",
                    en: "`\(name)` is no name: lower-case letters, digits and hyphens"))
        }
        guard let text = ProfileSkeleton.text(of: kind, id: name) else {
            let known = ProfileSkeleton.kinds.joined(separator: ", ")
            throw .badData(
                TextRecord(
                    zh: "没有种类“\(kind)”，可写：\(known)", en: "there is no kind `\(kind)`: \(known)"))
        }
        if let into {
            let path = "\(into)/\(name).yaml"
            try Self.write(text, path)
            output.isJSON ? output.json(["file": path]) : output.line(path)
        } else {
            output.isJSON ? output.json(["id": name, "text": text]) : output.text(text)
        }
    }

    /// Into a file that must not be there yet.
    private static func write(_ text: String, _ path: String) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : .file(path: path, errno: errno)
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            let number = errno
            unlink(path)
            throw .file(path: path, errno: number)
        }
    }
}

/// A profile in a list, for JSON.
struct ProfileRecord: Codable, Equatable {
    var id: String
    var kind: String
    var maker: String
    var model: String
    var link: String
    var points: [String]
    var actions: [String]
    var parameters: [String]
    var examples: Int
    var sources: [String]

    init(_ row: DeviceProfile.Row) {
        id = row.id
        kind = row.kind
        maker = row.maker
        model = row.model
        link = row.link
        points = row.points
        actions = row.actions
        parameters = row.parameters
        examples = row.examples
        sources = row.sources
    }
}

struct ProfileList: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "已有的型号 / The models that there are.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions

    @Flag(name: .long, help: "打印 docs/devices.md / Print docs/devices.md.")
    var markdown = false

    func execute(_ output: Output) throws(Problem) {
        try profiles.lookForFolder()
        let all: [DeviceProfile]
        do throws(ConfigurationErrors) {
            all = try DeviceProfile.all(in: profiles.folder)
        } catch {
            output.isJSON
                ? output.json(error.errors.map(Finding.init))
                : output.line(error.text(output.catalogue.language))
            throw .told(.badData)
        }
        if output.isJSON {
            for profile in all { output.json(ProfileRecord(profile.row)) }
        } else if markdown {
            output.text(DeviceProfile.document(of: all))
        } else {
            for row in all.map(\.row) {
                let kind = output.catalogue.say(row.kindChinese, row.kind)
                output.line("\(row.id)\t\(kind)\t\(row.maker) \(row.model)\t\(row.link)")
            }
        }
    }
}
