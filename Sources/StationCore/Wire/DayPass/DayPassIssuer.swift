// Who may issue day passes: a key that signs, and its public half that a station checks with.

import Crypto

/// A public key that a station trusts for day passes.
public struct DayPassIssuer: Sendable {
    /// The first four bytes of the public key's SHA-256: enough to choose among a station's few.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let bits: UInt32

        /// Eight hexadecimal digits.
        public var description: String { Hex.lower(bytes) }

        public init(bits: UInt32) { self.bits = bits }

        var bytes: [UInt8] { DayPass.bytes(UInt64(bits), 4) }
    }

    private let key: Curve25519.Signing.PublicKey
    /// 32 bytes.
    public let publicKey: [UInt8]
    public let id: ID

    /// - Returns: `nil` unless the key has 32 bytes.
    public init?(publicKey: [UInt8]) {
        guard publicKey.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return nil }
        self.init(key)
    }

    fileprivate init(_ key: Curve25519.Signing.PublicKey) {
        self.key = key
        publicKey = Array(key.rawRepresentation)
        let digest = Crypto.SHA256.hash(data: publicKey)
        id = ID(bits: digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    fileprivate func vouches(for pass: SignedDayPass) -> Bool {
        pass.signature.count == DayPass.signatureLength
            && key.isValidSignature(pass.signature, for: pass.claim.signedBytes)
    }
}

extension SignedDayPass {
    /// The pass, if one of these issuers signed it.
    ///
    /// - Throws: `unknownIssuer` when none of them has its issuer's id, `signature` when none of
    ///   those signed it.
    public func verified(by issuers: [DayPassIssuer]) throws(DayPassRefusal) -> DayPass {
        let named = issuers.filter { $0.id == claim.issuer }
        guard !named.isEmpty else { throw .unknownIssuer }
        guard named.contains(where: { $0.vouches(for: self) }) else { throw .signature }
        return claim
    }
}

/// A private key that issues day passes. Prints as its public half.
public struct DayPassSigner: Sendable {
    /// The secret's length, in bytes.
    public static let secretBytes = 32

    private let key: Curve25519.Signing.PrivateKey
    public let issuer: DayPassIssuer

    /// - Parameter secret: exactly 32 random bytes (RFC 8032's seed).
    public init?(secret: [UInt8]) {
        guard secret.count == Self.secretBytes,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret)
        else { return nil }
        self.key = key
        issuer = DayPassIssuer(key.publicKey)
    }

    /// Signs a pass of its own.
    ///
    /// - Returns: `nil` when the pass names another issuer.
    public func sign(_ pass: DayPass) -> SignedDayPass? {
        guard pass.issuer == issuer.id, let signature = try? key.signature(for: pass.signedBytes)
        else { return nil }
        return SignedDayPass(claim: pass, signature: Array(signature))
    }
}

extension DayPassSigner: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    public var description: String { "day pass signer \(issuer.id)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["issuer": issuer.id]) }
}
