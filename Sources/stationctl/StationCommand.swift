// How every command ends: with its lines on standard output, or a sentence and an exit code.

import ArgumentParser
import Control
import FoundationEssentials
import Glibc

/// A command that speaks one language and ends with a stable exit code.
protocol StationCommand: ParsableCommand {
    var speech: SpeechOptions { get }
    func execute(_ output: Output) throws(Problem)
}

extension StationCommand {
    func run() throws {
        let output = Output(catalogue: speech.catalogue, isJSON: speech.json)
        do throws(Problem) {
            try execute(output)
        } catch {
            output.complain(error)
            throw ExitCode(error.status.rawValue)
        }
    }
}

/// Lines for people or JSON for programs. Written at once: `watch` is read while it runs.
struct Output {
    let catalogue: Catalogue
    let isJSON: Bool

    func line(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

    /// A text that ends its own lines.
    func text(_ text: String) { Self.write(text, to: STDOUT_FILENO) }

    /// One line of JSON.
    func json(_ value: some Encodable) { line(Self.json(value)) }

    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(value) else {
            preconditionFailure("a value of our own that is no JSON: \(type(of: value))")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// To standard error: what is wrong and what to do.
    func complain(_ problem: Problem) {
        guard let text = catalogue.text(problem) else { return }
        Self.write("stationctl: " + text + "\n", to: STDERR_FILENO)
    }

    /// To standard error: something that does not stop the command.
    func warn(_ text: TextRecord) {
        Self.write("stationctl: " + catalogue.text(text) + "\n", to: STDERR_FILENO)
    }

    /// To standard error, when a program reads standard output.
    func note(_ text: String) {
        isJSON ? Self.write(text + "\n", to: STDERR_FILENO) : line(text)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more, as after `watch | head`: the end, even if SIGPIPE is ignored.
            if count < 0, errno == EPIPE, descriptor == STDOUT_FILENO { exit(Ending.ok.rawValue) }
            guard count > 0 else { return }
            written += count
        }
    }
}
