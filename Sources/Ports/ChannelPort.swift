// One byte channel on the loop's side: a descriptor that comes and goes.

import CLinux
import EventLoop
import Glibc
import StationCore

/// A serial line or an input device that is open, or will be.
struct ChannelPort {
    /// Bytes that may wait for a line to change its speed: a few frames of any protocol.
    static let waitingCapacity = 2_048

    let id: ChannelID
    let plan: ChannelPlan
    private(set) var descriptor: Int32 = -1
    private(set) var registration: Registration?
    /// Told apart from the openings before it.
    private(set) var generation: UInt32 = 0
    /// Since when a worker has been at it.
    var askedAt: Instant?
    /// That the worker does not come back has been told.
    var isStuckTold = false
    /// A worker is looking for it.
    var isOpening = false
    /// Why it is not there.
    var error: ChannelError?
    /// When to look for it next.
    var retryAt: Instant?
    /// How long to wait after the next failure.
    var pause = ChannelBank.firstRetry
    /// The worker changes the line's speed; what is written meanwhile waits.
    var isChangingSpeed = false
    private var waiting: [UInt8] = []
    /// Bytes that a slow line could not take.
    private(set) var dropped: UInt64 = 0

    init(_ id: ChannelID, _ plan: ChannelPlan) {
        self.id = id
        self.plan = plan
        if case .serial = plan { waiting.reserveCapacity(Self.waitingCapacity) }
    }

    var isOpen: Bool { descriptor >= 0 }

    /// Takes an open descriptor and watches it. False: it cannot be watched, and is closed.
    mutating func attach(_ descriptor: Int32, token: UInt32, to selector: EpollSelector) -> Bool {
        do {
            registration = try selector.add(descriptor, token: token)
        } catch {
            plan.close(descriptor)
            return false
        }
        self.descriptor = descriptor
        generation &+= 1
        isChangingSpeed = false
        return true
    }

    mutating func close(from selector: EpollSelector) {
        guard isOpen else { return }
        if let registration { selector.remove(descriptor, registration) }
        plan.close(descriptor)
        descriptor = -1
        registration = nil
        isChangingSpeed = false
        // Whatever the worker is at is about an opening that is over.
        askedAt = nil
        isStuckTold = false
        waiting.removeAll(keepingCapacity: true)
    }

    enum Reading {
        case bytes(Int)
        case nothing
        case left
    }

    /// Reads what there is, up to the buffer's size.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            if count < 0, errno == EINTR { continue }
            // A line that hung up reads as empty for ever; an unplugged device as ENODEV or EIO.
            return count < 0 && errno == EAGAIN ? .nothing : .left
        }
    }

    /// Writes all of it, or as much as the line takes at once; the rest is dropped and counted,
    /// since a frame that is late is of no use. False: the line left.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard isOpen, !bytes.isEmpty, case .serial = plan else {
            dropped &+= UInt64(bytes.count)
            return true
        }
        if isChangingSpeed {
            let room = min(bytes.count, Self.waitingCapacity - waiting.count)
            waiting.append(contentsOf: bytes.prefix(room))
            dropped &+= UInt64(bytes.count - room)
            return true
        }
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(
                descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                dropped &+= UInt64(bytes.count - written)
                return errno == EAGAIN
            }
            written += count
        }
        return true
    }

    /// Writes what waited for the new speed. False: the line left.
    mutating func speedChanged() -> Bool {
        isChangingSpeed = false
        guard !waiting.isEmpty else { return true }
        let bytes = waiting
        waiting.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBytes { write($0) }
    }
}
