// How `stationd` is made to start again where systemd runs.

import Glibc
import StationCore

/// The unit that runs `stationd`. Where systemd does not run there is none: there `stationd` ends
/// when it is asked to, and whoever started it starts it again.
public struct SystemdUnit: Equatable, Sendable {
    public let name: String

    /// The unit, if systemd runs here.
    ///
    /// - Parameter bootedFolder: exists if and only if systemd is the init system (sd_booted(3)).
    public static func find(
        _ name: String = "stationd.service", bootedFolder: String = "/run/systemd/system"
    ) -> SystemdUnit? {
        var status = stat()
        guard lstat(bootedFolder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return nil
        }
        return SystemdUnit(name: name)
    }

    /// Returns once the unit said READY, or failed.
    public func restart() throws(ActivationError) {
        try Self.run(["systemctl", "restart", name])
    }

    /// Runs a program to its end with our own standard streams.
    static func run(_ words: [String]) throws(ActivationError) {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], nil, nil, &arguments, environ)
        guard code == 0 else { throw .restartFailed(words[0], code) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw .restartFailed(words[0], errno) }
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
