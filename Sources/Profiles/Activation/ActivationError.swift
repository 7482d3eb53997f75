// Why a resolved station was not put in place.

public import StationCore

/// What stopped an activation. Nothing was changed unless the case says so.
public enum ActivationError: Error, Equatable, Sendable {
    case file(FileFailure)
    /// No `resolved-<digest>.json` of that digest in the folder.
    case notThere(digest: String)
    case badDigest(String)
    /// The file's content does not have the digest that its name promises.
    case damaged(named: String, found: String)
    case notAStation(NotAStation)
    case flaw(ResolvedStation.Flaw)
    /// A restart would cut people off; `--now` overrides.
    case inUse(sessions: Int)
    case restartFailed(chinese: String, english: String)
    /// Nothing that could restart the station can be reached.
    case noRoute

    /// What is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        let words = sentence
        return language == .chinese ? words.chinese : words.english
    }

    private var sentence: (chinese: String, english: String) {
        switch self {
        case .file(let failure):
            (
                "\(failure.path)：\(failure.reason.text(.chinese))。请检查权限和磁盘空间。",
                "\(failure.path): \(failure.reason.text(.english)). "
                    + "Check permissions and free space."
            )
        case .notThere(let digest):
            (
                "没有解析文件 \(digest.prefix(12))…，请先运行 stationctl resolve。",
                "There is no resolved file \(digest.prefix(12))…; run stationctl resolve first."
            )
        case .badDigest(let text):
            (
                "“\(text.prefix(70))”不是 64 位十六进制摘要。",
                "`\(text.prefix(70))` is no digest of 64 lower-case hexadecimal digits."
            )
        case .damaged(let named, let found):
            (
                "解析文件已损坏：名称 \(named.prefix(12))…，内容 \(found.prefix(12))…。请重新 resolve。",
                "The resolved file is damaged: named \(named.prefix(12))…, content "
                    + "\(found.prefix(12))…. Resolve again."
            )
        case .notAStation(let reason):
            (
                "不是解析文件：\(reason.text(.chinese))。请重新 resolve。",
                "Not a resolved station: \(reason.text(.english)). Resolve again."
            )
        case .flaw(let flaw): (flaw.text(.chinese), flaw.text(.english))
        case .inUse(let sessions):
            (
                "现在有 \(sessions) 人在用，稍后再试，或加 --now 立即重启。",
                "\(sessions) in use right now: try again later, or restart at once with --now."
            )
        case .restartFailed(let chinese, let english):
            ("重启没有成功：\(chinese)。", "The restart failed: \(english).")
        case .noRoute:
            (
                "没有 systemd，也连不上 stationd 的控制套接字，请手动重启。",
                "No systemd, and stationd's socket cannot be opened: restart it by hand."
            )
        }
    }
}

/// Why bytes are no resolved station.
public enum NotAStation: Equatable, Sendable {
    case tooLarge(bytes: Int)
    case noJSON
    /// The path to the member that is missing or of another type.
    case member(String)

    func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .tooLarge(let bytes):
                ("超过 \(bytes >> 20) MiB", "larger than \(bytes >> 20) MiB")
            case .noJSON: ("不是 JSON", "it is no JSON")
            case .member(let path):
                ("\(path) 缺失或类型不对", "\(path) is missing or of another type")
            }
        return language == .chinese ? words.0 : words.1
    }
}
