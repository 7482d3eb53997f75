// What the program says to the person who started it, and to systemd.

import ArgumentParser
import CLinux
import Control
import Glibc
import NIOCore
import StationCore
import Telemetry

enum Language: String, ExpressibleByArgument, CaseIterable {
    case zh
    case en

    /// As LC_ALL, LC_MESSAGES or LANG say, in this order.
    static var ofLocale: Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = getenv(name), value.pointee != 0 else { continue }
            return String(cString: value).hasPrefix("zh") ? .zh : .en
        }
        return .en
    }
}

/// One sentence each, in one language. News go to standard output, errors to standard error.
struct Console {
    let language: Language

    private func text(_ zh: String, _ en: String) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }

    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private func complain(_ line: String) { Self.toStandardError("station-gateway: " + line) }

    /// One line to standard error, whole: others may write there at the same time.
    static func toStandardError(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    func listening(_ address: ListenAddress, port: Int, socket: String) {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let place = "http://\(host):\(port)"
        say(
            text(
                "驿站网关已启动：\(place)（读取 \(socket)）",
                "station-gateway listens at \(place) (reads \(socket))"))
        _ = station_notify("READY=1\nSTATUS=" + place)
    }

    func say(_ news: ControlSource.News, path: String) {
        switch news {
        case .reached(let station):
            say(text("已连上驿站 \(station)。", "Station \(station) answers."))
            _ = station_notify("STATUS=station \(station) answers")
        case .away(let failure):
            complain(
                text(
                    "驿站没有应答（\(path)：\(reason(failure))）。门不受影响，网关会一直重试。",
                    "The station does not answer (\(path): \(reason(failure))). Doors are not "
                        + "affected; the gateway keeps trying."))
            _ = station_notify("STATUS=station does not answer")
        }
    }

    private func system(_ number: Int32) -> String {
        let error = SystemError(number)
        return text(error.text(.chinese), error.text(.english))
    }

    private func reason(_ failure: ControlFailure) -> String {
        switch failure {
        case .unreachable(_, let number): system(number)
        case .timedOut: text("超时", "timed out")
        case .closed: text("连接断开", "connection closed")
        case .notUnderstood(let reason): text(reason.text(.chinese), reason.text(.english))
        case .refused(let error): error.name
        }
    }

    func stopped() {
        _ = station_notify("STOPPING=1")
        say(text("驿站网关已停止。", "station-gateway stopped."))
    }

    func cannotListen(_ address: ListenAddress, _ error: IOError) {
        complain(
            text(
                "不能在 \(address) 监听：\(system(error.errnoCode))。请换一个 --listen，"
                    + "或停掉占用它的程序。",
                "cannot listen at \(address): \(system(error.errnoCode)). Choose another "
                    + "--listen, or stop the program that has it."))
    }

    func badAddress(_ address: String) {
        complain(
            text(
                "--listen \(address)：应为数字地址和端口，如 127.0.0.1:8480 或 [::]:8480。",
                "--listen \(address): expected a numeric address and a port, such as "
                    + "127.0.0.1:8480 or [::]:8480."))
    }

    func badTokens(_ path: String, _ flaws: Tokens.Flaws) {
        for flaw in flaws.all {
            let place = flaw.line > 0 ? "\(path):\(flaw.line)" : path
            complain("\(place): " + text(flaw.zh, flaw.en))
        }
    }

    func refused(_ refusal: GatewaySettings.Refusal) {
        complain(text(refusal.text.zh, refusal.text.en))
    }
}
