// One open device: claimed through libusb, its transfers, and the memory that they fill.

import CUSB
import EventLoop
import Glibc
import StationCore

/// libusb's own state; libusb guards it with its own locks.
struct USBContext: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// A claimed card interface. Opened and closed on the opener's thread, used on the USB thread,
/// never on both at once.
final class USBDevice: @unchecked Sendable {
    /// Bulk-in transfers that wait side by side, one packet each: such a transfer ends with every
    /// packet, so a message of exactly so many packets does not wait for the next one.
    static let listeners = 4
    /// Messages that may wait for the one on its way.
    static let sendQueue = 4
    /// A message goes out at once or not at all.
    static let sendTimeout: UInt32 = 2_000
    /// Packets a second; a reader that sends more says nothing.
    static let mostPackets = 2_000

    let candidate: USBCandidate
    let info: USBReaderInfo
    private let handle: OpaquePointer
    private let file: Int32
    private(set) var pipes: [USBPipe] = []
    private var sender: USBPipe?
    private var unsent: [Packet] = []
    /// Transfers that libusb has.
    fileprivate(set) var inFlight = 0
    private var windowEnd = Instant(nanoseconds: 0)
    private var packets = 0

    private init(
        _ candidate: USBCandidate, handle: OpaquePointer, file: Int32, takenFrom: String?
    ) {
        (self.candidate, self.handle, self.file) = (candidate, handle, file)
        info = USBReaderInfo(
            path: candidate.device, address: candidate.address, vendor: candidate.vendor,
            product: candidate.product,
            release: candidate.release, name: candidate.name,
            descriptor: candidate.interface.descriptor,
            classBytes: candidate.interface.classBytes,
            hasInterrupts: candidate.interface.interrupt != nil, takenFrom: takenFrom)
        unsent.reserveCapacity(Self.sendQueue)
    }

    private var interface: USBCardInterface { candidate.interface }

    // MARK: Blocking: the opener's

    /// Opens and claims; may take as long as the kernel likes.
    static func open(
        _ candidate: USBCandidate, _ tree: USBTree, _ context: USBContext
    ) throws(USBObstacle) -> USBDevice {
        let node = tree.node(of: candidate)
        let file = Glibc.open(node, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            if errno == EACCES || errno == EPERM { throw .notPermitted(file: node) }
            throw .failed(step: "open", reason: "errno \(errno)")
        }
        var handle: OpaquePointer?
        let wrapped = libusb_wrap_sys_device(context.pointer, Int(file), &handle)
        guard wrapped == 0, let handle else {
            closeDescriptor(file)
            throw .failed(step: "wrap", reason: errorName(wrapped))
        }
        do throws(USBObstacle) {
            let takenFrom = try claim(candidate, handle)
            return USBDevice(candidate, handle: handle, file: file, takenFrom: takenFrom)
        } catch {
            libusb_close(handle)
            closeDescriptor(file)
            throw error
        }
    }

    /// Takes the interface for us alone. Returns the kernel's driver that had to go.
    private static func claim(
        _ candidate: USBCandidate, _ handle: OpaquePointer
    ) throws(USBObstacle) -> String? {
        let number = Int32(candidate.interface.number)
        var takenFrom: String?
        // `usbfs` is another program; only the kernel's own drivers can be sent away.
        if let driver = candidate.driver, driver != "usbfs" {
            let result = libusb_detach_kernel_driver(handle, number)
            guard result == 0 || result == LIBUSB_ERROR_NOT_FOUND.rawValue else {
                throw .driver(driver)
            }
            takenFrom = driver
        }
        let result = libusb_claim_interface(handle, number)
        if result == LIBUSB_ERROR_BUSY.rawValue {
            if let takenFrom { throw .driver(takenFrom) }
            // Its socket is there while it runs, and while systemd would start it.
            if access("/run/pcscd/pcscd.comm", F_OK) == 0 { throw .pcscd }
            throw .taken(path: candidate.device)
        }
        guard result == 0 else { throw .failed(step: "claim", reason: errorName(result)) }
        return takenFrom
    }

    /// Gives the interface back. Nothing of it may be in flight.
    func close(reset: Bool) {
        pipes = []
        sender = nil
        libusb_release_interface(handle, Int32(interface.number))
        if reset { libusb_reset_device(handle) }
        libusb_close(handle)
        closeDescriptor(file)
    }

    static func errorName(_ code: Int32) -> String { String(cString: libusb_error_name(code)) }

    // MARK: The USB thread's

    /// Submits everything that listens. Returns false when the device does not take it.
    func listen(_ owner: USBThread) -> Bool {
        for _ in 0..<Self.listeners {
            pipes.append(USBPipe(.bulkIn, self, owner, size: interface.bulkIn.packet))
        }
        if let interrupt = interface.interrupt {
            pipes.append(USBPipe(.interrupt, self, owner, size: interrupt.packet))
        }
        let sender = USBPipe(.bulkOut, self, owner, size: Packet.capacity)
        self.sender = sender
        return pipes.allSatisfy { submit($0) }
    }

    /// Starts a transfer of a pipe that listens.
    func submit(_ pipe: USBPipe) -> Bool {
        switch pipe.kind {
        case .bulkIn: pipe.submit(handle, interface.bulkIn, count: pipe.size, timeout: 0)
        case .interrupt:
            pipe.submit(
                handle, interface.interrupt ?? interface.bulkIn, count: pipe.size, timeout: 0)
        case .bulkOut: false
        }
    }

    /// Sends a message after those that wait. Returns false when too many do, or it is not taken.
    func send(_ packet: Packet) -> Bool {
        guard let sender else { return false }
        if sender.isBusy {
            guard unsent.count < Self.sendQueue else { return false }
            unsent.append(packet)
            return true
        }
        let count = packet.withBytes { sender.fill($0) }
        return sender.submit(
            handle, interface.bulkOut, count: count, timeout: Self.sendTimeout)
    }

    /// The message on its way has arrived: the next one.
    func sendNext() -> Bool { unsent.isEmpty ? true : send(unsent.removeFirst()) }

    func cancel() {
        for pipe in pipes { pipe.cancel() }
        sender?.cancel()
        unsent.removeAll(keepingCapacity: true)
    }

    /// Whether a packet more is still bearable.
    func bears(packetAt now: Instant) -> Bool {
        if now >= windowEnd {
            windowEnd = now + .seconds(1)
            packets = 0
        }
        packets += 1
        return packets <= Self.mostPackets
    }
}

/// One transfer, used again and again, with its buffer.
final class USBPipe {
    enum Kind {
        case bulkIn
        case interrupt
        case bulkOut
    }

    let kind: Kind
    let size: Int
    private(set) var isBusy = false
    unowned let device: USBDevice
    private unowned let owner: USBThread
    private let transfer: UnsafeMutablePointer<libusb_transfer>
    private let buffer: UnsafeMutablePointer<UInt8>

    init(_ kind: Kind, _ device: USBDevice, _ owner: USBThread, size: Int) {
        (self.kind, self.device, self.owner, self.size) = (kind, device, owner, size)
        guard let transfer = libusb_alloc_transfer(0) else {
            preconditionFailure("no memory left for a USB transfer; raise MemoryMax")
        }
        self.transfer = transfer
        buffer = .allocate(capacity: size)
        buffer.initialize(repeating: 0, count: size)
    }

    deinit {
        precondition(!isBusy, "a USB transfer was freed while libusb had it")
        libusb_free_transfer(transfer)
        buffer.deallocate()
    }

    /// Copies what is to be sent; as much as fits.
    func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = min(size, bytes.count)
        for place in 0..<count { buffer[place] = bytes[place] }
        return count
    }

    fileprivate func submit(
        _ handle: OpaquePointer, _ endpoint: USBCardInterface.Endpoint, count: Int, timeout: UInt32
    ) -> Bool {
        guard !isBusy else { return false }
        let completed: libusb_transfer_cb_fn = { transfer in
            guard let context = transfer?.pointee.user_data else { return }
            let pipe = Unmanaged<USBPipe>.fromOpaque(context).takeUnretainedValue()
            pipe.isBusy = false
            pipe.device.inFlight -= 1
            pipe.owner.completed(pipe)
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        if kind == .interrupt {
            libusb_fill_interrupt_transfer(
                transfer, handle, endpoint.address, buffer, Int32(count), completed, context,
                timeout)
        } else {
            libusb_fill_bulk_transfer(
                transfer, handle, endpoint.address, buffer, Int32(count), completed, context,
                timeout)
        }
        guard libusb_submit_transfer(transfer) == 0 else { return false }
        isBusy = true
        device.inFlight += 1
        return true
    }

    func cancel() { if isBusy { _ = libusb_cancel_transfer(transfer) } }

    /// libusb's word on the transfer that came back.
    var status: libusb_transfer_status { transfer.pointee.status }

    /// What came, valid until the next transfer.
    var bytes: UnsafeRawBufferPointer {
        let count = min(size, max(0, Int(transfer.pointee.actual_length)))
        return UnsafeRawBufferPointer(start: buffer, count: count)
    }
}
