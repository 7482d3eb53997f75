// Chips that come, go and fail when a test says so, and a gate that stands on them.

import CGPIO
import CLinux
import EventLoop
import Glibc
import StationCore

@testable import Ports

/// The kernel's part, played by a test on one thread.
final class FakeGPIO: GPIOKernel, @unchecked Sendable {
    /// The chips that are there, with the levels of their lines.
    var chips: [String: UInt64] = [:]
    /// What setting and reading lines of these chips fails with.
    var broken: [String: Int32] = [:]
    /// Events that wait to be read, by chip.
    var events: [String: [gpio_v2_line_event]] = [:]
    /// The chips that are not the processor's own.
    var slow: Set<String> = []
    /// What a setting of a slow chip takes, by the test's clock.
    var delay = Interval.milliseconds(1)
    var clock = Instant(nanoseconds: 0)
    /// Every value that was set, in order.
    private(set) var settings: [(chip: String, bits: UInt64)] = []
    /// How often somebody asked for levels.
    private(set) var looks = 0
    private var owners: [Int32: String] = [:]

    func open(_ plan: GPIOPlan) -> Result<GPIOLines, GPIOError> {
        guard let levels = chips[plan.chip] else { return .failure(.noChip(label: plan.chip)) }
        let descriptor = station_eventfd_create()
        owners[descriptor] = plan.chip
        return .success(
            GPIOLines(
                descriptor: descriptor, offsets: plan.names.indices.map { UInt32($0) },
                levels: plan.isOutput ? nil : levels, isPrompt: !slow.contains(plan.chip)))
    }

    func levels(of lines: GPIOLines, mask: UInt64) -> Result<UInt64, GPIOLinesLost> {
        looks += 1
        let chip = owners[lines.descriptor] ?? ""
        if let number = broken[chip] { return .failure(GPIOLinesLost(errno: number)) }
        guard let levels = chips[chip] else { return .failure(GPIOLinesLost(errno: ENODEV)) }
        return .success(levels & mask)
    }

    func read(
        _ lines: GPIOLines, into room: UnsafeMutablePointer<gpio_v2_line_event>, limit: Int
    ) -> Int {
        let chip = owners[lines.descriptor] ?? ""
        if let number = broken[chip] { return -Int(number) }
        let taken = (events[chip] ?? []).prefix(limit)
        for (place, event) in taken.enumerated() { room[place] = event }
        events[chip]?.removeFirst(taken.count)
        return taken.count
    }

    func set(_ lines: GPIOLines, mask: UInt64, to bits: UInt64) -> Bool {
        let chip = owners[lines.descriptor] ?? ""
        if slow.contains(chip) { clock = clock + delay }
        guard broken[chip] == nil, chips[chip] != nil else { return false }
        settings.append((chip, bits & mask))
        return true
    }

    /// An edge of a line, with the kernel's number.
    func edge(
        on chip: String, line: UInt32 = 0, number: UInt32, isActive: Bool = true, at: Instant
    ) {
        var event = gpio_v2_line_event()
        event.timestamp_ns = UInt64(at.nanoseconds)
        event.id =
            isActive
            ? GPIO_V2_LINE_EVENT_RISING_EDGE.rawValue : GPIO_V2_LINE_EVENT_FALLING_EDGE.rawValue
        event.offset = line
        event.seqno = number
        events[chip, default: []].append(event)
    }
}

/// A reader, a strike and a contact, each on a chip of its own, with the bank between.
struct GPIOGate: ~Copyable {
    static let reader = 0
    static let strike = 1
    static let contact = 2
    static let firstToken: UInt32 = 16

    let kernel = FakeGPIO()
    let bank: GPIOBank
    var station: Station
    var now = Instant(nanoseconds: 1_000_000_000)
    /// What could not be opened at the start.
    var errors: [GPIOError] = []

    /// - Parameter chips: those that are there from the start.
    init(
        chips: [String] = ["reader", "strike", "contact"], slow: Set<String> = []
    ) throws {
        let resolved = Self.resolved
        kernel.slow = slow
        bank = GPIOBank(
            resolved, selector: try EpollSelector(), firstToken: Self.firstToken, kernel: kernel)
        station = Station(resolved)
        for chip in chips { kernel.chips[chip] = 0 }
        bank.open()
        errors = bank.attachAll(into: &station, at: now).map(\.error)
    }

    /// What the bank wants to know now.
    func questions() -> [GPIOQuestion] {
        var questions: [GPIOQuestion] = []
        while let (_, question) = bank.nextQuestion() { questions.append(question) }
        return questions
    }

    /// Lets time pass, and answers as the worker would.
    mutating func pass(_ interval: Interval, isAnswering: Bool = true) {
        now = now + interval
        if bank.nextDeadline <= now { bank.expire(into: &station, at: now) }
        if isAnswering { answer(questions()) }
    }

    /// - Parameter begun: when the worker came to them, now unless stated.
    mutating func answer(_ questions: [GPIOQuestion], begun: Instant? = nil) {
        kernel.clock = begun ?? now
        for question in questions {
            let answer = question.answer(by: kernel) { kernel.clock }
            bank.take(answer, into: &station, at: now)
        }
    }

    mutating func set(_ line: LineID, _ isActive: Bool) {
        bank.set(LineSetting(line: line, isActive: isActive), into: &station, at: now)
    }

    /// Reads a device's port.
    mutating func read(_ device: Int) -> Drained {
        let ready = Readiness(
            registration: Registration(slot: 0, generation: 0),
            token: Self.firstToken + UInt32(device), isHangup: false)
        return bank.read(ready, into: &station, at: now)
    }

    func faults(of device: Int) -> [Fault] { station.deviceHealth[device].faults.map(\.fault) }

    /// How the door's leaf is, once its contact has settled.
    mutating func settledLeaf() -> Bool? {
        now = now + .seconds(1)
        station.expire(at: now)
        _ = station.pump(steps: 100, at: now)
        return station.doorStates[0].isClosed
    }

    private static var resolved: ResolvedStation {
        func line(_ device: Int, _ chip: String, _ terminal: Int = 0) -> ResolvedLine {
            ResolvedLine(
                chip: chip, line: String(terminal), direction: device == 1 ? .output : .input,
                activeLow: false, bias: .asIs,
                edges: device == 0 ? .falling : device == 1 ? .none : .both,
                debounceMicroseconds: 0, safe: false, request: device, device: device,
                terminal: terminal)
        }
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "test", labelChinese: "", labelEnglish: "", driver: driver)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "test", nameChinese: "站", nameEnglish: "Test", phone: "",
                utcOffsetMinutes: 480),
            lines: [
                line(0, "reader", 0), line(0, "reader", 1), line(1, "strike"), line(2, "contact"),
            ],
            devices: [
                device(
                    "reader",
                    .wiegand(
                        WiegandSettings(formats: ["26-h10301"], views: ["full"], keypad: false))),
                device(
                    "strike",
                    .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
                device("contact", .contact(ContactSettings(settleMilliseconds: 20))),
            ],
            doors: [
                ResolvedDoor(
                    name: "gate", labelChinese: "", labelEnglish: "", readersIn: [0],
                    readersOut: [], lock: 1, contact: 2, exitButton: nil, shared: false,
                    greeting: .gate, relock: .onOpen, releaseMilliseconds: 3_000,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 5_000)
            ],
            journal: JournalSettings(), policy: StationPolicy())
    }
}
