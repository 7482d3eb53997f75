// What a box says, as a table, as lines or as JSON; and what to look at when it says nothing.

import Control
import EventLoop
import StationCore

/// A box's points at one moment, for JSON.
struct BusReadRecord: Codable, Equatable {
    var profile: String
    var unit: String?
    var isOnline: Bool
    var points: [PointRecord]
}

/// A change while somebody watches, for JSON.
struct BusChangeRecord: Codable, Equatable {
    /// Milliseconds since the command began.
    var at: Int64
    /// Missing: it is about the box itself.
    var point: PointRecord?
    var isOnline: Bool?
}

struct BusReport {
    let output: Output
    let box: BusDeviceSettings
    let start: Instant

    /// Whether every point that is asked for was asked for.
    func isWhole(_ readings: [PointReading]) -> Bool {
        zip(box.shownPoints, readings).allSatisfy { point, reading in
            point.everyMilliseconds == 0 || reading.quality != .unread
        }
    }

    /// What the profile says, and not what a bus measures of it.
    private func isOwn(_ point: Int) -> Bool { point < box.shownPoints.count - box.measuredPoints }

    private func record(_ point: PointSettings, _ reading: PointReading) -> PointRecord {
        let isState = !point.states.isEmpty
        let place = reading.value.map { Int($0.mantissa) }
        let state = place.flatMap { point.states.indices.contains($0) ? point.states[$0] : nil }
        return PointRecord(
            name: point.name, kind: point.kind.rawValue,
            unit: point.unit.isEmpty ? nil : point.unit,
            value: isState ? nil : reading.value?.description, state: isState ? state : nil,
            quality: "\(reading.quality)")
    }

    private func cells(_ record: PointRecord) -> [String] {
        // A number alone has the unit 1.
        let unit = record.unit == "1" ? nil : record.unit
        let value = [record.state ?? record.value ?? "-", unit].compactMap(\.self)
        return [
            record.name, value.joined(separator: " "),
            record.quality == "good" ? "" : output.catalogue.pointQuality(record.quality),
        ]
    }

    /// Everything that was read. Points that come by themselves are shown when they have come.
    func table(_ readings: [PointReading], isOnline: Bool, profile: String, unit: String?) {
        let records = zip(box.shownPoints, readings).enumerated().filter { place, shown in
            isOwn(place) && (shown.0.everyMilliseconds > 0 || shown.1.quality != .unread)
        }.map { record($1.0, $1.1) }
        if output.isJSON {
            output.json(
                BusReadRecord(
                    profile: profile, unit: unit, isOnline: isOnline, points: records))
        } else {
            for line in Table.lines(records.map(cells)) { output.line(line) }
        }
    }

    /// `12.345 s`
    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(rest) s"
    }

    private var elapsed: Int64 { (LineWatch.now - start).milliseconds }

    func tell(_ change: PointChange) {
        guard isOwn(change.point) else { return }
        let record = record(box.shownPoints[change.point], change.reading)
        if output.isJSON {
            output.json(BusChangeRecord(at: elapsed, point: record))
        } else {
            output.line(([Self.seconds(elapsed)] + cells(record)).joined(separator: "  "))
        }
    }

    func tell(online: Bool) {
        if output.isJSON {
            output.json(BusChangeRecord(at: elapsed, isOnline: online))
        } else {
            let words = output.catalogue
            output.line(
                Self.seconds(elapsed) + "  "
                    + (online
                        ? words.say("有应答", "it answers") : words.say("没有应答", "no answer")))
        }
    }
}

/// What a person at the cabinet looks at, in the order in which it is most often the cause.
enum BusAdvice {
    static let wires = TextRecord(
        zh: """
            依次检查：①设备通电了吗 ②A、B两根线对调再试（不会损坏） ③波特率和校验与设备设置一致吗 \
            ④地址（拨码、面板）对吗 ⑤总线两端各一个120欧终端电阻，中间不接；共地 ⑥同一地址是否有两台
            """,
        en: """
            look in this order: 1 has it power; 2 swap A and B (harms nothing); 3 are baud and \
            parity those that the box is set to; 4 its address (switches, panel); 5 one 120 ohm \
            terminator at each end of the bus and none between, and a common ground; 6 two boxes \
            of one address
            """)

    /// Its silence may be a state, and at a bench may be anything else as well.
    static let mainsOff = TextRecord(
        zh: "这种表由它所测的电路供电：电路断电时它不出声。先看有没有电",
        en: "this model lives on what it measures, and is mute while that is off: see to that first"
    )

    /// Nothing that makes sense came back.
    static func silent(
        _ fault: Fault?, _ counts: [(name: StaticString, value: UInt64)]
    ) -> TextRecord {
        func count(_ name: String) -> UInt64 {
            counts.first { "\($0.name)" == name }?.value ?? 0
        }
        if count("echoFaults") > 0 {
            return TextRecord(
                zh: "说好的回声没有来：请去掉 --echo，或检查转换器",
                en: "the echo did not come: leave --echo out, or look at the adapter")
        }
        let strange = count("noiseBytes") + count("damaged") + count("foreign")
        guard fault == .garbled || strange > 0 else {
            return TextRecord(zh: "没有应答。" + wires.zh, en: "no answer: " + wires.en)
        }
        return TextRecord(
            zh: "有字节，但不成应答：多半是波特率或校验不对、A/B接反、型号不对，或转换器会听到自己（加 --echo）。"
                + wires.zh,
            en: "bytes came, and none of them an answer: another baud or parity, A and B swapped, "
                + "another model, or an adapter that hears itself (--echo); " + wires.en)
    }

    /// It was told something that nobody waits for any more.
    static func unfinished(_ ending: BusEnding, isStopped: Bool) -> TextRecord {
        let how =
            isStopped
            ? ("没有等它做完", "stopped before it was done") : ("到时间还没做完", "it takes too long")
        let rest =
            switch ending {
            case .needless: ("它没有打开什么", "it switches nothing on")
            case .order(_, let name):
                ("它可能还开着，现在执行 \(name)", "it may be on: now \(name) lets go of it")
            case .board(let time):
                (
                    "它可能还开着，\(time) 毫秒后板子自己断开",
                    "it may be on: the board lets go of it by itself after \(time) ms"
                )
            case .nobody:
                ("它可能还开着：请马上到现场手动断开", "it may be on: go there now and cut it off by hand")
            }
        return TextRecord(zh: how.0 + "。" + rest.0, en: how.1 + "; " + rest.1)
    }

    static func refused(_ refusal: ActionRefusal) -> TextRecord {
        switch refusal {
        case .noAction: TextRecord(zh: "没有这个动作", en: "there is no such action")
        case .arguments: TextRecord(zh: "参数不对", en: "its arguments are wrong")
        case .busy: TextRecord(zh: "排队的动作太多", en: "too much waits already")
        case .offline: TextRecord(zh: "线路没有接上", en: "the line is not there")
        case .notNow:
            TextRecord(
                zh: "现在不行：档案要求的条件（needs）不满足，或还没读到",
                en: "not now: what its profile demands (needs) does not hold, or was not read")
        case .guarded:
            TextRecord(zh: "它的保护已动作", en: "a guard of the station keeps it safe")
        }
    }
}
