// How `stationd` is made to start again on this machine.

import Glibc
import StationCore

/// systemd where it runs, otherwise the process that started `stationd`.
public enum RestartRoute: Equatable, Sendable {
    /// `systemctl restart UNIT`; it returns once the unit said READY, or failed.
    case systemd(unit: String)
    /// SIGHUP to the process that `stationd` reports as the one that restarts it, such as
    /// `make run`'s own.
    case process(Int32)

    /// The route that exists here.
    ///
    /// - Parameters:
    ///   - process: what the running station reports, when it does.
    ///   - bootedFolder: exists if and only if systemd is the init system (sd_booted(3)).
    public static func find(
        unit: String = "stationd.service", process: Int32?,
        bootedFolder: String = "/run/systemd/system"
    ) -> RestartRoute? {
        var status = stat()
        if lstat(bootedFolder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            return .systemd(unit: unit)
        }
        // Never init, never a process group.
        return process.flatMap { $0 > 1 ? .process($0) : nil }
    }

    public func perform() throws(ActivationError) {
        switch self {
        case .systemd(let unit): try run(["systemctl", "restart", unit])
        case .process(let process):
            guard kill(process, SIGHUP) == 0 else {
                throw .restartFailed("SIGHUP \(process)", errno)
            }
        }
    }

    /// Runs a program to its end with our own standard streams.
    private func run(_ words: [String]) throws(ActivationError) {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], nil, nil, &arguments, environ)
        guard code == 0 else {
            throw .restartFailed(words[0], code)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else {
                throw .restartFailed(words[0], errno)
            }
        }
        guard status == 0 else {
            let what = "\(words.joined(separator: " ")): \(status >> 8 & 0xFF)"
            throw .restartFailed(chinese: what, english: what)
        }
    }
}

extension ActivationError {
    /// A call of the system that failed, with its number.
    fileprivate static func restartFailed(_ what: String, _ code: Int32) -> ActivationError {
        let error = SystemError(code)
        return .restartFailed(
            chinese: "\(what)：\(error.text(.chinese))", english: "\(what): \(error.text(.english))")
    }
}
