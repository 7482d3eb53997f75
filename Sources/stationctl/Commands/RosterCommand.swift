// `stationctl roster`: who may come in.

import ArgumentParser
import Control
import Glibc

struct RosterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roster", abstract: "名册 / Who may come in.",
        subcommands: [RosterImport.self, RosterApply.self, RosterShow.self])
}

struct RosterImport: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "导入 CSV，逐行给出结果；卡号在驿站内散列 / Import a CSV; a verdict for each row.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "CSV 文件，- 为标准输入 / The CSV file, - for standard input.")
    var file: String

    @Flag(name: .long, help: "只试算，不更改 / Only say what would become of it.")
    var dryRun = false

    @Flag(name: .long, help: "有错的行除外，其余生效 / Take the good rows although some are not.")
    var partial = false

    func execute(_ output: Output) throws(Problem) {
        let descriptor = try InputFile.open(file)
        defer { close(descriptor) }
        var client = try socket.connect()
        // A million rows take the station some seconds.
        client.setTimeout(milliseconds: 130_000)
        let reply: ImportRoster.Reply
        do {
            reply = try client.importRoster(descriptor, partial: partial, dry: dryRun)
        } catch {
            throw .station(error)
        }
        if output.isJSON {
            output.json(reply)
        } else {
            let text = VerdictText(catalogue: output.catalogue)
            for line in text.lines(reply, dry: dryRun) { output.line(line) }
        }
        guard reply.applied || (dryRun && reply.refused == 0) else { throw .told(.badData) }
    }
}

struct RosterApply: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "启用中枢签名的名册，整份或增量 / Put a roster in place that a hub signed.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "签名名册，- 为标准输入 / The signed roster, - for standard input.")
    var file: String

    func execute(_ output: Output) throws(Problem) {
        let descriptor = try InputFile.open(file)
        defer { close(descriptor) }
        var client = try socket.connect()
        // A million rows take the station some seconds.
        client.setTimeout(milliseconds: 130_000)
        do {
            let reply = try client.applyRoster(descriptor)
            guard !output.isJSON else { return output.json(reply.roster) }
            for line in RosterShow.lines(reply.roster, output.catalogue) { output.line(line) }
        } catch {
            throw .station(error)
        }
    }
}

struct RosterShow: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "现行名册 / The roster in force.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Flag(name: .long, help: "列出钥匙 / List the keys.")
    var keys = false

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let offset = try client.call(GetStation.self).station.clock.utcOffset
            var page = GetRoster.Parameters(limit: keys ? nil : 0)
            var reply = try client.call(GetRoster.self, page)
            output.isJSON ? output.json(reply.roster) : head(reply, output)
            while keys {
                for key in reply.keys {
                    output.isJSON
                        ? output.json(key) : output.line(Self.line(key, offset, output.catalogue))
                }
                guard let next = reply.next else { return }
                page.after = next
                reply = try client.call(GetRoster.self, page)
            }
        } catch {
            throw .station(error)
        }
    }

    private func head(_ reply: GetRoster.Reply, _ output: Output) {
        let (words, roster) = (output.catalogue, reply.roster)
        if reply.enrolled > 0 {
            output.line(
                words.say(
                    "\(reply.enrolled) 把钥匙有现场登记的卡",
                    "\(reply.enrolled) keys have cards that were enrolled here"))
        }
        for line in Self.lines(roster, words) { output.line(line) }
    }

    /// Version, counts, key, digest, and whose it is.
    static func lines(_ roster: RosterRecord, _ words: Catalogue) -> [String] {
        guard roster.version > 0 else { return [words.say("还没有名册", "no roster yet")] }
        let told =
            (roster.told ?? 0) == 0
            ? []
            : [
                words.say(
                    "\(roster.told ?? 0) 把钥匙在本站挂失或停用",
                    "\(roster.told ?? 0) keys were told lost or blocked here")
            ]
        let issuer = roster.issuer.map { words.say("签发者 ", "issuer ") + $0 }
        return [
            words.say(
                "第 \(roster.version) 版，\(roster.keys) 把钥匙，\(roster.forms) 个匹配码，密钥 \(roster.epoch)",
                "version \(roster.version), \(roster.keys) keys, \(roster.forms) match forms, "
                    + "station key \(roster.epoch)"),
            words.say("摘要 ", "digest ") + roster.digest,
            issuer ?? words.say("本地导入，未签名", "imported here, signed by nobody"),
        ] + told
    }

    /// First and last day in station time: the station's own end is the midnight after.
    static func line(_ key: KeyRecord, _ utcOffset: Int32, _ words: Catalogue) -> String {
        let dates = [key.validFrom, key.validTo.map { $0 - 1 }].map { milliseconds in
            milliseconds.map {
                String(Timestamp.rfc3339(milliseconds: $0, utcOffset: utcOffset).prefix(10))
            } ?? ""
        }
        let days = dates == ["", ""] ? words.say("不限期", "no end") : dates.joined(separator: "~")
        var own = key.enrolled ? words.say("有现场登记的卡", "cards enrolled here") : ""
        if let rights = key.rights { own += words.say("，权限 ", ", rights ") + rights }
        let blind =
            key.cannotMatchAt.isEmpty
            ? ""
            : words.say("! 认不出它的读卡器：", "! no match at: ")
                + key.cannotMatchAt.joined(separator: ",")
        let doors = key.doors.joined(separator: ",")
        let state =
            words.keyState(key.state) + (key.told == nil ? "" : words.say("（本站）", " (told here)"))
        let more = (terms(key, words) + [own, blind]).filter { !$0.isEmpty }
        return ([key.key, key.holder, state, doors, days] + more)
            .joined(separator: "  ")
    }

    /// Services, hours and quotas, where a key has any.
    private static func terms(_ key: KeyRecord, _ words: Catalogue) -> [String] {
        var terms: [String] = []
        if let services = key.services {
            let none = words.say("无", "none")
            let names = services.isEmpty ? none : services.joined(separator: ",")
            terms.append(words.say("服务：", "services: ") + names)
        }
        if let hours = key.hours { terms.append(words.say("时段：", "hours: ") + hours) }
        if let quota = key.quota { terms.append(words.say("限额：", "quota: ") + quota) }
        return terms
    }
}

/// A file that can be passed to the station, whatever it came from.
enum InputFile {
    /// More is no roster and no key.
    static let limit = ControlLimits.passedFile

    /// Opens a regular file; copies standard input into one that has no name.
    static func open(_ path: String) throws(Problem) -> Int32 {
        let descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(path: path, errno: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return descriptor
        case S_IFDIR: throw .file(path: path, errno: EISDIR)
        default: return try copy(descriptor, path)
        }
    }

    /// A file without a name, in memory where there is such a folder: it may hold a key.
    private static func nameless() throws(Problem) -> Int32 {
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(folder)/stationctl-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .file(path: folder, errno: errno) }
        unlink(template)
        return descriptor
    }

    private static func copy(_ from: Int32, _ path: String) throws(Problem) -> Int32 {
        let memory = try nameless()
        var portion = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        while true {
            let count = read(from, &portion, portion.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, errno: errno) }
            if count == 0 { return memory }
            total += count
            guard total <= limit, write(memory, portion, count) == count else {
                throw .file(path: path, errno: EFBIG)
            }
        }
    }
}
