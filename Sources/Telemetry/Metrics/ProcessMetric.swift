// What Prometheus' clients tell about their process, from /proc.

import Control
import Glibc

/// Names and meanings as prometheus.io, "Writing client libraries", has them.
enum ProcessMetric {
    static let processor = Metric(
        "process_cpu_seconds", .counter, unit: "seconds",
        help: "Total user and system CPU time spent in seconds.")
    static let memory = Metric(
        "process_resident_memory_bytes", .gauge, unit: "bytes",
        help: "Resident memory size in bytes.")
    static let descriptors = Metric(
        "process_open_fds", .gauge, help: "Number of open file descriptors.")
    static let descriptorLimit = Metric(
        "process_max_fds", .gauge, help: "Maximum number of open file descriptors.")
    static let start = Metric(
        "process_start_time_seconds", .gauge, unit: "seconds",
        help: "Start time of the process since unix epoch in seconds.")

    /// What can be read; what cannot is left out.
    static func records() -> [MetricRecord] {
        var records: [MetricRecord] = []
        if let status = Status() {
            records.append(MetricRecord(processor, [SampleRecord(status.processor)]))
            records.append(MetricRecord(memory, [SampleRecord(status.memory)]))
            if let boot = bootTime() {
                records.append(MetricRecord(start, [SampleRecord(boot + status.start)]))
            }
        }
        if let count = openDescriptors() {
            records.append(MetricRecord(descriptors, [SampleRecord(Double(count))]))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            records.append(
                MetricRecord(descriptorLimit, [SampleRecord(Double(limit.rlim_cur))]))
        }
        return records
    }

    /// Fields of /proc/self/stat (proc(5)): after the name in parentheses, the third one is first.
    private struct Status {
        var processor: Double
        var memory: Double
        /// Seconds after boot.
        var start: Double

        init?() {
            guard let text = ProcessMetric.contents("/proc/self/stat"),
                let end = text.lastIndex(of: ")")
            else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            guard fields.count > 21, let user = Double(fields[11]),
                let system = Double(fields[12]), let started = Double(fields[19]),
                let pages = Double(fields[21])
            else { return nil }
            processor = (user + system) / ticks
            start = started / ticks
            memory = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        }
    }

    private static func bootTime() -> Double? {
        let lines = contents("/proc/stat")?.split(separator: "\n")
        let line = lines?.first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }

    private static func openDescriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Its own two entries, and the descriptor of this very look.
        return max(0, count - 3)
    }

    private static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 8_192)
        while text.count < 1 << 18 {
            let count = read(descriptor, &portion, portion.count)
            guard count > 0 else { break }
            text += portion[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
