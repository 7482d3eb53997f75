// The daemon's log: one line a fact on standard error, where the service manager keeps it.

import Glibc

/// Rare lines for people; taps and samples go to the journal instead.
public enum Console {
    public static func note(_ text: String) {
        let line = text + "\n"
        line.utf8CString.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
    }
}
