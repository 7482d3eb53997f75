// The words of buses' protocols in both languages: directions, frames, fields, what values mean.

import Control
import StationCore

/// What `stationctl decode` calls what boxes say.
enum BusWords {
    static func direction(_ name: String, _ catalogue: Catalogue) -> String {
        switch LineReading.Direction(rawValue: name) {
        case .request: catalogue.say("→ 请求", "→ request")
        case .reply: catalogue.say("← 应答", "← reply")
        case .report: catalogue.say("← 上报", "← report")
        case nil: name
        }
    }

    /// Whose frame it is.
    static func box(_ address: Int, _ kind: String, _ catalogue: Catalogue) -> String {
        switch BusProtocol(rawValue: kind) {
        case .modbus: catalogue.say("单元\(address)", "unit \(address)")
        case .dlt645: catalogue.say("电表\(address)", "meter \(address)")
        case .lockboard8A, .wkly, .kerong: catalogue.say("\(address)号板", "board \(address)")
        case .jbd, .juy, .dianchuan, nil: "\(address)"
        }
    }

    static func name(_ name: String, _ kind: String, _ catalogue: Catalogue) -> String {
        switch BusProtocol(rawValue: kind) {
        case .modbus:
            ModbusFunction.allCases.first { "\($0)" == name }?.text(catalogue.language)
                ?? catalogue.say("厂商功能 \(name)", "vendor's function \(name)")
        case .dlt645:
            DLT645Function.allCases.first { "\($0)" == name }?.text(catalogue.language) ?? name
        case .lockboard8A, .wkly, .kerong, .jbd, .juy, .dianchuan, nil:
            frames[name].map { catalogue.say($0, name) } ?? name
        }
    }

    static func field(_ name: String, _ catalogue: Catalogue) -> String {
        fields[name].map { catalogue.say($0, name) } ?? name
    }

    static func refusal(_ code: Int, _ kind: BusProtocol) -> TextRecord? {
        switch kind {
        case .modbus:
            ModbusException(rawValue: UInt8(truncatingIfNeeded: code)).map {
                TextRecord(zh: $0.text(.chinese), en: $0.text(.english))
            }
        case .dlt645:
            TextRecord(
                zh: DLT645Refusal(rawValue: UInt8(truncatingIfNeeded: code)).text(.chinese),
                en: DLT645Refusal(rawValue: UInt8(truncatingIfNeeded: code)).text(.english))
        case .lockboard8A, .wkly, .kerong, .jbd, .juy, .dianchuan: nil
        }
    }

    static func meaning(
        of field: BusField, in frame: String, _ kind: BusProtocol
    ) -> TextRecord? {
        switch (kind, field.name) {
        case (.modbus, "address"), (.modbus, "writeAddress"), (.dlt645, "identifier"):
            let digits = kind == .modbus ? 4 : 8
            let text = "0x" + Hex.upper(UInt128(field.value), digits: digits)
            return TextRecord(zh: text, en: text)
        case (.wkly, "door"): return pick(field.value, [("开", "open"), ("关", "closed")])
        case (.wkly, "status"): return pick(field.value, [("完成", "done")])
        case (.lockboard8A, "code"):
            return field.value == 0 || field.value == 0x11
                ? TextRecord(
                    zh: "开或关，取决于锁的反馈接法",
                    en: "open or closed, as the lock's feedback is wired") : nil
        case (.juy, "reason") where frame == "end": return pick(field.value, juyReasons)
        case (.dianchuan, "reason"): return pick(field.value, dianchuanReasons)
        case (.dianchuan, "code"):
            return pick(
                field.value - 1,
                [
                    ("端口输出故障", "a port's output"), ("总功率过大", "too much power in all"),
                    ("电源故障", "mains"),
                ])
        default: return nil
        }
    }

    private static func pick(_ value: Int64, _ words: [(String, String)]) -> TextRecord? {
        guard words.indices.contains(Int(truncatingIfNeeded: value)) else { return nil }
        let (zh, en) = words[Int(value)]
        return TextRecord(zh: zh, en: en)
    }

    private static let juyReasons = [
        ("充满自停", "full"), ("时间用完", "time used up"), ("金额用完", "money used up"),
        ("手动停止", "stopped by hand"), ("电量用完", "energy used up"),
        ("功率过大", "too much power"), ("未检测到充电器", "no charger"),
        ("温度过高", "too hot"), ("烟雾", "smoke"), ("智能停止", "by the board's own judgement"),
    ]
    private static let dianchuanReasons = [
        ("时间或电量用完", "time or energy used up"), ("手动停止或拔出", "by hand, or unplugged"),
        ("充满自停", "full"), ("设备或端口故障", "fault"), ("功率过大", "too much power"),
        ("刷卡退费", "refund by card"), ("未接充电器", "no charger"),
    ]

    private static let frames = [
        "open": "开锁", "openAll": "全部开锁", "query": "查询", "queryAll": "查询全部",
        "push": "门状态变化", "on": "通道开", "off": "通道关", "basic": "基本信息", "cells": "单体电压",
        "counts": "保护次数", "mos": "MOS开关", "mosV13": "MOS开关（V13）", "login": "登录",
        "heartbeat": "心跳", "start": "启动充电", "stop": "停止充电", "end": "充电结束",
        "local": "本地启动", "card": "刷卡", "ports": "端口数据", "port": "端口数据",
        "parameters": "参数", "meter": "电表读数", "identity": "身份", "states": "端口状态",
        "coin": "投币", "limits": "最大功率", "fault": "故障", "automatic": "充满自停",
        "all": "整机状态", "version": "版本", "float": "浮充", "floats": "浮充参数", "name": "名称",
    ]

    private static let fields = [
        "address": "地址", "writeAddress": "写入地址", "count": "数量", "value": "数值", "bit": "位",
        "and": "与", "or": "或", "identifier": "数据标识", "lock": "锁", "code": "状态码",
        "status": "结果", "door": "门", "channel": "通道", "item": "有物", "voltage": "电压",
        "current": "电流", "remaining": "剩余容量", "capacity": "标称容量", "cycles": "循环次数",
        "year": "年", "month": "月", "day": "日", "version": "版本", "charge": "电量",
        "charging": "充电", "discharging": "放电", "cells": "串数", "temperature": "温度",
        "balancing": "均衡", "protection": "保护", "cell": "单体", "highest": "最高", "lowest": "最低",
        "character": "字符", "port": "端口", "ports": "端口数", "order": "订单", "source": "来源",
        "mode": "方式", "amount": "数额", "money": "金额", "result": "结果", "state": "状态",
        "signal": "信号", "reason": "原因", "seconds": "秒", "energy": "电量", "power": "功率",
        "tier": "档位", "price": "电价", "heat": "端口温度", "balance": "余额", "command": "指令",
        "session": "会话", "left": "剩余", "reading": "读数", "floatPower": "浮充功率",
        "floatMinutes": "浮充分钟", "hottest": "温度上限", "smoke": "烟雾报警", "volume": "音量",
        "keepsFull": "充满不停", "plugWait": "插入等待", "unplugWait": "拔出等待",
        "unplugPower": "拔出功率", "free": "免费", "time": "时间", "full": "充满自停",
        "refund": "退费", "most": "上限", "tiers": "档位数", "head": "帧头", "billing": "计费",
        "coinMinutes": "投币分钟", "cardMinutes": "刷卡分钟", "cardPrice": "刷卡价",
        "cardKind": "卡类型", "heartbeat": "心跳间隔", "which": "第一字节", "what": "第二字节",
        "imei": "设备编号", "level": "权限级", "operator": "操作者",
    ]
}
