// The refusals of the gateway itself, each said once.

import Control
import NIOCore

extension Problem {
    static func noSuchPath() -> Problem {
        Problem(
            .noSuchPath,
            zh: "这里没有东西。有哪些地址，见 /openapi.json。",
            en: "Nothing is here. /openapi.json says which paths there are.")
    }

    static func methodNotAllowed() -> Problem {
        Problem(
            .methodNotAllowed,
            zh: "请用 GET 或 HEAD。",
            en: "Use GET or HEAD.")
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
