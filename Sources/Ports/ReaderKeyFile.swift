// The keys of readers on buses: one file, mode 0600 in the state directory, sealed where there is a
// seal, never printed.

public import Journal
public import StationCore

/// Reads and writes `readers.key`.
///
/// | on the medium | seal at hand | what `read` gives |
/// |---|---|---|
/// | nothing | any | no keys |
/// | in the clear | none | the keys |
/// | in the clear | one | the keys; `settle` seals them |
/// | sealed | the same | the keys |
/// | sealed | none, another | `Failure`: nothing is overwritten until the seal is back |
///
/// In the clear, a stolen board reveals: whoever has it can listen to these readers and speak for
/// them until they get other keys. Sealed, its medium alone reveals nothing.
public struct ReaderKeyFile: Sendable {
    public static let name = "readers.key"
    /// Two keys for each device that there may be, of 32 bytes of name each.
    public static let limit = 256 << 10

    public enum Failure: Error, Equatable, Sendable {
        /// It does not begin as such a file does: nothing in it is believed.
        case malformed
        /// It is sealed, and the seal is not here.
        case sealed
        /// It is sealed under another key, or was changed.
        case wrongSeal
        case unreadable(JournalError)
    }

    /// One reader's keys. A reader that is not in the station file any more keeps its own.
    public struct Reader: Equatable, Sendable {
        public let name: String
        public var keys: OSDPReaderKeys
    }

    /// What the file says.
    public struct Contents: Equatable, Sendable {
        public var readers: [Reader] = []
        /// Lines that are no key, from 1. What is in them is not repeated.
        public var damaged: [Int] = []
        /// `nil`: there is no file.
        public var isSealed: Bool?
    }

    let directory: any StateDirectory
    let seal: StateSeal?

    public init(in directory: any StateDirectory, seal: StateSeal?) {
        self.directory = directory
        self.seal = seal
    }

    /// Everything in the file that can be read; empty when there is none.
    public func read() throws(Failure) -> Contents {
        var held: [UInt8]?
        do throws(JournalError) {
            held = try directory.read(Self.name, limit: Self.limit + StateSeal.overhead)
        } catch {
            throw .unreadable(error)
        }
        // Taken, not copied: what is wiped afterwards is what was read.
        guard var bytes = held.take() else { return Contents() }
        defer { bytes.wipe() }
        guard StateSeal.isSealed(bytes) else {
            return try ReaderKeyText.parse(bytes.span, isSealed: false)
        }
        guard let seal else { throw .sealed }
        guard var content = seal.open(bytes, of: Self.name) else { throw .wrongSeal }
        defer { content.wipe() }
        return try ReaderKeyText.parse(content.span, isSealed: true)
    }

    /// Puts a key in its place: survives a power cut once this returns. A candidate is kept beside
    /// the key before, a proven one alone. Of a damaged file a copy is kept, and its good lines.
    public func keep(
        _ key: OSDPKey, of name: String, isProven: Bool
    ) throws(JournalError) {
        var readers = try readable()
        let place = readers.firstIndex { $0.name == name } ?? readers.count
        if place == readers.count {
            readers.append(Reader(name: name, keys: OSDPReaderKeys(key: nil)))
        }
        if isProven {
            readers[place].keys = OSDPReaderKeys(key: key)
        } else {
            readers[place].keys.candidate = key
        }
        try write(readers, under: seal)
    }

    /// Seals what lies there in the clear. False: nothing was to be done.
    public func settle() throws(JournalError) -> Bool {
        guard let seal, let contents = try? read(), contents.isSealed == false,
            contents.damaged.isEmpty
        else { return false }
        try write(contents.readers, under: seal)
        return true
    }

    /// Takes the seal away, for a board that has none from now on. False: it was not sealed.
    public func unseal() throws -> Bool {
        let contents = try read()
        guard contents.isSealed == true else { return false }
        try write(contents.readers, under: nil)
        return true
    }

    /// The keys that can be read, before the file is written anew; a damaged one is kept as well.
    private func readable() throws(JournalError) -> [Reader] {
        var contents = Contents()
        do throws(Failure) {
            contents = try read()
            if contents.damaged.isEmpty { return contents.readers }
        } catch {
            switch error {
            case .malformed: break
            case .sealed, .wrongSeal: throw JournalError(.denied, code: 13, "\(error)")
            case .unreadable(let error): throw error
            }
        }
        // A copy: if the power fails between two calls, the file is still there.
        guard var bytes = try directory.read(Self.name, limit: Self.limit + StateSeal.overhead)
        else { return contents.readers }
        defer { bytes.wipe() }
        try directory.replace(
            directory.asideName(stem: Self.name, suffix: ""), with: [bytes[...]])
        return contents.readers
    }

    private func write(_ readers: [Reader], under seal: StateSeal?) throws(JournalError) {
        var bytes = ReaderKeyText.write(readers)
        defer { bytes.wipe() }
        let file = seal?.seal(bytes, of: Self.name)
        try directory.replace(Self.name, with: [file?[...] ?? bytes[...]])
    }
}

extension ReaderKeyFile.Failure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed:
            "不是读卡器密钥文件，请重新安装密钥 is no file of readers' keys: they need new ones"
        case .sealed:
            "已封印而没有凭据 stationd.seal，请补上再重启 is sealed and there is no credential "
                + "stationd.seal: give it back and restart"
        case .wrongSeal:
            "凭据 stationd.seal 不是封它的那一个，或文件被改过 stationd.seal is not what sealed it, or the "
                + "file was changed: give the right one back and restart"
        case .unreadable(let error): "\(error)"
        }
    }
}
