// `stationctl pass`: day passes, as codes that a QR scanner at the door reads.

import ArgumentParser
import Control
import Glibc
import StationCore

struct PassCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pass", abstract: "日票 / Day passes.",
        subcommands: [PassIssue.self, PassShow.self])
}

struct PassIssue: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "没有中枢的驿站自己签发 / Issue one at a station that has no hub.",
        discussion: "stationctl pass issue --hours 12 --quota 4 | qrencode -t UTF8")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: .long, help: "在整个片区有效 / Good in a whole district.")
    var district: String?

    @Option(name: .long, help: "几小时后生效 / Hours until it is good.")
    var delay = 0

    @Option(name: .long, help: "有效几小时 / Hours for which it is good.")
    var hours = 24

    @Option(name: .long, help: "在一个站可用几次 / Uses at one station.")
    var quota = 1

    func validate() throws {
        guard (0...ControlLimits.passHours).contains(delay) else {
            throw ValidationError("--delay: expected 0 to \(ControlLimits.passHours)")
        }
        guard (1...ControlLimits.passHours).contains(hours) else {
            throw ValidationError("--hours: expected 1 to \(ControlLimits.passHours)")
        }
        guard (1...255).contains(quota) else {
            throw ValidationError("--quota: expected 1 to 255")
        }
        if let district {
            guard let id = ShortText(district), !id.isEmpty else {
                throw ValidationError(
                    "--district: expected at most \(ShortText.capacity) ASCII characters")
            }
        }
    }

    /// The code alone on standard output, for `qrencode`; what it says beside it.
    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let reply: IssuePass.Reply
        do {
            reply = try client.call(
                IssuePass.self,
                IssuePass.Parameters(
                    district: district, delay: delay, hours: hours, quota: quota))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(reply) }
        output.line(reply.pass)
        if isatty(STDOUT_FILENO) == 1, let report = try? PassText.report(reply.pass, reply.issuer) {
            for line in report.lines(output.catalogue) { output.line(line) }
        }
    }
}

struct PassShow: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "一张日票写了什么 / What a day pass says.",
        discussion: "stationctl pass show DP1...")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "二维码里的文字 / The text of the QR code.")
    var text: String

    @Option(name: .long, help: "用这把公钥核对签名 / Check the signature with this public key.")
    var issuer: String?

    func execute(_ output: Output) throws(Problem) {
        let report = try PassText.report(text, issuer)
        if output.isJSON {
            output.json(report)
        } else {
            for line in report.lines(output.catalogue) { output.line(line) }
        }
        switch report.signature {
        case .good, .unchecked: return
        case .wrong: throw PassText.problem(.signature)
        case .otherIssuer: throw PassText.problem(.unknownIssuer)
        }
    }
}

/// A day pass's text into its report.
enum PassText {
    /// - Parameter issuer: a public key in hexadecimal.
    static func report(_ text: String, _ issuer: String?) throws(Problem) -> PassReport {
        let signed: SignedDayPass
        do {
            signed = try SignedDayPass.parse(text)
        } catch {
            throw problem(error)
        }
        var key: DayPassIssuer?
        if let issuer {
            key = DayPassIssuer(publicKey: try HexInput.bytes(issuer))
            guard key != nil else {
                throw .badData(
                    TextRecord(
                        zh: "公钥应为32个字节", en: "a public key has 32 bytes"))
            }
        }
        return PassReport(
            signed, issuer: key, utcOffset: localOffset(at: signed.claim.validFrom))
    }

    static func problem(_ refusal: DayPassRefusal) -> Problem {
        .badData(TextRecord(zh: refusal.text(.chinese), en: refusal.text(.english)))
    }

    /// This machine's offset from UTC then, in seconds.
    private static func localOffset(at time: WallTime) -> Int32 {
        var seconds = time_t(time.seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int32(clamping: parts.tm_gmtoff)
    }
}
