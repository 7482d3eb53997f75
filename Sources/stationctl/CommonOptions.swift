// What every command takes: how to speak, and for most where the station is.

import ArgumentParser
import Control
import Glibc
import StationCore

/// How to speak.
struct SpeechOptions: ParsableArguments {
    @Option(
        name: .long, help: "zh 或 en；默认按 LC_ALL、LC_MESSAGES、LANG / default: by locale.",
        transform: SpeechOptions.language)
    var lang: Wording.Language?

    @Flag(name: .long, help: "输出 JSON / Print JSON.")
    var json = false

    var language: Wording.Language {
        lang ?? Locale.language { getenv($0).map { String(cString: $0) } }
    }

    var catalogue: Catalogue { Catalogue(language: language) }

    private static func language(_ text: String) throws -> Wording.Language {
        guard let language = Wording.Language(rawValue: text) else {
            throw ValidationError("应为 zh 或 en / expected zh or en")
        }
        return language
    }
}

/// Where the station is.
struct SocketOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "控制套接字；默认 $STATIOND_SOCKET 或 /run/stationd/control / The control socket.")
    var socket: String?

    var path: String {
        socket ?? getenv("STATIOND_SOCKET").map { String(cString: $0) }
            ?? ControlClient.defaultPath
    }

    /// - Throws: `Problem` when nobody is there, or the door is closed to us.
    /// - Parameter seconds: how long the station may be silent.
    func connect(patience seconds: Int = 10) throws(Problem) -> ControlClient {
        do {
            return try ControlClient(path: path, timeoutMilliseconds: seconds * 1_000)
        } catch {
            throw .station(error)
        }
    }
}

/// The language that the environment asks for.
enum Locale {
    /// As setlocale(3) looks for messages: the first of the three that is set and not empty.
    static func language(_ variable: (String) -> String?) -> Wording.Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = variable(name), !value.isEmpty else { continue }
            return value.lowercased().hasPrefix("zh") ? .chinese : .english
        }
        return .english
    }
}
