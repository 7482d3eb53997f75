// News of OSDP readers as they come, as lines or as JSON.

import Control
import EventLoop
import StationCore

/// One thing that a reader said or that became of it.
struct OSDPEventRecord: Codable, Equatable {
    /// Milliseconds since the command began.
    var at: Int64
    var address: Int
    /// `online`, `offline`, `faulted`, `card` ...
    var event: String
    var secure: Bool?
    /// The security fault's name.
    var fault: String?
    /// The order's name, `LED`, `BUZ` ...
    var order: String?
    var details: OSDPDetails?
    /// How install mode ended.
    var ending: String?
    var counters: OSDPCountersRecord?
}

/// What happened on the line.
struct OSDPCountersRecord: Codable, Equatable {
    var frames: UInt64
    var repetitions: UInt64
    var replies: UInt64
    var timeouts: UInt64
    var damaged: UInt64
    var strays: UInt64
    var busy: UInt64
    var naks: UInt64
    var malformed: UInt64
    var clearReplies: UInt64
    var macFailures: UInt64
    var sessions: UInt64
    var sessionsLost: UInt64

    init(_ counters: OSDPCounters) {
        frames = counters.frames
        repetitions = counters.repetitions
        replies = counters.replies
        timeouts = counters.timeouts
        damaged = counters.damaged
        strays = counters.strays
        busy = counters.busy
        naks = counters.naks
        malformed = counters.malformed
        clearReplies = counters.clearReplies
        macFailures = counters.macFailures
        sessions = counters.sessions
        sessionsLost = counters.sessionsLost
    }
}

struct OSDPReport {
    let output: Output
    let start: Instant

    func tell(_ news: OSDPNews, of address: UInt8) {
        let at = (OSDPLine.now - start).milliseconds
        let record = OSDPEventRecord(news, at: at, address: Int(address))
        if output.isJSON {
            output.json(record)
        } else {
            output.line(record.line(news, output.catalogue))
        }
    }

    /// The last word about a reader: how its line was.
    func end(_ status: OSDPPeerStatus) {
        let at = (OSDPLine.now - start).milliseconds
        var record = OSDPEventRecord(at: at, address: Int(status.address), event: "ended")
        record.secure = status.isSecure
        record.fault = status.fault?.name
        record.counters = OSDPCountersRecord(status.counters)
        guard !output.isJSON else { return output.json(record) }
        let counters = status.counters
        output.line(
            record.head(output.catalogue)
                + output.catalogue.say(
                    "发\(counters.frames)帧，答\(counters.replies)，超时\(counters.timeouts)，"
                        + "坏帧\(counters.damaged)，重发\(counters.repetitions)",
                    "\(counters.frames) frames, \(counters.replies) replies, "
                        + "\(counters.timeouts) time-outs, \(counters.damaged) damaged, "
                        + "\(counters.repetitions) said again"))
    }
}

extension OSDPEventRecord {
    /// A key is in no record: `keyChosen` says only that there is one.
    init(_ news: OSDPNews, at: Int64, address: Int) {
        self.init(at: at, address: address, event: "")
        switch news {
        case .identified(let identity): told("identified", .identity(identity))
        case .described(let capabilities): told("described", .capabilities(capabilities))
        case .online(let isSecure):
            event = "online"
            secure = isSecure
        case .offline: event = "offline"
        case .faulted(let fault):
            event = "faulted"
            self.fault = fault.name
        case .recovered(let fault):
            event = "recovered"
            self.fault = fault.name
        case .endless(let isEndless): event = isEndless ? "endless" : "endlessOver"
        case .card(let card): told("card", .card(card))
        case .formattedCard(let card): told("card", .formattedCard(card))
        case .keyed(let keys): told("keys", .keys(keys))
        case .localStatus(let status): told("status", .localStatus(status))
        case .inputs(let levels): told("inputs", .inputs(levels))
        case .outputs(let levels): told("outputs", .outputs(levels))
        case .readers(let states): told("readers", .readers(states))
        case .done(let code):
            event = "done"
            order = code.name
        case .refused(let code, let nak):
            told("refused", .nak(nak))
            order = code.name
        case .lapsed(let code):
            event = "lapsed"
            order = code.name
        case .moved(let communication): told("moved", .communication(communication))
        case .keyChosen: event = "keyChosen"
        case .keyProven: event = "keyProven"
        case .installEnded(let end):
            event = "installEnded"
            ending = end.name
        }
    }

    fileprivate init(at: Int64, address: Int, event: String) {
        self.at = at
        self.address = address
        self.event = event
    }

    private mutating func told(_ event: String, _ reply: OSDPReply) {
        self.event = event
        details = OSDPDetails(reply)
    }

    // MARK: Lines

    fileprivate func head(_ catalogue: Catalogue) -> String {
        let tenths = at / 100 % 10
        return "\(at / 1_000).\(tenths) s  PD \(address)  "
    }

    func line(_ news: OSDPNews, _ catalogue: Catalogue) -> String {
        let details = details?.text(catalogue) ?? ""
        let said =
            switch news {
            case .identified, .described, .card, .formattedCard, .keyed, .localStatus, .inputs,
                .outputs, .readers:
                details
            case .online(isSecure: true):
                catalogue.say("在线，安全通道已建立", "online in a secure channel")
            case .online(isSecure: false):
                catalogue.say("在线，明文：线上人人能听到卡号", "online in the clear: all can hear")
            case .offline: catalogue.say("离线", "offline")
            case .faulted(let fault): "! " + fault.text(catalogue.language)
            case .recovered(let fault):
                catalogue.say("已排除：", "over: ") + fault.text(catalogue.language)
            case .endless(true):
                catalogue.say(
                    "! 一直有卡要报，都不算数：拿开贴在它上面的卡",
                    "! it never stops telling of a card, none counts: take the card away")
            case .endless(false): catalogue.say("不再反复报卡", "it has stopped repeating a card")
            case .done(let code): catalogue.say("已执行 ", "done: ") + code.name
            case .refused(let code, _):
                catalogue.say("被拒绝 ", "refused: ") + code.name + " " + details
            case .lapsed(let code): catalogue.say("未送达 ", "not delivered: ") + code.name
            case .moved: catalogue.say("改为 ", "moved to ") + details
            case .keyChosen: catalogue.say("密钥已生成", "a key was made")
            case .keyProven: catalogue.say("读卡器已用上新密钥", "the reader uses its new key")
            case .installEnded(let ending): catalogue.ending(ending)
            }
        return head(catalogue) + said
    }
}

extension OSDPInstallEnding {
    /// A stable name for JSON.
    var name: String {
        switch self {
        case .done: "done"
        case .timeUp: "timeUp"
        case .cancelled: "cancelled"
        case .refused: "refused"
        case .notKept: "notKept"
        }
    }
}

extension Catalogue {
    func ending(_ ending: OSDPInstallEnding) -> String {
        switch ending {
        case .done: say("安装完成", "install mode is done")
        case .timeUp: say("安装模式时间到", "install mode: the time is up")
        case .cancelled: say("安装模式已取消", "install mode was cancelled")
        case .refused(let nak):
            say("读卡器不收密钥：", "the reader would not take the key: ") + nak.text(language)
        case .notKept: say("密钥存不下来，没有发出", "the key could not be stored and was not sent")
        }
    }

    /// Why a serial port cannot be used, and what to do.
    func text(_ error: SerialError, _ path: String) -> String {
        switch error {
        case .missing:
            say(
                "没有 \(path)：看 ls /dev/serial/by-path，检查转换器",
                "no \(path): see ls /dev/serial/by-path, check the adapter")
        case .notAllowed:
            say(
                "不能打开 \(path)：请加入 dialout 组，或用 sudo",
                "\(path) may not be opened: join the group dialout, or use sudo")
        case .busy:
            busy(path, PortHolder.find(path))
        case .notSerial: say("\(path) 不是串口", "\(path) is no serial port")
        case .speed(let baud):
            say("\(path) 不支持\(baud)波特", "\(path) cannot do \(baud) bits a second")
        case .gone: say("\(path) 被拔掉了", "\(path) was unplugged")
        case .failed(let number):
            say("\(path)：\(system(number))", "\(path): \(system(number))")
        }
    }
    /// Who has a port, as far as anybody can say.
    func busy(_ path: String, _ holder: PortHolder?) -> String {
        guard let holder else {
            return say(
                "\(path) 被别的程序占用：看 fuser \(path)，停掉 stationd 再试",
                "another program has \(path): see fuser \(path), stop stationd and try again")
        }
        let name = holder.name.isEmpty ? "?" : holder.name
        let cure =
            holder.name == "stationd"
            ? say(
                "先 systemctl stop stationd，用完再启动",
                "systemctl stop stationd first, start it afterwards")
            : say("先停掉它", "stop it first")
        return say(
            "\(path) 被 \(name)（进程\(holder.process)）占用：\(cure)",
            "\(name) (process \(holder.process)) has \(path): \(cure)")
    }
}
