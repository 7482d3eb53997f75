// A file that is replaced whole and proves that it is whole: for the roster table and the snapshot.
// The halves of the totals' file begin with the same header.
//
//   offset  size
//        0     8  "STATION1"
//        8     4  kind, ASCII
//       12     2  version of the content
//       14     2  zero
//       16     8  length of the content
//       24    32  SHA-256( bytes 0 to 23 ‖ content )
//       56        content
//
// Numbers are big-endian.

import Crypto

/// One checksummed file of the state directory.
public struct StateFile: Sendable {
    /// What a file holds, as four ASCII characters.
    public struct Kind: Equatable, Sendable {
        let code: UInt32

        /// - Precondition: four ASCII characters.
        public init(_ text: StaticString) {
            precondition(text.utf8CodeUnitCount == 4, "a state file's kind has four characters")
            code = UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt32.self).bigEndian
        }

        public static let roster = Kind("ROST")
        public static let snapshot = Kind("SNAP")
        public static let totals = Kind("TOTL")
    }

    /// Sound content, without a copy.
    public struct Contents: Sendable {
        public var version: UInt16
        public var bytes: ArraySlice<UInt8>
    }

    /// In the name of a damaged file that was set aside.
    public static let damagedWord = "corrupt"
    /// In the name of a file of a later version that was set aside.
    public static let newerWord = "newer"
    /// In the name of a file that could not be read and was set aside.
    public static let unreadableWord = "unread"

    static let headerLength = 56
    private static let lengthOffset = 16
    private static let digestOffset = 24
    private static let magic = UInt64(0x5354_4154_494F_4E31)  // "STATION1"

    public let name: String
    public let kind: Kind
    /// The newest version that the caller understands, and the one it writes.
    public let version: UInt16
    /// Longer content is refused, in bytes.
    public let limit: Int

    public init(name: String, kind: Kind, version: UInt16, limit: Int) {
        self.name = name
        self.kind = kind
        self.version = version
        self.limit = limit
    }

    /// Puts new content in place of the old; when this returns it survives a power cut.
    public func write(
        _ content: ArraySlice<UInt8>, in directory: any StateDirectory
    ) throws(JournalError) {
        try directory.replace(name, with: [try header(of: content)[...], content])
    }

    /// What stands before the content.
    func header(of content: ArraySlice<UInt8>) throws(JournalError) -> [UInt8] {
        guard content.count <= limit else {
            throw JournalError(
                .full, "\(name): \(content.count) bytes of content, at most \(limit) allowed")
        }
        var header = ByteBuffer(capacity: Self.headerLength)
        header.append(bigEndian: Self.magic)
        header.append(bigEndian: kind.code)
        header.append(bigEndian: version)
        header.append(bigEndian: UInt16(0))
        header.append(bigEndian: UInt64(content.count))
        let digest = Self.digest(of: header.bytes, content)
        return Array(header.bytes) + digest
    }

    /// The content, or `nil` when there is no such file.
    ///
    /// A damaged file is set aside under another name, so that the next start does not meet it.
    public func read(in directory: any StateDirectory) throws(StateFileError) -> Contents? {
        let bytes: [UInt8]?
        do throws(JournalError) {
            bytes = try directory.read(name, limit: limit + Self.headerLength)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { return nil }
        switch examine(bytes) {
        case .sound(let contents): return contents
        case .newer(let version): throw .newer(version)
        case .damaged(let damage):
            throw .damaged(damage, setAside: setAside(in: directory))
        }
    }

    enum Verdict {
        case sound(Contents)
        case newer(UInt16)
        case damaged(StateFileError.Damage)
    }

    /// Judges header and content in a place that is longer than both.
    func examine(place: ArraySlice<UInt8>) -> Verdict {
        var length = place.dropFirst(Self.lengthOffset)
        guard let count: UInt64 = length.take(), place.count >= Self.headerLength else {
            return .damaged(.short)
        }
        guard count <= UInt64(place.count - Self.headerLength) else { return .damaged(.length) }
        return examine(Array(place.prefix(Self.headerLength + Int(count))))
    }

    private func examine(_ bytes: [UInt8]) -> Verdict {
        guard bytes.count >= Self.headerLength else { return .damaged(.short) }
        let (magic, code, found, length) = bytes.withUnsafeBytes { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
                UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: 12, as: UInt16.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            )
        }
        guard magic == Self.magic else { return .damaged(.magic) }
        guard code == kind.code else { return .damaged(.kind) }
        let content = bytes[Self.headerLength...]
        guard length == UInt64(content.count) else { return .damaged(.length) }
        let digest = bytes.withUnsafeBytes { raw in
            Self.digest(of: UnsafeRawBufferPointer(rebasing: raw[..<Self.digestOffset]), content)
        }
        guard bytes[Self.digestOffset..<Self.headerLength].elementsEqual(digest) else {
            return .damaged(.digest)
        }
        guard found <= version else { return .newer(found) }
        return .sound(Contents(version: found, bytes: content))
    }

    private static func digest(
        of header: UnsafeRawBufferPointer, _ content: ArraySlice<UInt8>
    ) -> [UInt8] {
        var hash = SHA256()
        hash.update(bufferPointer: header)
        content.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// Gives a file that cannot be used another name, so that none is put in its place.
    ///
    /// - Parameter word: says in the new name what is the matter with it.
    /// - Returns: the new name, or `nil` when the directory does not let us.
    public func setAside(
        in directory: any StateDirectory, as word: String = StateFile.damagedWord
    ) -> String? {
        let aside = directory.asideName(stem: name, suffix: "", word: word)
        do throws(JournalError) {
            try directory.rename(name, to: aside)
            try directory.sync()
            return aside
        } catch {
            return nil
        }
    }
}

/// Why a state file's content cannot be had.
public enum StateFileError: Error, Equatable, Sendable {
    public enum Damage: String, Equatable, Sendable, CaseIterable {
        /// Shorter than a header.
        case short
        /// Not a state file at all.
        case magic
        /// A state file of another kind.
        case kind
        /// Cut off, or something was appended.
        case length
        /// A bit is not what was written.
        case digest
        /// Whole, and yet not what its kind says: its writer had a fault.
        case content
    }

    /// `setAside`: the name it was given, `nil` when renaming failed.
    case damaged(Damage, setAside: String?)
    /// A later version of the software wrote it; it was left alone.
    case newer(UInt16)
    case unreadable(JournalError)
}

extension StateFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .damaged(let damage, let name?):
            "已损坏，另存为 damaged (\(damage.rawValue)), set aside as \(name)"
        case .damaged(let damage, nil):
            "已损坏且不能改名，请查目录的属主 damaged (\(damage.rawValue)) and cannot be renamed; "
                + "check the directory's owner"
        case .newer(let version):
            "由更新的版本写成，请升级 written by a later version (\(version)); update this software"
        case .unreadable(let error):
            error.description
        }
    }
}
