// libyaml's complaints in words that say what to do.

enum Syntax {
    /// What a person does about `problem`, libyaml's own sentence, and where it began.
    static func sentence(_ problem: String, began: Place?) -> (chinese: String, english: String) {
        let (chinese, english) = sentence(problem)
        guard let began, needsBeginning(problem) else { return (chinese, english) }
        return (
            chinese + "它从 \(began.line):\(began.column) 开始。",
            english + " It began at \(began.line):\(began.column)."
        )
    }

    /// Whether the mistake is often nearer to the beginning than to where it was noticed.
    private static func needsBeginning(_ problem: String) -> Bool {
        problem.contains("',' or") || problem == "found unexpected end of stream"
    }

    private static func sentence(_ problem: String) -> (chinese: String, english: String) {
        switch problem {
        case "found character that cannot start any token":
            (
                "这里不能用这个字符开头：缩进用空格，不要用制表符；@、` 开头的文字加引号。",
                "No value can begin with this character: indent with blanks, never tabs; "
                    + "quote text that begins with @ or `."
            )
        case "mapping values are not allowed in this context":
            (
                "这里不该有冒号：缩进不齐，或文字里的“: ”要加引号。",
                "No colon is allowed here: the indentation is off, or text with a colon needs "
                    + "quotes."
            )
        case "could not find expected ':'":
            (
                "这里缺冒号：每一项写成“键: 值”，冒号后空一格。",
                "A colon is missing: write `key: value` with a blank after the colon."
            )
        case "did not find expected key", "did not find expected '-' indicator":
            (
                "缩进与上面不齐，请与同级各项对齐。",
                "The indentation does not match the lines above; align it with its neighbours."
            )
        case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
            ("括号里缺逗号或右括号。", "A comma or the closing bracket is missing.")
        case "did not find expected alphabetic or numeric character":
            (
                "以 * 或 & 开头的文字要加引号。", "Text that begins with * or & needs quotes."
            )
        case "found unexpected end of stream":
            ("文件在引号或括号里就结束了。", "The file ends inside quotes or brackets.")
        default:
            ("YAML 写法有误（\(problem)）。", "This is no YAML (\(problem)).")
        }
    }
}
