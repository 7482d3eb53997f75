// A disk in memory with SQLite's interface in front, and a seed's choice of what fails on it.

import CSQLite
import EventLoop
import Journal

/// One simulated machine's disk. The real store runs on it.
///
/// Contents survive a process that ends; `cutPower` keeps only what was synced, with the writes
/// since then kept in part, as a medium does. One thread owns it: the loop's, in batch mode.
public final class MemoryFileSystem: @unchecked Sendable {
    final class File {
        let name: String
        var bytes: [UInt8] = []
        /// What the writes since the last sync replaced, oldest first.
        var undo: [(offset: Int, old: [UInt8], oldSize: Int)] = []

        init(name: String) { self.name = name }
    }

    /// The name that SQLite knows this file system by.
    public let name: String
    /// Few files: looked through, in the order in which they were made.
    var files: [File] = []
    var chance: SplitMix64
    public internal(set) var mood = DiskMood.healthy
    /// Fails exactly the n-th operation from now, then counts no further.
    var failAfter: Int?
    /// Fails every operation from this one on: the power is going.
    var failFrom: Int?
    /// How many writes, syncs and truncations there were.
    public internal(set) var operations = 0
    public internal(set) var failedOperations = 0
    /// How long the operations since the last `takeTime` took, in virtual time.
    private var spent = Interval.zero

    let methods: UnsafeMutablePointer<sqlite3_io_methods>
    let system: UnsafeMutablePointer<sqlite3_vfs>
    private let systemName: UnsafeMutablePointer<CChar>

    public init(chance: SplitMix64) {
        self.chance = chance
        methods = .allocate(capacity: 1)
        system = .allocate(capacity: 1)
        // The address makes the name unique while this file system lives.
        name = "station-memory-" + String(UInt(bitPattern: system), radix: 16)
        let bytes = Array(name.utf8CString)
        systemName = .allocate(capacity: bytes.count)
        systemName.initialize(from: bytes, count: bytes.count)
        methods.initialize(to: Self.fileMethods())
        system.initialize(to: Self.systemMethods())
        system.pointee.zName = UnsafePointer(systemName)
        system.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        let code = sqlite3_vfs_register(system, 0)
        precondition(code == SQLITE_OK, "SQLite refused a file system")
    }

    deinit {
        sqlite3_vfs_unregister(system)
        system.deallocate()
        methods.deallocate()
        systemName.deallocate()
    }

    // MARK: Faults

    /// What the disk is like from now on.
    public func turn(_ mood: DiskMood) { self.mood = mood }

    /// Fails the operation that comes `count` operations from now, once.
    public func failOperation(after count: Int) { failAfter = operations + count }

    /// Fails every operation that comes `count` operations from now, or later.
    public func brownOut(after count: Int) { failFrom = operations + count }

    /// The power goes: what was not synced is lost, but for a part of it, the last write torn.
    public func cutPower() {
        failFrom = nil
        for file in files {
            let kept = file.undo.isEmpty ? 0 : chance.below(file.undo.count + 1)
            for change in file.undo[kept...].reversed() {
                let end = min(change.offset + change.old.count, file.bytes.count)
                if change.offset < end {
                    file.bytes.replaceSubrange(
                        change.offset..<end, with: change.old.prefix(end - change.offset))
                }
                if file.bytes.count > change.oldSize {
                    file.bytes.removeLast(file.bytes.count - change.oldSize)
                }
            }
            file.undo.removeAll()
        }
    }

    /// How long the disk worked since the last call.
    public func takeTime() -> Interval {
        defer { spent = .zero }
        return spent
    }

    enum Operation {
        case write
        case sync
        case truncate
    }

    /// Whether an operation works; SQLite's result code if not.
    func admit(_ operation: Operation, grows: Bool) -> Int32 {
        operations += 1
        let code: Int32 =
            switch operation {
            case .write: SQLITE_IOERR | 3 << 8
            case .sync: SQLITE_IOERR | 4 << 8
            case .truncate: SQLITE_IOERR | 6 << 8
            }
        if failAfter == operations { return fail(code) }
        if let failFrom, operations > failFrom { return fail(code) }
        switch mood {
        case .healthy: break
        case .slow where operation == .sync:
            spend(chance.between(.milliseconds(100), .milliseconds(2_000)))
            return SQLITE_OK
        case .slow: break
        case .failing where chance.below(4) == 0: return fail(code)
        case .failing: break
        case .full where operation == .write && grows: return fail(SQLITE_FULL)
        case .full: break
        }
        if operation == .sync { spend(chance.between(.microseconds(400), .milliseconds(6))) }
        return SQLITE_OK
    }

    private func fail(_ code: Int32) -> Int32 {
        failedOperations += 1
        return code
    }

    private func spend(_ time: Interval) { spent = spent + time }

    // MARK: Files

    func file(_ name: String) -> File? { files.first { $0.name == name } }

    func make(_ name: String) -> File {
        if let file = file(name) { return file }
        let file = File(name: name)
        files.append(file)
        return file
    }

    func remove(_ name: String) { files.removeAll { $0.name == name } }
}

extension MemoryFileSystem.File {
    func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
        let end = offset + source.count
        let overlap = offset..<min(end, max(offset, bytes.count))
        undo.append((offset, Array(bytes[overlap]), bytes.count))
        if end > bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        }
        bytes.withUnsafeMutableBytes { target in
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: source)
        }
    }

    func cut(to size: Int) {
        guard size < bytes.count else { return }
        undo.append((size, Array(bytes[size...]), bytes.count))
        bytes.removeLast(bytes.count - size)
    }

    func sync() { undo.removeAll(keepingCapacity: true) }
}
