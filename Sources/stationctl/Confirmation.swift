// A question to whoever stands at the keyboard, before something is done that cannot be undone.

import ArgumentParser
import Control
import Glibc

enum Confirmation {
    /// Goes on when the answer is yes. A script has nobody to ask: it says `--yes`.
    static func ask(
        _ question: TextRecord, isAnswered: Bool, _ output: Output
    ) throws(Problem) {
        guard !isAnswered else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw .badData(
                TextRecord(
                    zh: question.zh + "确认后请加 --yes", en: question.en + " Add --yes if so."))
        }
        output.note(output.catalogue.say(question.zh, question.en) + " (y/N)")
        guard let answer = readLine(), ["y", "yes", "是"].contains(answer.lowercased()) else {
            throw .told(.no)
        }
    }
}
