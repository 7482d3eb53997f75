// What comes from the kernel: random bytes and the boot's id.

import CLinux
import Glibc
public import Journal
public import StationCore

/// The kernel's random generator.
public struct KernelRandom: RandomSource {
    /// As many as a driver gets at once.
    public static func bytes() -> RandomBytes {
        var bytes = RandomBytes(repeating: 0)
        withUnsafeMutableBytes(of: &bytes) { KernelRandom().fill($0) }
        return bytes
    }

    public init() {}

    public func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        let code = station_random(bytes.baseAddress, bytes.count)
        precondition(code == 0, "the kernel gives no random bytes; getrandom must be allowed")
    }
}

extension BootID {
    /// The running kernel's boot id, or zeros where /proc is not mounted.
    public static func ofKernel() -> BootID {
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return BootID(bits: 0) }
        defer { close(file) }
        // 8-4-4-4-12 hexadecimal digits and a line feed.
        var text = [UInt8](repeating: 0, count: 37)
        let count = read(file, &text, text.count)
        guard count >= 36 else { return BootID(bits: 0) }
        return BootID(String(decoding: text[..<36], as: UTF8.self)) ?? BootID(bits: 0)
    }
}
