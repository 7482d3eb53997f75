// What became of an import: refused rows with their reason, then the sum.

import Control

struct VerdictText {
    let catalogue: Catalogue

    /// - Parameter limit: so many refused rows are listed, the rest is counted.
    func lines(_ reply: ImportRoster.Reply, dry: Bool, limit: Int = 50) -> [String] {
        let refused = reply.verdicts.filter { !$0.accepted }
        var lines = refused.prefix(limit).map(line)
        if refused.count > limit {
            let rest = refused.count - limit
            lines.append(catalogue.say("……另有 \(rest) 行", "... and \(rest) more"))
        }
        let counts = catalogue.say(
            "接受 \(reply.accepted) 行，退回 \(reply.refused) 处",
            "\(reply.accepted) accepted, \(reply.refused) refused")
        return lines + [counts + catalogue.say("；", "; ") + outcome(reply, dry: dry)]
    }

    private func line(_ verdict: VerdictRecord) -> String {
        // The station's sentence names line and column itself.
        if let text = verdict.text { return catalogue.text(text) }
        let line = catalogue.say("第 \(verdict.line) 行", "line \(verdict.line)")
        return [line, verdict.column ?? "", verdict.reason ?? ""].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private func outcome(_ reply: ImportRoster.Reply, dry: Bool) -> String {
        if reply.applied {
            return catalogue.say(
                "已生效，名册第 \(reply.roster.version) 版", "in force as version \(reply.roster.version)")
        }
        if dry { return catalogue.say("只是试算，未更改", "a rehearsal, nothing changed") }
        return catalogue.say(
            "未更改：请改正后重来，或加 --partial 只收对的行",
            "nothing changed: mend and try again, or take the good rows with --partial")
    }
}
