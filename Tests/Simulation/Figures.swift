// Figures of benchmarks, shown with the run; and the processor's time.

import Glibc

enum Figures {
    /// Shows a line among the run's own.
    static func note(_ what: String, _ line: String) { print("figures: \(what): \(line)") }
}

enum ProcessorTime {
    /// Nanoseconds of processor time of this thread.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
