// A station's state in a few lines: what is, what is broken, what to do about it.

import Control

struct StationText {
    let catalogue: Catalogue

    private func say(_ chinese: String, _ english: String) -> String {
        catalogue.say(chinese, english)
    }

    func lines(_ station: StationRecord, devices: [DeviceRecord]) -> [String] {
        [head(station), state(station)] + doors(station) + [roster(station)]
            + journal(station) + readerKeys(station) + self.devices(station, devices)
    }

    private func head(_ station: StationRecord) -> String {
        let simulated = station.simulated ? say("  模拟", "  simulated") : ""
        return "\(catalogue.text(station.name))  \(station.id)  \(station.version)\(simulated)"
    }

    private func state(_ station: StationRecord) -> String {
        let ready =
            station.ready ? say("就绪", "ready") : say("未就绪：看下面的设备", "not ready: see devices below")
        let clock =
            "\(say("时钟", "clock")) \(catalogue.quality(station.clock.quality)) "
            + station.clock.time.prefix(19).replacing("T", with: " ")
        return [ready, say("已运行 ", "up ") + span(station.uptimeMilliseconds), clock]
            .joined(separator: say("，", ", "))
    }

    private func doors(_ station: StationRecord) -> [String] {
        let rows = station.doors.map { door in
            [
                "  " + catalogue.text(door.label), catalogue.mode(door.mode),
                catalogue.physical(door.physical),
                door.egress.map(catalogue.egress) ?? "",
                door.lock == "released" ? say("锁已放开", "lock free") : "",
                door.alarm.map { "! " + catalogue.alarm($0) } ?? "",
            ]
        }
        return [say("门", "doors")] + Table.lines(rows)
    }

    private func roster(_ station: StationRecord) -> String {
        let roster = station.roster
        guard !station.keyEpochs.isEmpty else {
            return say(
                "名册  没有密钥，谁也进不来：stationctl key create --standalone 或 key install",
                "roster  no key, nobody is let in: stationctl key create --standalone or install")
        }
        guard roster.version > 0 else {
            return say(
                "名册  还没有，谁也进不来：stationctl roster import FILE",
                "roster  none yet, nobody is let in: stationctl roster import FILE")
        }
        return say(
            "名册  第 \(roster.version) 版，\(roster.keys) 把钥匙，密钥 \(roster.epoch)",
            "roster  version \(roster.version), \(roster.keys) keys, station key \(roster.epoch)")
    }

    /// Whether whoever takes the SD card has the readers' keys with it.
    private func readerKeys(_ station: StationRecord) -> [String] {
        let state: String
        switch station.readerKeys.flatMap({ ReaderKeyState(rawValue: $0) }) {
        case nil, .some(.none): return []
        case .plain: state = say("未封印（谁拿到 SD 卡谁就有）", "not sealed: whoever has the SD card has them")
        case .sealed: state = say("已封印", "sealed")
        case .unusable: state = say("不能用，看日志", "unusable, see the log")
        }
        return [say("读卡器密钥  ", "reader keys  ") + state]
    }

    private func journal(_ station: StationRecord) -> [String] {
        let journal = station.journal
        var parts = [say("记录  ", "journal  ") + catalogue.journalState(journal.state)]
        if journal.lastSequence > 0 {
            parts.append(say("最新 #\(journal.lastSequence)", "at #\(journal.lastSequence)"))
        }
        if let median = journal.commitMedian, let p99 = journal.commitP99 {
            parts.append(
                say("写入 ", "commits in ")
                    + "\(milliseconds(median)), 99 % \(milliseconds(p99))")
        }
        if !journal.waited {
            parts.append(say("放行不等写入", "grants do not wait for it"))
        }
        let line = parts.joined(separator: say("，", ", "))
        return [line] + (journal.volatile ? ["  ! " + catalogue.storeState(true)] : [])
            + station.faults.map { "  ! " + sentence($0) }
    }

    private func devices(_ station: StationRecord, _ devices: [DeviceRecord]) -> [String] {
        let faulty = devices.filter { $0.state != "ok" }
        let head =
            faulty.isEmpty
            ? say("设备  \(devices.count) 台都正常", "devices  all \(devices.count) ok")
            : say(
                "设备  \(devices.count) 台，\(faulty.count) 台有故障",
                "devices  \(devices.count), \(faulty.count) faulty")
        return [head] + faulty.flatMap(faults)
    }

    /// One line a fault, with what to do.
    func faults(_ device: DeviceRecord) -> [String] {
        device.faults.map { "  ! \(device.name)  " + sentence($0) }
    }

    /// What is wrong, since when, and what to do.
    private func sentence(_ fault: FaultRecord) -> String {
        catalogue.fault(fault.kind) + " " + say("自 ", "since ")
            + fault.time.prefix(19).replacing("T", with: " ")
            + say("：", ": ") + catalogue.firstAid(fault)
    }

    /// A device's points, one line each: `    power  24.4 W`; what is not good says what it is.
    func points(_ device: DeviceRecord) -> [String] {
        let rows = (device.points ?? []).map { point in
            let value = [point.state ?? point.value ?? "-", point.unit].compactMap(\.self)
            let age = point.ageMilliseconds.map { say("\(span($0))前", "\(span($0)) ago") }
            return [
                "    " + point.name, value.joined(separator: " "),
                point.quality == "good" ? "" : catalogue.pointQuality(point.quality), age ?? "",
            ]
        }
        return Table.lines(rows)
    }

    /// A table of all devices, faults and points below their device.
    func table(_ devices: [DeviceRecord]) -> [String] {
        let rows = devices.map { device in
            [
                device.name, catalogue.text(device.label), device.profile,
                device.state == "ok" ? say("正常", "ok") : say("故障", "faulty"),
                device.counters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    .joined(separator: ", "),
            ]
        }
        return zip(Table.lines(rows), devices).flatMap { [$0] + faults($1) + points($1) }
    }

    /// Days and hours, hours and minutes, or minutes and seconds.
    func span(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1_000
        let (minutes, hours, days) = (seconds / 60 % 60, seconds / 3_600 % 24, seconds / 86_400)
        if days > 0 { return say("\(days) 天 \(hours) 小时", "\(days) d \(hours) h") }
        if hours > 0 { return say("\(hours) 小时 \(minutes) 分", "\(hours) h \(minutes) min") }
        return say("\(minutes) 分 \(seconds % 60) 秒", "\(minutes) min \(seconds % 60) s")
    }

    private func milliseconds(_ microseconds: Int64) -> String {
        EntryText.milliseconds(microseconds)
    }
}
