// How far totals have got, in a file of two halves that are written in turn, in place.
//
//   half 0   a state file's header ‖ generation 8 ‖ mark 32 ‖ totals ‖ whatever was there before
//   half 1   the same, of the generation before or after
//
// The mark is sequence 8, store id 16 and wall anchor 8, as the snapshot has them. Version 1 had
// none.
//
// A power cut tears the half that was being written; the other one is whole, and one writing older.
// Writing neither makes nor renames a file and changes no size, so that nothing but the half goes
// to the medium, and the journal's next sync has nothing of it to wait for.

public import StationCore

/// The file of a station's totals, as whoever writes it knows it.
public struct TotalsFile: Sendable {
    public static let name = "totals.state"
    /// The content's version.
    static let version: UInt16 = 2
    private static let generationLength = 8
    private static let markLength = 32
    static let shape = StateFile(
        name: name, kind: .totals, version: version,
        limit: generationLength + markLength + TotalsCoding.sizeLimit)
    /// A half ends where a medium's block does: no write touches both.
    private static let block = 4_096

    /// When totals were kept, as a snapshot says of itself.
    public struct Mark: Equatable, Sendable {
        /// The newest entry that was known to be committed.
        public var last: Cursor?
        public var wallAnchor: WallTime

        public init(last: Cursor?, wallAnchor: WallTime) {
            self.last = last
            self.wallAnchor = wallAnchor
        }

        /// Whether a snapshot was taken later: by the journal if both know it, else by the clock.
        func isBefore(_ snapshot: StateSnapshot) -> Bool {
            if let mine = last, let other = snapshot.last, mine.store == other.store {
                return mine.sequence < other.sequence
            }
            return wallAnchor < snapshot.wallAnchor
        }
    }

    /// What a start finds.
    public enum Found: Equatable, Sendable {
        /// There is no such file.
        case nothing
        case kept([KeptTotal])
        /// Nobody knows what it said; it was set aside, `nil` when that failed.
        case unusable(StateFileError, setAside: String?)
    }

    private let directory: any StateDirectory
    /// When the totals that a start found were kept; nil: there were none, or that was not said.
    private(set) var mark: Mark?
    private var generation: UInt64 = 0
    /// Bytes of each half; 0: there is no file to write into.
    private var half = 0
    /// The half that is written next: not the one with the newest totals.
    private var next = 0

    /// Looks at the file of a state directory. One that cannot be used is set aside.
    public static func open(in directory: any StateDirectory) -> (TotalsFile, Found) {
        var file = TotalsFile(directory: directory)
        do throws(StateFileError) {
            guard let totals = try file.read() else { return (file, .nothing) }
            return (file, .kept(totals))
        } catch {
            let word =
                switch error {
                case .damaged: StateFile.damagedWord
                case .newer: StateFile.newerWord
                case .unreadable: StateFile.unreadableWord
                }
            return (file, .unusable(error, setAside: shape.setAside(in: directory, as: word)))
        }
    }

    private init(directory: any StateDirectory) { self.directory = directory }

    private mutating func read() throws(StateFileError) -> [KeptTotal]? {
        let bytes: [UInt8]?
        do throws(JournalError) {
            let limit = 2 * Self.length(ofHalf: StateFile.headerLength + Self.shape.limit)
            bytes = try directory.read(Self.name, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { return nil }
        let size = bytes.count / 2
        var best: (half: Int, content: Content)?
        var damage = StateFileError.Damage.short
        for half in 0..<2 {
            switch Self.shape.examine(place: bytes[half * size..<(half + 1) * size]) {
            case .damaged(let found): damage = found
            case .newer(let version): throw .newer(version)
            case .sound(let contents):
                guard let content = Self.decoded(contents) else {
                    damage = .content
                    continue
                }
                if let best, content.generation <= best.content.generation { continue }
                best = (half, content)
            }
        }
        guard let best else { throw .damaged(damage, setAside: nil) }
        (generation, half, next) = (best.content.generation, size, 1 - best.half)
        mark = best.content.mark
        return best.content.totals
    }

    private struct Content {
        var generation: UInt64
        var mark: Mark?
        var totals: [KeptTotal]
    }

    private static func decoded(_ contents: StateFile.Contents) -> Content? {
        var rest = contents.bytes
        guard let generation: UInt64 = rest.take() else { return nil }
        var mark: Mark?
        if contents.version >= 2 {
            guard let taken = Self.mark(&rest) else { return nil }
            mark = taken
        }
        guard let count: UInt16 = rest.take(),
            let totals = TotalsCoding.take(count, off: &rest), rest.isEmpty
        else { return nil }
        return Content(generation: generation, mark: mark, totals: totals)
    }

    private static func mark(_ rest: inout ArraySlice<UInt8>) -> Mark? {
        guard let sequence: UInt64 = rest.take(), let store: UInt128 = rest.take(),
            let wall: Int64 = rest.take(), store != 0 || sequence == 0
        else { return nil }
        return Mark(
            last: store == 0 ? nil : Cursor(store: StoreID(bits: store), sequence: sequence),
            wallAnchor: WallTime(milliseconds: wall))
    }

    /// Keeps totals; when this returns they survive a power cut. Until then those before do.
    ///
    /// - Precondition: at most `KeptTotal.capacity`.
    public mutating func write(
        _ totals: [KeptTotal], as mark: Mark
    ) throws(JournalError) {
        var content = ByteBuffer(capacity: Self.block)
        content.append(bigEndian: generation + 1)
        content.append(bigEndian: mark.last?.sequence ?? 0)
        content.append(bigEndian: mark.last?.store.bits ?? 0)
        content.append(bigEndian: mark.wallAnchor.milliseconds)
        TotalsCoding.append(totals, to: &content)
        let body = Array(content.bytes)
        let bytes = try Self.shape.header(of: body[...]) + body
        do throws(JournalError) {
            if bytes.count <= half {
                try directory.overwrite(Self.name, at: next * half, with: bytes[...])
            } else {
                // Room for totals that begin later, in blocks that are all written once.
                let size = Self.length(ofHalf: bytes.count)
                let whole = bytes + [UInt8](repeating: 0, count: size - bytes.count)
                try directory.replace(Self.name, with: [whole[...], whole[...]])
                half = size
            }
        } catch {
            // Where that half lies the medium may be bad: the next writing takes another place.
            half = 0
            throw error
        }
        generation += 1
        next = 1 - next
    }

    private static func length(ofHalf bytes: Int) -> Int {
        (bytes + bytes / 2 + block - 1) / block * block
    }
}
