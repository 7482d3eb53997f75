// A box by itself, away from any station: for tools that speak with one, or play one.

public import StationCore

/// Why a profile cannot be a box on a bench.
public enum BenchFlaw: Error, Sendable, Equatable {
    /// Its profile is of something else: a reader, a lock.
    case noBox(profile: String)
    /// It shares its line, so somebody has to say which one is meant.
    case addressMissing(String)
    case addressWrong(String, range: String)
    /// It is alone on its line.
    case noAddress
    case unknown(String, known: [String])
    case value(String, name: String)

    public func text(_ language: Wording.Language) -> String {
        func say(_ chinese: String, _ english: String) -> String {
            language == .chinese ? chinese : english
        }
        switch self {
        case .noBox(let profile):
            return say("\(profile)不是总线上的设备", "\(profile) is no device on a bus")
        case .addressMissing(let range):
            return say("请用 --unit 写明地址（\(range)）", "say its address with --unit (\(range))")
        case .addressWrong(let text, let range):
            return say("地址“\(text)”不对，应为\(range)", "`\(text)` is no address: \(range)")
        case .noAddress:
            return say(
                "这种设备没有地址，一条线只接一台：请去掉 --unit",
                "this model has no address, one alone on a line: leave --unit out")
        case .unknown(let name, let known):
            let near = NearestWord.find(name, among: known)
            let list = known.joined(separator: ", ")
            let hint = near.map { say("，是不是 \($0)", "; did you mean \($0)") } ?? ""
            return say("没有“\(name)”，有：\(list)", "no `\(name)` here; there are: \(list)") + hint
        case .value(let text, let name):
            return say("\(name) 不能是“\(text)”", "\(name) cannot be `\(text)`")
        }
    }
}

extension DeviceProfile {
    /// The settings of its line as it leaves its maker; `nil`: it is no box.
    public var serial: SerialSettings? {
        if case .box(let serial) = link { serial } else { nil }
    }

    /// The addresses that it may have; `nil`: it has none.
    public var addresses: ClosedRange<Int>? {
        switch box?.addresses {
        case .range(let range)?: range
        case .meter?: DLT645.addresses
        case .some(.none), nil: nil
        }
    }

    /// Its parameters' names.
    public var parameterNames: [String] { box?.parameters.map(\.name) ?? [] }

    /// The box with an address and with parameters, as people write them.
    public func bench(
        address text: String?, parameters: [(name: String, value: String)] = []
    ) throws(BenchFlaw) -> BusDeviceSettings {
        guard case .busDevice(var settings) = driver, let box else { throw .noBox(profile: id) }
        if !parameters.isEmpty {
            var values: [BoxParameter] = []
            for (name, value) in parameters {
                guard var parameter = box.parameters.first(where: { $0.name == name }) else {
                    throw .unknown(name, known: box.parameters.map(\.name))
                }
                let number =
                    DecimalNumber(value) ?? Checker.hexadecimal(value).map { DecimalNumber($0) }
                guard let number, parameter.allows(number) else {
                    throw .value(value, name: name)
                }
                parameter.value = number
                values.append(parameter)
            }
            let aside = Checker(file: box.file, findings: Findings())
            let reading = BoxReader(checker: aside).read(box.parts, values: values)
            guard let reading, aside.findings.isClean else {
                throw .value(parameters[0].value, name: parameters[0].name)
            }
            settings = reading.settings
        }
        settings.address = try benchAddress(text)
        return settings
    }

    private func benchAddress(_ text: String?) throws(BenchFlaw) -> Int {
        guard let range = addresses else {
            guard text == nil else { throw .noAddress }
            return 0
        }
        let isMeter = box?.addresses == .meter
        let words =
            isMeter ? "000000000000-999999999999" : "\(range.lowerBound)-\(range.upperBound)"
        guard let text else { throw .addressMissing(words) }
        let number = Checker.hexadecimal(text) ?? Int64(text)
        guard let number = number.flatMap({ Int(exactly: $0) }), range.contains(number),
            !text.hasPrefix("+"), !isMeter || text.utf8.count <= 12
        else { throw .addressWrong(text, range: words) }
        return number
    }

    /// Raw numbers that its worked bytes show, and for others the middle of their range where 0 is
    /// none: what a simulated box may say until somebody says otherwise. Levels and totals alone.
    public func workedValues(
        of settings: BusDeviceSettings
    ) -> [(point: PointSettings, raw: Double)] {
        var shown: [String: DecimalNumber] = [:]
        for case .bus(let example) in examples.map(\.value) where example.parameters.isEmpty {
            guard case .points(let gifts) = example.outcome else { continue }
            for gift in gifts where shown[gift.point] == nil {
                if case .number(let number) = gift.value { shown[gift.point] = number }
            }
        }
        return settings.points.compactMap { point in
            guard point.states.isEmpty, point.kind != .event else { return nil }
            if let value = shown[point.name] { return (point, point.raw(of: value)) }
            guard let lowest = point.lowest?.approximation,
                let highest = point.highest?.approximation, lowest > 0
            else { return nil }
            let middle = DecimalNumber((lowest + highest) / 2, places: point.places)
            return middle.map { (point, point.raw(of: $0)) }
        }
    }
}

extension PointSettings {
    /// The raw number that is read as this value, of points without a curve.
    public func raw(of value: DecimalNumber) -> Double {
        let scaled = value.approximation - offset.approximation
        return scale.approximation == 0 ? 0 : scaled / scale.approximation
    }

    /// The raw number of a value as people write it: digits, or a state's name.
    public func raw(of text: String) -> Double? {
        guard states.isEmpty else {
            guard let state = states.firstIndex(of: text) else { return nil }
            if let meaning = meanings.first(where: { $0.state == state }) {
                return Double(meaning.raw)
            }
            // What nothing else means.
            guard otherwise == state else { return nil }
            return (0...255).first { number in !meanings.contains { $0.raw == number } }
                .map { Double($0) }
        }
        return DecimalNumber(text).map { raw(of: $0) }
    }
}
