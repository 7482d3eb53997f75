// An OSDP bus on a real port: what `stationctl osdp` plays while a person looks on.

import Control
import EventLoop
import Glibc
import StationCore

/// One port with its bus, played on this thread until the time is up or somebody says stop.
struct OSDPLine {
    /// Why it ended.
    enum Ending {
        case timeUp
        /// Ctrl-C, or a polite kill.
        case stopped
        /// Whoever heard the news had enough.
        case enough
    }

    let path: String
    private let port: SerialPort
    private(set) var bus: OSDPBus
    let start: Instant
    private var outputs = OSDPOutputs()
    /// What the port did not take at once.
    private var unsent: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    /// A port that is full is looked at again after this.
    private static let untilTaken = Interval.milliseconds(5)

    init(path: String, _ settings: OSDPBusSettings) throws(Problem) {
        self.path = path
        do {
            port = try SerialPort(path, baud: settings.baud)
        } catch {
            throw .port(path: path, error)
        }
        start = Self.now
        bus = OSDPBus(settings, at: start)
    }

    static var now: Instant { LineWatch.now }

    /// An order for a reader; whether it was queued.
    mutating func submit(_ order: OSDPOrder, to peer: Int) -> Bool {
        bus.submit(order, to: peer, at: Self.now) == .queued
    }

    /// The key that was chosen is in a file: now it may go out.
    mutating func keyKept(_ peer: Int) { bus.keyKept(peer, at: Self.now) }

    mutating func install(_ peer: Int) -> OSDPInstallRefusal? {
        bus.install(peer, at: Self.now)
    }

    /// - Parameter hear: takes each news as it comes; `false` ends the play. It comes before the
    ///   frame that follows from it goes out.
    mutating func play(
        for limit: Interval?,
        _ hear: (inout OSDPLine, Int, OSDPNews) throws(Problem) -> Bool
    ) throws(Problem) -> Ending {
        let watch = LineWatch(port.descriptor)
        let end = limit.map { Self.now + $0 } ?? .distantFuture
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let now = Self.now
            guard now < end else { return .timeUp }
            bus.expire(at: now, into: &outputs)
            guard try perform(hear) else { return .enough }
            var deadline = min(bus.nextDeadline, end)
            if !unsent.isEmpty { deadline = min(deadline, now + Self.untilTaken) }
            guard watch.wait(until: deadline) else { return .stopped }
            do {
                try sendRest()
                let count = try port.read(into: &buffer)
                guard count > 0 else { continue }
                let heard = buffer.span.extracting(..<count)
                bus.receive(heard.bytes, at: Self.now, into: &outputs)
            } catch {
                throw .port(path: path, error)
            }
            guard try perform(hear) else { return .enough }
        }
    }

    /// Does what the bus wants, in its order.
    private mutating func perform(
        _ hear: (inout OSDPLine, Int, OSDPNews) throws(Problem) -> Bool
    ) throws(Problem) -> Bool {
        // Whoever hears the news may give orders, but the list is this one.
        var current = OSDPOutputs()
        swap(&current, &outputs)
        var goesOn = true
        for output in current.elements where goesOn {
            switch output {
            case .news(let peer, let news): goesOn = try hear(&self, peer, news)
            case .transmit:
                unsent += current.frame
                do { try sendRest() } catch { throw .port(path: path, error) }
            case .randomWanted:
                let bytes = (0..<64).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                bus.replenish(with: bytes.span.bytes, at: Self.now)
            case .setSpeed(let baud):
                do { try port.setSpeed(baud) } catch { throw .port(path: path, error) }
            }
        }
        current.removeAll()
        swap(&current, &outputs)
        return goesOn
    }

    private mutating func sendRest() throws(SerialError) {
        while !unsent.isEmpty {
            let count = try port.write(unsent)
            guard count > 0 else { return }
            unsent.removeFirst(count)
        }
    }
}
