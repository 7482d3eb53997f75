// The refusals of the gateway itself, each said once.

import Control
import HTTPTypes
import NIOCore
import StationCore

extension Problem {
    static func noSuchPath() -> Problem {
        Problem(
            .noSuchPath,
            zh: "这里没有东西。有哪些地址，见 /openapi.json。",
            en: "Nothing is here. /openapi.json says which paths there are.")
    }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        var problem = Problem(
            .methodNotAllowed,
            zh: "请用其中一种方法：\(list)。",
            en: "Use one of \(list).")
        problem.allow = list
        return problem
    }

    static func notAcceptable(_ types: [String]) -> Problem {
        let list = types.joined(separator: ", ")
        return Problem(
            .notAcceptable,
            zh: "Accept 里请写其中一种：\(list)。",
            en: "Let Accept name one of: \(list).")
    }

    static func unreadable() -> Problem {
        Problem(
            .unreadable,
            zh: "这不是 HTTP/1.1 请求。请检查客户端和代理。",
            en: "This is no HTTP/1.1 request. Check the client, and the proxy before it.")
    }

    static func headersTooLong() -> Problem {
        Problem(
            .headersTooLong,
            zh: "请求头最多 \(GatewayLimits.headers) 字节、\(GatewayLimits.headerCount) 项，"
                + "每项最多 \(GatewayLimits.headerField) 字节。请缩短。",
            en: "At most \(GatewayLimits.headers) bytes in \(GatewayLimits.headerCount) fields of "
                + "\(GatewayLimits.headerField) bytes. Shorten them.")
    }

    static func bodyNotTaken() -> Problem {
        Problem(
            .bodyNotTaken,
            zh: "这里只能读取，请不要带正文。",
            en: "This can only be read: send no body.")
    }

    /// - Parameter limit: in bytes, of what is brought there.
    static func bodyTooLong(_ limit: Int) -> Problem {
        let isRoster = limit == GatewayLimits.roster
        return Problem(
            .bodyTooLong,
            zh: isRoster ? "名册最多 \(limit) 字节。请改送增量。" : "指令最多 \(limit) 字节。",
            en: isRoster
                ? "A roster has at most \(limit) bytes. Send a change instead."
                : "A command has at most \(limit) bytes.")
    }

    /// It ended before it was whole, or took too long.
    static func bodyCut() -> Problem {
        Problem(
            .unreadable,
            zh: "正文没有送完。请重新发送。",
            en: "The body ended before it was whole. Send it again.")
    }

    static func scopeNeeded(_ scope: Tokens.Scope) -> Problem {
        var problem = Problem(
            .scopeNeeded,
            zh: "这里要用带用途 \(scope.rawValue) 的令牌：station-gateway token NAME "
                + "--scope \(scope.rawValue)，再重启网关。",
            en: "This takes a token with the scope \(scope.rawValue): station-gateway token NAME "
                + "--scope \(scope.rawValue), then restart the gateway.")
        problem.facts.known = [scope.rawValue]
        return problem
    }

    static func uploadUnderWay() -> Problem {
        var problem = Problem(
            .uploadUnderWay,
            zh: "另一份名册正在接收或启用。请稍后再送。",
            en: "Another roster is arriving or being put in place. Send yours later.")
        problem.retryAfter = 30
        return problem
    }

    /// - Parameter number: the system's error.
    static func noRoom(_ number: Int32) -> Problem {
        let reason = SystemError(number)
        var problem = Problem(
            .noRoom,
            zh: "网关存不下这份名册（\(echo(reason.text(.chinese)))）。请在现场腾出空间，再送一次。",
            en: "The gateway has no room for this roster (\(echo(reason.text(.english)))). Make "
                + "room on site, then send it again.")
        problem.facts.reason = "noRoom"
        return problem
    }

    static func wrongHost(_ host: String) -> Problem {
        Problem(
            .wrongHost,
            zh: "没有令牌时只回答本机（localhost、127.0.0.1、[::1]），不回答 \(echo(host))。",
            en: "Without tokens only this machine is answered (localhost, 127.0.0.1, [::1]), "
                + "not \(echo(host)).")
    }

    static func tokenNeeded() -> Problem {
        Problem(
            .tokenNeeded,
            zh: "请带上请求头 Authorization: Bearer <令牌>。令牌向驿站的运维人员索取。",
            en: "Send Authorization: Bearer <token>. The station's operator hands out tokens.")
    }

    /// - Parameter wait: until the next request is let through.
    static func tooFast(_ wait: TimeAmount) -> Problem {
        let seconds = Int((wait.nanoseconds + 999_999_999) / 1_000_000_000)
        var problem = Problem(
            .tooFast,
            zh: "每秒最多 \(Int(GatewayLimits.requestsPerSecond)) 个请求。请等 \(seconds) 秒；"
                + "等新条目请用 wait 参数。",
            en: "At most \(Int(GatewayLimits.requestsPerSecond)) requests a second. Wait "
                + "\(seconds) s; to wait for entries use the parameter wait.")
        problem.retryAfter = seconds
        return problem
    }

    static func tooManyWaits() -> Problem {
        var problem = Problem(
            .tooManyWaits,
            zh: "最多 \(GatewayLimits.waits) 个请求同时等待。请稍后再试，或用 wait=0。",
            en: "At most \(GatewayLimits.waits) requests may wait. Come back, or use wait=0.")
        problem.retryAfter = 5
        return problem
    }

    static func tooLong() -> Problem {
        Problem(
            .tooLong,
            zh: "回答超过 \(GatewayLimits.response) 字节。请报告给开发者。",
            en: "The answer has more than \(GatewayLimits.response) bytes. Please report this.")
    }

    // MARK: Parameters

    /// - Parameter expected: what would have been right, in both languages.
    static func badParameter(
        _ name: String, _ value: some StringProtocol, expected: TextRecord
    ) -> Problem {
        var problem = Problem(
            .badParameter,
            zh: "参数 \(name) 是“\(echo(value))”，应为\(expected.zh)。",
            en: "Parameter \(name) is \"\(echo(value))\"; expected \(expected.en).")
        problem.facts.parameter = name
        return problem
    }

    /// - Parameter expected: what should be there, in both languages.
    static func missingParameter(_ name: String, expected: TextRecord) -> Problem {
        var problem = Problem(
            .badParameter,
            zh: "缺少参数 \(name)，应为\(expected.zh)。",
            en: "Parameter \(name) is missing; expected \(expected.en).")
        problem.facts.parameter = name
        return problem
    }

    /// The totals of so many days, services and doors are more than one answer holds.
    static func tooMuchUsage() -> Problem {
        var problem = Problem(
            .badParameter,
            zh: "这些天的统计超过 \(GatewayLimits.response) 字节。请少查几天，或用 by=service。",
            en: "The totals of these days have more than \(GatewayLimits.response) bytes. Ask for "
                + "fewer days, or with by=service.")
        problem.facts.parameter = "to"
        return problem
    }

    static func unknownParameter(_ name: some StringProtocol, known: [String]) -> Problem {
        let list = known.joined(separator: ", ")
        var problem = Problem(
            .badParameter,
            zh: "没有参数“\(echo(name))”。" + (known.isEmpty ? "这里没有参数。" : "可用的有：\(list)。"),
            en: "There is no parameter \"\(echo(name))\" here. "
                + (known.isEmpty ? "It takes none." : "There are: \(list)."))
        problem.facts.parameter = echo(name)
        problem.facts.known = known
        return problem
    }

    static func repeatedParameter(_ name: String) -> Problem {
        var problem = Problem(
            .badParameter,
            zh: "参数 \(name) 出现了两次。请只写一次。",
            en: "Parameter \(name) is there twice. Send it once.")
        problem.facts.parameter = name
        return problem
    }

    static func brokenEscape(_ text: some StringProtocol) -> Problem {
        Problem(
            .badParameter,
            zh: "“\(echo(text))”不是正确的百分号编码的 UTF-8 文字。",
            en: "\"\(echo(text))\" is no percent-encoded UTF-8 text.")
    }

    static func noSuchDevice(_ name: String, known: [String]) -> Problem {
        var problem = Problem(
            .noSuchDevice,
            zh: "没有名为“\(echo(name))”的设备。设备清单见 /v1/devices。",
            en: "No device is called \"\(echo(name))\". /v1/devices lists them.")
        problem.facts.known = known
        return problem
    }
}
