// What the kernel does for GPIO lines; tests put somebody else in its place.

import CGPIO
import Glibc
import StationCore

/// The calls behind a line request.
///
/// | call | may block | where |
/// |---|---|---|
/// | `open` | yes: files, and the chip's bus | a worker, or before the loop |
/// | `levels` | yes, on a chip behind a bus; for ever when that bus hangs | a worker |
/// | `read` | no | the loop |
/// | `set` | as `levels`; not on a prompt chip | the loop for prompt chips, a worker for others |
protocol GPIOKernel: Sendable {
    /// Finds chip and lines and requests them; outputs get their safe values in the request itself.
    func open(_ plan: GPIOPlan) -> Result<GPIOLines, GPIOError>
    /// The lines' values now, one bit each; an error when the chip is gone.
    func levels(of lines: GPIOLines, mask: UInt64) -> Result<UInt64, GPIOLinesLost>
    /// Reads what edges there are. How many, or a negative number when the chip is gone.
    func read(
        _ lines: GPIOLines, into events: UnsafeMutablePointer<gpio_v2_line_event>, limit: Int
    ) -> Int
    /// Sets the outputs in `mask`. Returns false when the chip is gone.
    func set(_ lines: GPIOLines, mask: UInt64, to bits: UInt64) -> Bool
}

/// Lines that the kernel gave do not answer any more.
struct GPIOLinesLost: Error, Equatable {
    let errno: Int32
}

/// Lines that the kernel gave us: they are ours until the last owner of this lets go.
///
/// A worker that looks at lines holds them too, so their descriptor is nobody else's meanwhile.
public final class GPIOLines: Sendable {
    let descriptor: Int32
    /// The kernel's numbers of the lines, in the order of the plan.
    let offsets: [UInt32]
    /// The inputs' levels right after the opening, one bit each; nil for outputs.
    let levels: UInt64?
    /// Whether the chip takes a value at once: it is the processor's own.
    let isPrompt: Bool

    /// - Parameter descriptor: is closed at the end.
    init(descriptor: Int32, offsets: [UInt32], levels: UInt64? = nil, isPrompt: Bool) {
        self.descriptor = descriptor
        self.offsets = offsets
        self.levels = levels
        self.isPrompt = isPrompt
    }

    deinit { closeDescriptor(descriptor) }
}

/// The kernel's own v2 interface.
struct LinuxGPIO: GPIOKernel {
    func open(_ plan: GPIOPlan) -> Result<GPIOLines, GPIOError> { plan.opened() }

    func levels(of lines: GPIOLines, mask: UInt64) -> Result<UInt64, GPIOLinesLost> {
        var bits: UInt64 = 0
        let code = station_gpio_get(lines.descriptor, mask, &bits)
        return code < 0 ? .failure(GPIOLinesLost(errno: -code)) : .success(bits)
    }

    func read(
        _ lines: GPIOLines, into events: UnsafeMutablePointer<gpio_v2_line_event>, limit: Int
    ) -> Int {
        Int(station_gpio_read(lines.descriptor, events, UInt32(limit)))
    }

    func set(_ lines: GPIOLines, mask: UInt64, to bits: UInt64) -> Bool {
        station_gpio_set(lines.descriptor, mask, bits) >= 0
    }
}
