// What the person who wrote a roster reads about a refused row, in both languages.

extension RosterRowError {
    /// One line: where, what was expected and found, what to do.
    public func text(_ language: Wording.Language) -> String {
        switch language {
        case .chinese:
            let place = line == 0 ? "名册文件" : "第\(line)行"
            let part = column.map { "“\($0.chinese)”(\($0.rawValue))" } ?? ""
            return place + part + "：" + problem.chinese
        case .english:
            let place = line == 0 ? "roster file" : "line \(line)"
            let part = column.map { ", column \($0.rawValue)" } ?? ""
            return place + part + ": " + problem.english
        }
    }
}

extension RosterRowError.Problem {
    fileprivate var chinese: String {
        switch self {
        case .fileTooLarge(let limit): "文件超过\(limit)字节，请拆分后导入"
        case .tooManyRows(let limit): "超过\(limit)行，请核对文件"
        case .noRows: "没有任何钥匙；导入后所有人都进不来，请核对文件"
        case .missingColumn: "缺少这一列，请补上"
        case .unknownColumn(let found):
            "不认识的列“\(found)”；可用的列：\(Self.columns { "\($0.chinese)(\($0.rawValue))" })"
        case .repeatedColumn: "这一列出现了两次，请删去一列"
        case .fields(let expected, let found):
            "应有\(expected)格，实为\(found)格；卡号里有逗号时请加双引号"
        case .tooLong(let limit): "一行超过\(limit)字节，或双引号没有成对"
        case .quote: "双引号位置不对；要么整格加引号，其中的引号写两个，要么不加"
        case .encoding: "不是UTF-8编码；请在表格软件中另存为“CSV UTF-8”"
        case .empty: "不能为空"
        case .notAnIdentifier(let limit): "只能是英文字母、数字和符号，最多\(limit)个字符"
        case .number(let error): error.text(.chinese)
        case .formNotStated(let possible) where possible.isEmpty: "请写明卡号的写法，如8H10D"
        case .formNotStated(let possible):
            "请写明卡号的写法；这个卡号可能是：\(possible.joined(separator: "、"))"
        case .unknownForm(let found): "不认识的写法“\(found)”；可用：\(Self.forms)"
        case .date(let found): "日期应如2025-05-31，实为“\(found)”"
        case .fromAfterTo: "生效日期不早于失效日期，请核对"
        case .state(let found): "状态应为正常、停用或挂失，实为“\(found)”"
        case .role(let found): "角色应为骑手、维护、站长或副站长，实为“\(found)”"
        case .answer(let found): "应为是或否，实为“\(found)”"
        case .doorName(let found, let limit): "名称“\(found)”超过\(limit)字节"
        case .unknownDoor(let found, let known):
            "本站没有“\(Self.excerpt(found))”这扇门；有：\(known.joined(separator: "、"))，或写 *"
        case .unknownService(let found, let known):
            "本站没有“\(Self.excerpt(found))”这项服务；有：\(known.joined(separator: "、"))"
        case .unknownHours(let found, let known):
            "本站没有“\(Self.excerpt(found))”这个时段；有：\(known.joined(separator: "、"))"
        case .quota(let found): "限额应如 water 3/d 2000mL/d; charge 1/d，实为“\(found)”"
        case .quotaTwice(let found): "同一项限额写了两次：“\(found)”，请删去一个"
        case .notCounted(let found, let known):
            "“\(found)”：这项服务不计这个单位；可写：\(Self.units(known, "次"))"
        case .contradictsLine(let line): "与第\(line)行是同一把钥匙，内容却不同，请改成一致"
        case .collision(let lines):
            "这张卡也在其他持有人的钥匙上（第\(Self.list(lines, "、"))行），都不采用；请查清卡是谁的"
        case .tooMany(let limit): "超过上限\(limit)"
        }
    }

    fileprivate var english: String {
        switch self {
        case .fileTooLarge(let limit): "larger than \(limit) bytes; import it in parts"
        case .tooManyRows(let limit): "more than \(limit) rows; check the file"
        case .noRows: "no key at all; this would lock everybody out; check the file"
        case .missingColumn: "this column is missing; add it"
        case .unknownColumn(let found):
            "unknown column “\(found)”; there are: \(Self.columns { $0.rawValue })"
        case .repeatedColumn: "this column is there twice; remove one"
        case .fields(let expected, let found):
            "expected \(expected) fields, found \(found); put quotes around a number with a comma"
        case .tooLong(let limit): "longer than \(limit) bytes, or a quote that is never closed"
        case .quote: "misplaced quote; quote whole fields and double the quotes inside, or none"
        case .encoding: "not UTF-8; save the spreadsheet as “CSV UTF-8”"
        case .empty: "must not be empty"
        case .notAnIdentifier(let limit): "expected at most \(limit) ASCII letters, digits or signs"
        case .number(let error): error.text(.english)
        case .formNotStated(let possible) where possible.isEmpty:
            "state how the number is written, such as 8H10D"
        case .formNotStated(let possible):
            "state how the number is written; it could be \(possible.joined(separator: ", "))"
        case .unknownForm(let found): "unknown form “\(found)”; there are: \(Self.forms)"
        case .date(let found): "expected a date like 2025-05-31, found “\(found)”"
        case .fromAfterTo: "valid from a date that is not before its end; check both"
        case .state(let found): "expected active, blocked or lost, found “\(found)”"
        case .role(let found): "expected rider, crew, master or deputy, found “\(found)”"
        case .answer(let found): "expected yes or no, found “\(found)”"
        case .doorName(let found, let limit): "name “\(found)” is longer than \(limit) bytes"
        case .unknownDoor(let found, let known):
            "no door “\(Self.excerpt(found))” here; there are: "
                + known.joined(separator: ", ") + ", or *"
        case .unknownService(let found, let known):
            "no service “\(Self.excerpt(found))” here; there are: "
                + known.joined(separator: ", ")
        case .unknownHours(let found, let known):
            "no hours “\(Self.excerpt(found))” here; there are: " + known.joined(separator: ", ")
        case .quota(let found):
            "expected a quota like water 3/d 2000mL/d; charge 1/d, found “\(found)”"
        case .quotaTwice(let found): "the same quota twice, “\(found)”; remove one"
        case .notCounted(let found, let known):
            "“\(found)”: that is not counted of this service; there are: "
                + Self.units(known, "uses")
        case .contradictsLine(let line): "the same key as in line \(line), with other content"
        case .collision(let lines):
            "this card is on keys of other holders too (lines \(Self.list(lines, ", "))); none is "
                + "taken; find out whose card it is"
        case .tooMany(let limit): "more than the limit of \(limit)"
        }
    }

    private static func units(_ measures: [QuotaMeasure], _ uses: String) -> String {
        measures.map { $0 == .uses ? uses : $0.unit }.joined(separator: ", ")
    }

    private static var forms: String { PrintedForm.all.map(\.name).joined(separator: ", ") }

    private static func columns(_ name: (RosterColumn) -> String) -> String {
        RosterColumn.allCases.map(name).joined(separator: ", ")
    }

    private static func list(_ lines: [Int], _ separator: String) -> String {
        let limit = RosterRowError.linesTold
        return lines.prefix(limit).map { String($0) }.joined(separator: separator)
            + (lines.count > limit ? "…" : "")
    }
}
