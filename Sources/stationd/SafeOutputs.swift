// `stationd --make-safe`: every output gets its safe value, with no journal and no roster.

import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Runs after every exit and before every start, in milliseconds.
enum SafeOutputs {
    /// - Returns: the exit code; 0 only when every output was reached.
    static func run(_ options: Options) -> Int32 {
        let directory = DiskDirectory(path: options.stateDirectory)
        let configuration: Configuration
        do throws(Configuration.Problem) {
            configuration = try Configuration(in: directory)
        } catch {
            // Before the first activation there is nothing to make safe.
            if case .missing = error { return EX_OK }
            Console.note("stationd --make-safe: \(error)")
            return error.exitCode
        }
        var code: Int32 = EX_OK
        for plan in GPIOPlan.plans(for: configuration.station) where plan.isOutput {
            switch plan.opened() {
            case .success:
                break  // The request gave the safe values; they are let go at once.
            case .failure(let error):
                Console.note("stationd --make-safe: \(plan.chip): \(error)")
                code = EX_UNAVAILABLE
            }
        }
        return code
    }
}
