// One kernel request for GPIO lines: opened by label and name, read as edges, set as outputs.

import CGPIO
import Glibc
public import StationCore

/// Why lines could not be had.
public enum GPIOError: Error, Equatable, Sendable {
    /// No chip has this label. It may appear later.
    case noChip(label: String)
    /// Two chips share the label: name one of them in its device tree.
    case ambiguousChip(label: String)
    case noLine(name: String, chip: String)
    /// Somebody else holds a line.
    case busy(chip: String)
    case failed(chip: String, errno: Int32)

    /// The coarse kind that the rules and the crew see.
    public var fault: Fault {
        switch self {
        case .noChip, .ambiguousChip, .noLine, .failed: .missing
        case .busy: .busy
        }
    }
}

/// What to ask the kernel for: the lines of one `request` number of a resolved station.
public struct GPIOPlan: Sendable {
    public let chip: String
    /// In the order of the request: bit 0 of every mask is the first of them.
    public let lines: [LineID]
    public let names: [String]
    /// Which of the device's terminals each line is.
    let terminals: [UInt8]
    /// Whose lines these are: a request serves one device.
    public let device: DeviceID
    public let isOutput: Bool
    let flags: UInt64
    let activeLow: UInt64
    /// The outputs' safe values, one bit each.
    let initial: UInt64
    let debounce: UInt32

    /// The kernel's default is 16 edges a line: one slow moment and a card is lost.
    public static let eventBuffer: UInt32 = 1_024

    /// All requests of a station, in the order of their numbers.
    public static func plans(for station: ResolvedStation) -> [GPIOPlan] {
        let numbers = Set(station.lines.map(\.request)).sorted()
        return numbers.map { number in
            let members = station.lines.indices.filter { station.lines[$0].request == number }
            return GPIOPlan(station, members)
        }
    }

    private init(_ station: ResolvedStation, _ members: [Int]) {
        let first = station.lines[members[0]]
        chip = first.chip
        lines = members.map { LineID($0) }
        names = members.map { station.lines[$0].line }
        terminals = members.map { UInt8(station.lines[$0].terminal) }
        device = DeviceID(first.device)
        isOutput = first.direction == .output
        flags = Self.flags(of: first)
        debounce = UInt32(first.debounceMicroseconds)
        var (activeLow, initial): (UInt64, UInt64) = (0, 0)
        for (bit, member) in members.enumerated() {
            if station.lines[member].activeLow { activeLow |= 1 << UInt64(bit) }
            if station.lines[member].safe { initial |= 1 << UInt64(bit) }
        }
        (self.activeLow, self.initial) = (activeLow, initial)
    }

    private static func flags(of line: ResolvedLine) -> UInt64 {
        var flags: UInt64 = 0
        switch line.direction {
        case .input: flags |= UInt64(GPIO_V2_LINE_FLAG_INPUT.rawValue)
        case .output: flags |= UInt64(GPIO_V2_LINE_FLAG_OUTPUT.rawValue)
        }
        switch line.bias {
        case .asIs: break
        case .pullUp: flags |= UInt64(GPIO_V2_LINE_FLAG_BIAS_PULL_UP.rawValue)
        case .pullDown: flags |= UInt64(GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN.rawValue)
        case .disabled: flags |= UInt64(GPIO_V2_LINE_FLAG_BIAS_DISABLED.rawValue)
        }
        // The kernel counts edges of the active state (gpiolib-cdev.c, edge_detector_setup): on a
        // line that is active low, the voltage's falling edge is its rising one.
        switch line.activeEdges {
        case .none: break
        case .falling: flags |= UInt64(GPIO_V2_LINE_FLAG_EDGE_FALLING.rawValue)
        case .rising: flags |= UInt64(GPIO_V2_LINE_FLAG_EDGE_RISING.rawValue)
        case .both:
            flags |= UInt64(GPIO_V2_LINE_FLAG_EDGE_FALLING.rawValue)
            flags |= UInt64(GPIO_V2_LINE_FLAG_EDGE_RISING.rawValue)
        }
        return flags
    }

    /// Finds chip and lines and requests them; outputs get their safe values in the request itself.
    /// Opens device files: not for the loop thread once it runs.
    ///
    /// - Returns: the lines, whose descriptor never blocks a reader.
    public func open() throws(GPIOError) -> GPIOLines {
        let path = try findChip()
        var request = station_gpio_request()
        request.count = UInt32(lines.count)
        request.flags = flags
        request.active_low = activeLow
        request.initial = initial
        request.debounce_us = debounce
        request.event_buffer = isOutput ? 0 : Self.eventBuffer
        withUnsafeMutableBytes(of: &request.consumer) { buffer in
            for (index, byte) in "stationd".utf8.enumerated() { buffer[index] = byte }
        }
        var offsets: [UInt32] = []
        for name in names { offsets.append(try findLine(name, on: path)) }
        withUnsafeMutableBytes(of: &request.offsets) { buffer in
            let slots = buffer.bindMemory(to: UInt32.self)
            for (index, offset) in offsets.enumerated() { slots[index] = offset }
        }
        let descriptor = station_gpio_open(path, &request)
        guard descriptor >= 0 else {
            if descriptor == -EBUSY { throw .busy(chip: chip) }
            throw .failed(chip: chip, errno: -descriptor)
        }
        return GPIOLines(
            descriptor: descriptor, offsets: offsets, levels: levels(descriptor),
            isPrompt: GPIOTree().isPrompt(path))
    }

    /// The inputs' levels, read where it may take its time. A chip that leaves in between is
    /// noticed by the first look at it.
    private func levels(_ descriptor: Int32) -> UInt64? {
        guard !isOutput else { return nil }
        var bits: UInt64 = 0
        let mask: UInt64 = lines.count == 64 ? .max : (1 << UInt64(lines.count)) - 1
        return station_gpio_get(descriptor, mask, &bits) < 0 ? nil : bits
    }

    /// `open` as a value.
    public func opened() -> Result<GPIOLines, GPIOError> {
        do throws(GPIOError) {
            return .success(try open())
        } catch {
            return .failure(error)
        }
    }

    private func findChip() throws(GPIOError) -> String {
        var path = [CChar](repeating: 0, count: Int(STATION_GPIO_TEXT))
        let result = station_gpio_find_chip(chip, &path, path.count)
        if result == -EEXIST { throw .ambiguousChip(label: chip) }
        guard result >= 0 else { throw .noChip(label: chip) }
        return String(
            decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func findLine(_ name: String, on path: String) throws(GPIOError) -> UInt32 {
        if let offset = UInt32(name) { return offset }
        let offset = station_gpio_find_line(path, name)
        guard offset >= 0 else { throw .noLine(name: name, chip: chip) }
        return UInt32(offset)
    }
}
