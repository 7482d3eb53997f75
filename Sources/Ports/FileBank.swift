// Workers that look at the kernel's files: a sensor whose bus hangs holds up its own device alone.

public import EventLoop
import Glibc
public import StationCore

/// What a worker found, on its way to the loop.
public struct FilePost: Sendable {
    let device: DeviceID
    let point: Int
    let finding: FileFinding
}

/// One worker for each device that has files.
///
/// | the file | the worker | the driver |
/// |---|---|---|
/// | is read | tells its number | shows it |
/// | is not there, or makes no sense | tells that, and looks on | three times in a row: a fault |
/// | does not come back | hangs with it | hears nothing: a fault that ends with the next number |
public final class FileBank {
    /// The looks of one device.
    public struct Plan: Sendable {
        let device: DeviceID
        let seats: [(point: Int, every: Interval, place: FilePlace)]

        /// The plans of all devices of a station that have files.
        public static func plans(for station: ResolvedStation) -> [Plan] {
            station.devices.enumerated().compactMap { index, device in
                guard case .boardDevice(let settings) = device.driver else { return nil }
                let seats = settings.points.enumerated().compactMap { place, point in
                    if case .file(let file) = point.source {
                        (place, Interval.milliseconds(Int64(point.everyMilliseconds)), file)
                    } else {
                        nil
                    }
                }
                return seats.isEmpty ? nil : Plan(device: DeviceID(index), seats: seats)
            }
        }
    }

    private let plans: [Plan]

    public init(_ station: ResolvedStation) { plans = Plan.plans(for: station) }

    /// Starts the workers; they look until the process ends. A device for which the system has no
    /// thread is never heard of, and its fault says so.
    ///
    /// - Parameter state: the folder with the station's state.
    public func start(posts: Mailbox<Post>, state: String) {
        let files = LinuxFiles(state: state)
        for plan in plans {
            do throws(HostThread.Refused) {
                _ = try HostThread(trying: "file-worker", stack: 128 * 1_024) {
                    FileWorker(plan, files).run { post in
                        // A loop that is stuck hears the next one.
                        _ = posts.post(.file(post))
                    }
                }
            } catch {
                Console.note("stationd: 没有线程了 no thread for files: \(error.errno)")
            }
        }
    }
}

/// Looks at one device's files in turns.
struct FileWorker: ~Copyable {
    private let device: DeviceID
    private let files: LinuxFiles
    private var seats: [(point: Int, every: Interval, due: Instant, probe: FileProbe)]

    init(_ plan: FileBank.Plan, _ files: LinuxFiles) {
        device = plan.device
        self.files = files
        seats = plan.seats.map {
            ($0.point, $0.every, Instant(nanoseconds: 0), FileProbe($0.place))
        }
    }

    consuming func run(tell: (FilePost) -> Void) {
        while true {
            look(at: LinuxFiles.now(), tell: tell)
            LinuxFiles.rest(until: next)
        }
    }

    /// When the next file is due.
    var next: Instant { seats.lazy.map(\.due).min() ?? .distantFuture }

    /// Looks at what is due; each may take as long as its driver takes.
    mutating func look(at now: Instant, tell: (FilePost) -> Void) {
        for place in seats.indices where seats[place].due <= now {
            // Missed turns are not made up for.
            seats[place].due = now + seats[place].every
            let finding = seats[place].probe.look(in: files)
            tell(FilePost(device: device, point: seats[place].point, finding: finding))
        }
    }
}
