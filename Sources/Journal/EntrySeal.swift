// An entry's commitment and its place in the chain: what is hashed, in which order.
//
//   commitment = SHA-256( salt 32 ‖ key length 1 ‖ key ‖ holder length 1 ‖ holder ‖ payload )
//   digest     = SHA-256( digest of the entry before 32 ‖ header ‖ commitment 32 )
//   header     = version 1 ‖ store id 16 ‖ sequence 8 ‖ boot id 16 ‖ boot-time clock 8 ‖ wall 8
//                ‖ quality 1 ‖ class 1 ‖ kind length 1 ‖ device length 1 ‖ kind ‖ device
//
// Numbers are big-endian. The digest covers identity and payload only through the commitment, so
// both can be erased together with the salt, and the chain still verifies. Every variable part has
// its length before it, so no two entries hash the same bytes.

import Crypto
import StationCore

/// The memory in which one entry is sealed, and verified, after another.
struct EntrySeal: ~Copyable {
    /// Room for salt, identity and the longest payload; both grow if they must.
    private var committed = ByteBuffer(capacity: 1_024)
    private var chained = ByteBuffer(capacity: 512)
    private var keyRange = 0..<0
    private var holderRange = 0..<0
    private var payloadRange = 0..<0
    private var kindRange = 0..<0
    private var deviceRange = 0..<0
    private var commitmentRange = 0..<0
    private var digestBuffer = ByteBuffer(capacity: ChainDigest.byteCount)

    static let saltLength = 32
    private static let headerVersion: UInt8 = 1

    // MARK: Commitment

    mutating func begin(salt: UnsafeRawBufferPointer) {
        committed.removeAll()
        committed.append(salt)
    }

    mutating func identify(key: UnsafeRawBufferPointer, holder: UnsafeRawBufferPointer) {
        keyRange = appendCounted(key)
        holderRange = appendCounted(holder)
    }

    /// Lets `write` append the payload.
    mutating func describe(_ write: (inout ByteBuffer) -> Void) {
        let start = committed.count
        write(&committed)
        payloadRange = start..<committed.count
    }

    private mutating func appendCounted(_ text: UnsafeRawBufferPointer) -> Range<Int> {
        committed.append(UInt8(truncatingIfNeeded: text.count))
        let start = committed.count
        committed.append(text)
        return start..<committed.count
    }

    /// Over what was begun, identified and described.
    func commitment() -> ChainDigest { Self.digest(of: committed.bytes) }

    // MARK: Chain

    /// The header's numbers, as they are stored.
    struct Header {
        var store: StoreID
        var sequence: UInt64
        var boot: BootID
        var bootTime: Int64
        var wall: Int64
        var quality: UInt8
        var entryClass: UInt8
    }

    /// Writes everything that the digest covers.
    mutating func chain(
        after previous: ChainDigest, _ header: Header, kind: UnsafeRawBufferPointer,
        device: UnsafeRawBufferPointer, commitment: ChainDigest
    ) {
        chained.removeAll()
        append(previous)
        chained.append(Self.headerVersion)
        chained.append(bigEndian: header.store.bits)
        chained.append(bigEndian: header.sequence)
        chained.append(bigEndian: header.boot.bits)
        chained.append(bigEndian: header.bootTime)
        chained.append(bigEndian: header.wall)
        chained.append(header.quality)
        chained.append(header.entryClass)
        chained.append(UInt8(truncatingIfNeeded: kind.count))
        chained.append(UInt8(truncatingIfNeeded: device.count))
        let start = chained.count
        chained.append(kind)
        kindRange = start..<chained.count
        chained.append(device)
        deviceRange = kindRange.upperBound..<chained.count
        append(commitment)
        commitmentRange = deviceRange.upperBound..<chained.count
    }

    /// Over what was chained.
    mutating func digest() -> ChainDigest {
        let digest = Self.digest(of: chained.bytes)
        digestBuffer.removeAll()
        digestBuffer.append(bigEndian: digest.high)
        digestBuffer.append(bigEndian: digest.low)
        return digest
    }

    private mutating func append(_ digest: ChainDigest) {
        chained.append(bigEndian: digest.high)
        chained.append(bigEndian: digest.low)
    }

    // MARK: What is bound to columns, valid until the next entry begins

    var salt: UnsafeRawBufferPointer { committed.bytes(0..<Self.saltLength) }
    var key: UnsafeRawBufferPointer { committed.bytes(keyRange) }
    var holder: UnsafeRawBufferPointer { committed.bytes(holderRange) }
    var payload: UnsafeRawBufferPointer { committed.bytes(payloadRange) }
    var kind: UnsafeRawBufferPointer { chained.bytes(kindRange) }
    var device: UnsafeRawBufferPointer { chained.bytes(deviceRange) }
    var commitmentBytes: UnsafeRawBufferPointer { chained.bytes(commitmentRange) }
    var digestBytes: UnsafeRawBufferPointer { digestBuffer.bytes }
    /// Behind the digest of the entry before, the version, the store's id and the sequence.
    var boot: UnsafeRawBufferPointer { chained.bytes(57..<73) }

    private static func digest(of bytes: UnsafeRawBufferPointer) -> ChainDigest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        // SHA-256's digest has 32 bytes by definition.
        return hash.finalize().withUnsafeBytes { ChainDigest($0) ?? .zero }
    }
}
