// The arithmetic of OSDP's secure channel: AES-128 on single blocks, and what is composed of it.
//
// swift-crypto's `AES.permute` is the block operation; its `AES._CBC` would return a `Data`, which
// lives in Foundation and on the heap. Blocks are numbers here, first byte most significant.

import Crypto
import CryptoExtras

/// AES-128 under one key.
struct OSDPCipher: Sendable {
    static let blockCount = 16

    private let key: SymmetricKey

    init(_ key: UInt128) {
        self.key = withUnsafeBytes(of: key.bigEndian) { SymmetricKey(data: $0) }
    }

    func encrypt(_ block: UInt128) -> UInt128 {
        var bytes = block.bigEndian
        withUnsafeMutableBytes(of: &bytes) { buffer in
            var block = buffer
            do {
                try AES.permute(&block, key: key)
            } catch {
                preconditionFailure("AES refused a block of 16 bytes and a key of 128 bits")
            }
        }
        return UInt128(bigEndian: bytes)
    }

    func decrypt(_ block: UInt128) -> UInt128 {
        var bytes = block.bigEndian
        withUnsafeMutableBytes(of: &bytes) { buffer in
            var block = buffer
            do {
                try AES.inversePermute(&block, key: key)
            } catch {
                preconditionFailure("AES refused a block of 16 bytes and a key of 128 bits")
            }
        }
        return UInt128(bigEndian: bytes)
    }

    /// CBC in place over `bytes[range]`, a whole number of blocks.
    func encrypt(_ bytes: inout [UInt8], _ range: Range<Int>, iv: UInt128) {
        var last = iv
        for place in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockCount) {
            last = encrypt(bytes.block(at: place) ^ last)
            bytes.setBlock(last, at: place)
        }
    }

    /// CBC in place over `bytes[range]`, a whole number of blocks.
    func decrypt(_ bytes: inout [UInt8], _ range: Range<Int>, iv: UInt128) {
        var last = iv
        for place in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockCount) {
            let block = bytes.block(at: place)
            bytes.setBlock(decrypt(block) ^ last, at: place)
            last = block
        }
    }
}

/// What both sides derive from the base key and the ACU's random number, and prove to each other.
public struct OSDPSessionKeys: Sendable {
    let encryption: OSDPCipher
    let firstMAC: OSDPCipher
    let lastMAC: OSDPCipher

    /// - Parameter acuRandom: RND.A, of which six of eight bytes are used.
    public init(key: OSDPKey, acuRandom: UInt64) {
        let base = OSDPCipher(key.value)
        func derive(_ label: UInt128) -> OSDPCipher {
            OSDPCipher(base.encrypt(label << 112 | UInt128(acuRandom >> 16) << 64))
        }
        encryption = derive(0x0182)
        firstMAC = derive(0x0101)
        lastMAC = derive(0x0102)
    }

    init(encryption: OSDPCipher, firstMAC: OSDPCipher, lastMAC: OSDPCipher) {
        self.encryption = encryption
        self.firstMAC = firstMAC
        self.lastMAC = lastMAC
    }

    /// The PD's proof that it has the key.
    public func clientCryptogram(acuRandom: UInt64, pdRandom: UInt64) -> UInt128 {
        encryption.encrypt(UInt128(acuRandom) << 64 | UInt128(pdRandom))
    }

    /// The ACU's proof that it has the key.
    public func serverCryptogram(acuRandom: UInt64, pdRandom: UInt64) -> UInt128 {
        encryption.encrypt(UInt128(pdRandom) << 64 | UInt128(acuRandom))
    }

    /// RMAC_I: the first link of the chain of MACs, which the PD says and the ACU knows already.
    public func initialMAC(serverCryptogram: UInt128) -> UInt128 {
        lastMAC.encrypt(firstMAC.encrypt(serverCryptogram))
    }

    /// CBC-MAC with another key for the last block; a last block that is short is padded with 80.
    func mac(of bytes: Span<UInt8>, iv: UInt128) -> UInt128 {
        var mac = iv
        var place = 0
        while place + OSDPCipher.blockCount < bytes.count {
            mac = firstMAC.encrypt(Self.block(of: bytes, at: place) ^ mac)
            place += OSDPCipher.blockCount
        }
        return lastMAC.encrypt(Self.block(of: bytes, at: place) ^ mac)
    }

    private static func block(of bytes: Span<UInt8>, at place: Int) -> UInt128 {
        var block: UInt128 = 0
        for index in place..<place + OSDPCipher.blockCount {
            let byte: UInt8 = index < bytes.count ? bytes[index] : index == bytes.count ? 0x80 : 0
            block = block << 8 | UInt128(byte)
        }
        return block
    }
}

/// Whether two secrets are equal, in a time that does not depend on where they differ.
func areEqualInConstantTime(_ a: UInt128, _ b: UInt128) -> Bool { a ^ b == 0 }

extension [UInt8] {
    fileprivate func block(at place: Int) -> UInt128 {
        precondition(place >= 0 && place + OSDPCipher.blockCount <= count, "a block past the end")
        return withUnsafeBytes {
            UInt128(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt128.self))
        }
    }

    fileprivate mutating func setBlock(_ block: UInt128, at place: Int) {
        precondition(place >= 0 && place + OSDPCipher.blockCount <= count, "a block past the end")
        withUnsafeMutableBytes {
            $0.storeBytes(of: block.bigEndian, toByteOffset: place, as: UInt128.self)
        }
    }
}
