// Who is on a line: each model's first question, at each address, until somebody answers.

import EventLoop
import Profiles
import StationCore

/// A question that several models may answer.
struct ScanProbe {
    var speed: LineSpeed
    var box: BusDeviceSettings
    var question: BusQuestion
    /// The models whose first question it is; empty: any Modbus unit answers it.
    var models: [DeviceProfile]

    var language: String { box.language.name }
}

/// Something that answered.
struct ScanFind {
    var speed: LineSpeed
    var language: String
    /// `nil`: its kind has no address.
    var address: Int?
    /// It said no, which is an answer.
    var refusal: Int?
    var took: Interval
    /// Models that are asked the same question.
    var models: [DeviceProfile]
}

/// How well a model's points fit what a box says.
struct ScanFit {
    var model: String
    /// Points with a believable value.
    var good: Int
    /// Points that are asked for.
    var of: Int
}

/// What is asked, speed by speed.
struct ScanPlan {
    var speeds: [LineSpeed]
    var probes: [ScanProbe]
    var units: ClosedRange<Int>

    /// Longer than most boxes take; a meter may take half a second.
    static let patience = Interval.milliseconds(250)
    /// Any unit answers it, be it with an exception.
    static let anybody = BusQuestion.read(.holding, address: 0, count: 1)

    init(
        _ models: [DeviceProfile], units: ClosedRange<Int>, isTCP: Bool, bauds: [Int],
        speed: (DeviceProfile.SerialSettings, Int?) -> LineSpeed
    ) {
        self.units = units
        speeds = []
        probes = []
        for model in models {
            guard let usual = model.serial,
                let box = try? model.bench(
                    address: model.addresses.map { "\(max(1, $0.lowerBound))" })
            else { continue }
            var isModbus = false
            if case .modbus = box.language { isModbus = true }
            if isTCP, !isModbus { continue }
            let own = bauds.isEmpty ? [speed(usual, nil)] : bauds.map { speed(usual, $0) }
            for speed in own {
                guard let question = isModbus ? Self.anybody : Self.question(of: box) else {
                    continue
                }
                add(model, box, question, speed, isModbus: isModbus)
            }
        }
    }

    /// A meter is asked for its address, which needs none.
    private static func question(of box: BusDeviceSettings) -> BusQuestion? {
        if case .dlt645 = box.language {
            return .frame(name: DLT645.addressFrame, fields: [])
        }
        return box.firstQuestion
    }

    private mutating func add(
        _ model: DeviceProfile, _ box: BusDeviceSettings, _ question: BusQuestion,
        _ speed: LineSpeed, isModbus: Bool
    ) {
        if !speeds.contains(speed) { speeds.append(speed) }
        let packet = try? box.language.packet(for: question, to: box.address)
        let same = probes.firstIndex { probe in
            probe.speed == speed && probe.language == box.language.name
                && (try? probe.box.language.packet(for: probe.question, to: probe.box.address))
                    == packet
        }
        if let same {
            probes[same].models.append(model)
        } else {
            probes.append(
                ScanProbe(speed: speed, box: box, question: question, models: [model]))
        }
    }

    /// The addresses at which a probe is asked; one without an address once.
    func addresses(of probe: ScanProbe) -> [Int] {
        guard let range = probe.models.first?.addresses else { return [0] }
        if case .dlt645 = probe.box.language { return [probe.box.address] }
        let own = max(range.lowerBound, units.lowerBound)
        let last = min(range.upperBound, units.upperBound)
        return own <= last ? Array(own...last) : []
    }

    func patience(of probe: ScanProbe) -> Interval {
        if case .modbus = probe.box.language { return Self.patience }
        return .milliseconds(Int64(probe.box.timing.timeoutMilliseconds))
    }

    /// How long it takes when nobody answers.
    var longest: Interval {
        probes.reduce(.zero) { sum, probe in
            sum + (patience(of: probe) + .milliseconds(60)) * Int64(addresses(of: probe).count)
        }
    }
}

extension ScanPlan {
    /// Asks one probe at one address; a sleeper twice.
    func ask(
        _ probe: ScanProbe, at address: Int, _ asker: BusAsker
    ) throws(Problem) -> ScanFind? {
        var box = probe.box
        box.address = address
        for _ in 0..<(box.timing.repeatsFirst ? 2 : 1) {
            let result = try asker.ask(probe.question, of: box, patience: patience(of: probe))
            guard let result else { return nil }
            guard case .answered(let answer) = result.ending else { continue }
            var find = ScanFind(
                speed: probe.speed, language: probe.language,
                address: probe.models.first?.addresses == nil ? nil : address, refusal: nil,
                took: result.took, models: probe.models)
            switch answer {
            case .refused(let code): find.refusal = code
            case .frame(DLT645.addressFrame, let fields):
                find.address = fields.first.map { Int($0.value) }
            case .frame, .registers, .bits, .done, .number, .raw: break
            }
            return find
        }
        return nil
    }

    /// How well each model that may be meant fits, best first. Numbers alone prove nothing: a wrong
    /// model yields numbers too.
    static func fits(
        _ find: ScanFind, _ port: BusPort, echoes: Bool
    ) throws(Problem) -> [ScanFit] {
        var fits: [ScanFit] = []
        for model in find.models {
            guard let box = try? model.bench(address: find.address.map { "\($0)" }) else {
                continue
            }
            let line = BusLine(port, find.speed, echoes: echoes, boxes: [box])
            let asked = box.points.indices.filter { box.points[$0].everyMilliseconds > 0 }
            guard !asked.isEmpty else { continue }
            _ = try line.play(for: .seconds(4)) { news throws(Problem) in
                if case .offline = news { return false }
                let readings = line.driver.readings(of: BusLine.device(0))
                return asked.contains { readings[$0].quality == .unread }
            }
            let readings = line.driver.readings(of: BusLine.device(0))
            let good = asked.count { readings[$0].isBelievable }
            fits.append(ScanFit(model: model.id, good: good, of: asked.count))
        }
        return fits.filter { $0.good > 0 }.sorted { first, second in
            let (left, right) = (first.good * second.of, second.good * first.of)
            return left == right ? first.good > second.good : left > right
        }
    }
}
