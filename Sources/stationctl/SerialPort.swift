// A serial port for the bench: opened by the same shim as the daemon's, which finds it busy then.

import CLinux
import Glibc
import StationCore

/// Why a serial port cannot be used.
enum SerialError: Error, Equatable {
    /// No such file: not plugged in, or another name.
    case missing
    /// The user is not in the port's group, `dialout` on Debian.
    case notAllowed
    /// Another process has it.
    case busy
    case notSerial
    /// In bits a second.
    case speed(UInt32)
    /// It was there and was unplugged.
    case gone
    case failed(errno: Int32)

    /// What a number of the kernel's means when a port is opened.
    init(opening number: Int32, baud: UInt32) {
        self =
            switch number {
            case ENOENT, ENXIO, ENODEV: .missing
            case EACCES, EPERM: .notAllowed
            case EBUSY: .busy
            case ENOTTY: .notSerial
            case EINVAL: .speed(baud)
            default: .failed(errno: number)
            }
    }

    /// What a number means when an open port is read or written.
    init(using number: Int32) {
        self =
            switch number {
            case EIO, ENXIO, ENODEV, EPIPE, EBADF: .gone
            default: .failed(errno: number)
            }
    }
}

/// An open port: raw, for this process alone. Nothing here waits but `setSpeed`.
final class SerialPort {
    /// For readiness alone. Closed with this object.
    let descriptor: Int32

    init(
        _ path: String, baud: UInt32, parity: SerialLink.Parity = .none, stopBits: Int = 1
    ) throws(SerialError) {
        let kind: Int32 =
            switch parity {
            case .none: 0
            case .even: 1
            case .odd: 2
            }
        descriptor = station_serial_open(path, baud, kind, Int32(stopBits))
        guard descriptor >= 0 else { throw SerialError(opening: -descriptor, baud: baud) }
    }

    deinit { if descriptor >= 0 { station_serial_close(descriptor) } }

    /// Reads what is there into the front of a buffer; 0 when there is nothing.
    func read(into bytes: inout [UInt8]) throws(SerialError) -> Int {
        while true {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 { return count }
            // A port that is unplugged, or a terminal whose other end is closed, reads as its end.
            guard count < 0 else { throw .gone }
            if errno == EINTR { continue }
            guard errno == EAGAIN else { throw SerialError(using: errno) }
            return 0
        }
    }

    /// Writes as much as the port takes now.
    func write(_ bytes: [UInt8]) throws(SerialError) -> Int {
        while true {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            if errno == EINTR { continue }
            guard errno == EAGAIN else { throw SerialError(using: errno) }
            return 0
        }
    }

    /// Another speed from now on, after what is being sent.
    func setSpeed(_ baud: UInt32) throws(SerialError) {
        let result = station_serial_set_speed(descriptor, baud, 2_000)
        guard result >= 0 else { throw SerialError(opening: -result, baud: baud) }
    }
}
