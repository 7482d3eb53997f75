// Looks at one of the kernel's files again and again, and says what its point's number is.

/// One point's file. Kept by the worker that reads it.
public struct FileProbe: Sendable {
    /// The kernel's files of values are a few lines; `/proc/meminfo` has fifty.
    public static let contentLimit = 4_096
    /// Folders that a `*` may stand for.
    static let foldersLimit = 256
    /// Places of what is multiplied by a scale of the driver's.
    static let places = 6

    public let place: FilePlace
    /// What a disk had written at the last look.
    private var written: (count: Int64, milliseconds: Int64)?

    public init(_ place: FilePlace) { self.place = place }

    /// May block as long as the driver behind the file does.
    ///
    /// A disk that wrote nothing since the last look took no time for it: it is `quiet`.
    public mutating func look(in tree: some FileTree) -> FileFinding {
        if place.kind == .clock { return .number(tree.isClockSynchronized ? .one : .zero) }
        var finding = FileFinding.absent
        for path in place.paths {
            guard let path = resolved(path, in: tree) else { continue }
            do throws(FileTrouble) {
                return try read(path, in: tree)
            } catch {
                if error == .unreadable { finding = .unreadable }
            }
        }
        return finding
    }

    private mutating func read(
        _ path: String, in tree: some FileTree
    ) throws(FileTrouble) -> FileFinding {
        switch place.kind {
        case .clock: return .absent
        case .iio: return try channel(path, in: tree)
        case .number:
            let content = try tree.content(of: path)
            return KernelText(content).number(place).map { .number($0) } ?? .damaged
        case .word:
            let content = try tree.content(of: path)
            guard let word = KernelText(content).words.first else { return .damaged }
            let known = place.words.firstIndex { $0.utf8.elementsEqual(word) }
            // One that nobody has heard of is another one, for `else` to name.
            return .number(DecimalNumber(Int64(known ?? place.words.count)))
        case .ds18b20:
            let content = try tree.content(of: path)
            guard let value = try? DS18B20.temperature(content) else { return .damaged }
            return .number(value)
        case .latency: return latency(try tree.content(of: path))
        }
    }

    /// The kernel's Documentation/block/stat.rst: writes completed are the fifth number, the
    /// milliseconds spent with them the eighth.
    private mutating func latency(_ content: [UInt8]) -> FileFinding {
        let numbers = KernelText(content).words.map { KernelText.number($0)?.whole }
        guard numbers.count >= 11, let count = numbers[4], let milliseconds = numbers[7] else {
            return .damaged
        }
        let before = written
        written = (count, milliseconds)
        guard let before, before.count < count, before.milliseconds <= milliseconds else {
            return .quiet
        }
        let mean = Double(milliseconds - before.milliseconds) / Double(count - before.count)
        return DecimalNumber(mean, places: 3).map { .number($0) } ?? .damaged
    }

    /// The kernel's Documentation/ABI/testing/sysfs-bus-iio: what a driver has computed already is
    /// `_input`; else (raw + offset) × scale, where both may be one file for all channels.
    private func channel(
        _ path: String, in tree: some FileTree
    ) throws(FileTrouble) -> FileFinding {
        if let ready = try? number(of: path + "_input", in: tree) { return .number(ready) }
        let raw = try number(of: path + "_raw", in: tree)
        let shared = Self.shared(path)
        let scale = factor("_scale", path, shared, in: tree) ?? 1
        let offset = factor("_offset", path, shared, in: tree) ?? 0
        guard let raw else { return .damaged }
        let value = (raw.approximation + offset) * scale
        return DecimalNumber(value, places: Self.places).map { .number($0) } ?? .damaged
    }

    private func number(
        of path: String, in tree: some FileTree
    ) throws(FileTrouble) -> DecimalNumber? {
        KernelText(try tree.content(of: path)).words.first.flatMap { KernelText.number($0) }
    }

    private func factor(
        _ suffix: String, _ path: String, _ shared: [String], in tree: some FileTree
    ) -> Double? {
        for candidate in [path] + shared {
            guard let content = try? tree.content(of: candidate + suffix),
                let word = KernelText(content).words.first,
                let text = String(validating: word, as: UTF8.self), let value = Double(text)
            else { continue }
            return value
        }
        return nil
    }

    /// `in_voltage0-voltage1` has its scale in `in_voltage-voltage_scale` or `in_voltage_scale`.
    static func shared(_ path: String) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let folder = path[...slash]
        let name = path[path.index(after: slash)...]
        let bare = name.filter { !("0"..."9").contains($0) }
        let first = bare.prefix { $0 != "-" }
        return [String(folder + bare), String(folder + first)]
    }

    // MARK: Which folder

    /// The path with its `*` and `{state}` filled in; `nil`: no folder fits, or several do.
    func resolved(_ path: String, in tree: some FileTree) -> String? {
        var path = path
        if let range = path.firstRange(of: "{state}") {
            path.replaceSubrange(range, with: tree.stateDevice)
        }
        guard let star = path.firstIndex(of: "*") else { return path }
        let start = path[..<star].lastIndex(of: "/") ?? path.startIndex
        let end = path[star...].firstIndex(of: "/") ?? path.endIndex
        let prefix = path[path.index(after: start)..<star]
        let suffix = path[path.index(after: star)..<end]
        let folder = String(path[..<start])
        let names = tree.names(in: folder).prefix(Self.foldersLimit).filter { name in
            name.utf8.count > prefix.utf8.count + suffix.utf8.count && name.hasPrefix(prefix)
                && name.hasSuffix(suffix)
                && name.dropFirst(prefix.count).dropLast(suffix.count).utf8.allSatisfy {
                    Hex.value(of: $0) != nil
                }
        }
        let fitting = names.filter { isMeant("\(folder)/\($0)", in: tree) }
        guard fitting.count == 1 else { return nil }
        return "\(folder)/\(fitting[0])\(path[end...])"
    }

    private func isMeant(_ folder: String, in tree: some FileTree) -> Bool {
        guard !place.folderNames.isEmpty else { return true }
        for file in ["name", "type"] {
            guard let content = try? tree.content(of: "\(folder)/\(file)"),
                let word = KernelText(content).words.first
            else { continue }
            if place.folderNames.contains(where: { $0.utf8.elementsEqual(word) }) { return true }
        }
        return false
    }
}
