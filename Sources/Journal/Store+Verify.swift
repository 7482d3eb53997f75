// Proving a stretch of the journal: no gap, every commitment, every link of the chain.

import EventLoop
import StationCore

/// How far a verification has got, and what it found.
public struct Verification: Equatable, Sendable {
    /// What is wrong at one entry.
    public enum Fault: String, Sendable, CaseIterable {
        /// The entry is not there.
        case missing
        /// Salt, identity or payload is not what was committed to.
        case commitment
        /// The entry's numbers, or an entry before it, are not what the digest was made of.
        case chain
    }

    public struct Break: Equatable, Sendable {
        public var sequence: UInt64
        public var fault: Fault
    }

    public let first: UInt64
    public let last: UInt64
    /// The next entry to be looked at.
    public internal(set) var next: UInt64
    /// Entries whose identity was erased: their link is proven, their payload no longer can be.
    public internal(set) var erased: UInt64 = 0
    /// The first thing that is wrong; nothing after it is looked at.
    public internal(set) var broken: Break?
    /// The digest of the last entry that was proven.
    public internal(set) var digest: ChainDigest

    public var isFinished: Bool { broken != nil || next > last }
    /// How many entries were proven.
    public var proven: UInt64 { next - first }
}

extension Store {
    /// Begins to verify the entries `first` to `last`, both included and cut to what there is.
    ///
    /// The entry before `first` is the anchor: its digest is taken as it stands.
    public mutating func beginVerification(
        from first: UInt64 = 1, to last: UInt64 = .max
    ) throws(JournalError) -> Verification {
        let first = min(max(first, 1), head.sequence + 1)
        var verification = Verification(
            first: first, last: min(last, head.sequence), next: first, digest: .zero)
        guard first > 1, !verification.isFinished else { return verification }
        statements.digest.bind(1, Int64(first - 1))
        defer { statements.digest.reset() }
        guard try statements.digest.step(), let digest = ChainDigest(statements.digest.bytes(0))
        else {
            verification.broken = .init(sequence: first - 1, fault: .missing)
            return verification
        }
        verification.digest = digest
        return verification
    }

    /// Verifies at most `sliceRows` entries more, in at most `sliceTime`.
    public mutating func advance(_ verification: inout Verification) throws(JournalError) {
        guard !verification.isFinished else { return }
        let end = settings.now() + Self.sliceTime
        statements.slice.bind(1, Int64(verification.next))
        statements.slice.bind(2, Int64(clamping: verification.last))
        statements.slice.bind(3, Int64(Self.sliceRows))
        defer { statements.slice.reset() }
        var rows = 0
        while try statements.slice.step() {
            verify(row: &verification)
            rows += 1
            if verification.isFinished { return }
            if rows % 8 == 0, settings.now() >= end { return }
        }
        if rows < Self.sliceRows {
            verification.broken = .init(sequence: verification.next, fault: .missing)
        }
    }

    /// Verifies the row that the slice statement stands on.
    private mutating func verify(row verification: inout Verification) {
        let sequence = verification.next
        guard statements.slice.integer(0) == Int64(sequence) else {
            verification.broken = .init(sequence: sequence, fault: .missing)
            return
        }
        guard let commitment = ChainDigest(statements.slice.bytes(13)),
            let stored = ChainDigest(statements.slice.bytes(14)),
            let boot = statements.slice.wide(2)
        else {
            verification.broken = .init(sequence: sequence, fault: .chain)
            return
        }
        let erased = statements.slice.isNull(12)
        if !erased {
            seal.begin(salt: statements.slice.bytes(12))
            seal.identify(key: statements.slice.bytes(9), holder: statements.slice.bytes(10))
            let payload = statements.slice.bytes(11)
            seal.describe { $0.append(payload) }
            guard seal.commitment() == commitment else {
                verification.broken = .init(sequence: sequence, fault: .commitment)
                return
            }
        }
        let header = EntrySeal.Header(
            store: storeID(epoch: statements.slice.integer(1)), sequence: sequence,
            boot: BootID(bits: boot), bootTime: statements.slice.integer(3),
            wall: statements.slice.integer(4),
            quality: UInt8(clamping: statements.slice.integer(5)),
            entryClass: UInt8(clamping: statements.slice.integer(6)))
        seal.chain(
            after: verification.digest, header, kind: statements.slice.bytes(7),
            device: statements.slice.bytes(8), commitment: commitment)
        guard seal.digest() == stored else {
            verification.broken = .init(sequence: sequence, fault: .chain)
            return
        }
        verification.digest = stored
        verification.erased += erased ? 1 : 0
        verification.next += 1
    }
}
