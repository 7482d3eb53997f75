// Totals as people read them, and as a spreadsheet does.

import Control
import StationCore

/// A line for each thing and each way to ask for it.
struct UsageText {
    let catalogue: Catalogue

    func lines(_ reply: ListUsage.Reply) -> [String] {
        var rows = [header(reply)]
        for record in reply.usage {
            let place = cells(record, by: reply.by)
            guard !record.totals.isEmpty else {
                let uses = record.measured ? "0" : catalogue.noData
                rows.append(place + ["", uses])
                continue
            }
            for total in record.totals {
                rows.append(place + [catalogue.source(total.source)] + figures(total, record))
            }
        }
        return Table.lines(rows)
    }

    private func header(_ reply: ListUsage.Reply) -> [String] {
        let words = [
            catalogue.say("名称", "name"), catalogue.say("方式", "how"),
            catalogue.say("次数", "uses"), catalogue.say("用量", "amount"),
            catalogue.say("时长", "time"), catalogue.say("未成", "failed"),
        ]
        switch UsageGrouping(rawValue: reply.by) {
        case .service, nil: return words
        case .day: return [catalogue.say("日期", "day")] + words
        case .hour: return [catalogue.say("日期和小时", "day and hour")] + words
        }
    }

    private func cells(_ record: UsageRecord, by grouping: String) -> [String] {
        let name = catalogue.name(record)
        guard grouping != UsageGrouping.service.rawValue else {
            return [record.undated ? name + catalogue.undated(since: nil) : name]
        }
        let day = record.day ?? ""
        guard !record.undated else { return [catalogue.undated(since: day), name] }
        let hour = record.hour.map { $0 < 10 ? " 0\($0)" : " \($0)" } ?? ""
        return [day + hour, name]
    }

    private func figures(_ total: UsageTotalRecord, _ record: UsageRecord) -> [String] {
        [
            "\(total.uses)", record.kind == UsageSubject.service.name ? amount(total) : "",
            total.seconds > 0 ? time(total.seconds) : "", total.failed > 0 ? "\(total.failed)" : "",
        ]
    }

    private func amount(_ total: UsageTotalRecord) -> String {
        let unit: String
        switch total.unit {
        case UsageUnit.millilitres.name: unit = "L"
        case UsageUnit.wattHours.name: unit = "kWh"
        default: return ""
        }
        let value = total.quantity / 1_000
        let rest = String(total.quantity % 1_000 + 1_000).dropFirst()
        return (total.estimated > 0 ? "≈" : "") + "\(value).\(rest) \(unit)"
    }

    /// `1:05` are an hour and five minutes.
    private func time(_ seconds: Int64) -> String {
        let minutes = (seconds + 30) / 60
        return "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
    }
}

/// The same for a spreadsheet: RFC 4180, UTF-8, numbers without units.
enum UsageCSV {
    static let columns = [
        "day", "hour", "kind", "name", "label", "source", "unit", "uses", "failed", "quantity",
        "seconds", "estimated", "undated", "measured_hours", "places",
    ]

    static func text(_ reply: ListUsage.Reply, _ catalogue: Catalogue) -> String {
        var rows = [columns]
        for record in reply.usage {
            let place = [
                record.day ?? "", record.hour.map { "\($0)" } ?? "", record.kind, record.name,
                record.label.map(catalogue.text) ?? "",
            ]
            let rest = [
                record.undated ? "1" : "0", "\(record.measuredHours)",
                record.places.map { "\($0)" } ?? "",
            ]
            guard !record.totals.isEmpty else {
                // No number: a sum over the column takes no gap for a zero.
                let figures =
                    record.measured
                    ? ["0", "0", "0", "0", "0"] : [catalogue.noData, "", "", "", ""]
                rows.append(place + ["", ""] + figures + rest)
                continue
            }
            for total in record.totals {
                let figures = [
                    total.uses, total.failed, total.quantity, total.seconds, total.estimated,
                ].map { "\($0)" }
                rows.append(place + [total.source ?? "", total.unit] + figures + rest)
            }
        }
        return rows.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// RFC 4180 section 2, rules 5 to 7.
    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

extension Catalogue {
    var noData: String { say("无数据", "no data") }

    /// What a record is about.
    fileprivate func name(_ record: UsageRecord) -> String {
        let label = record.label.map(text) ?? ""
        let name = label.isEmpty ? record.name : label
        switch UsageSubject.allCases.first(where: { $0.name == record.kind }) {
        case .service: return name
        case .door: return say("进门 ", "entry ") + name
        case .visits: return say("到站人次（刷卡）", "visits by card")
        case .lost: return say("没写下的条目", "entries lost")
        case nil: return "\(record.kind) \(name)"
        }
    }

    fileprivate func source(_ word: String?) -> String {
        guard let word else { return "" }
        return UseSource.allCases.first { $0.name == word }?.text(language) ?? word
    }

    /// No clock could be believed.
    fileprivate func undated(since day: String?) -> String {
        guard let day, day > "1970-01-01" else { return say("（日期不明）", " (date unknown)") }
        return say("\(day) 或以后", "\(day) or later")
    }
}
