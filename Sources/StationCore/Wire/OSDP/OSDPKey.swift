// A secure channel base key (SCBK): what a reader and its station know and nobody else should.

/// Why bytes are not taken as a key.
public enum OSDPKeyError: Error, Equatable, Sendable {
    /// Not 16 bytes.
    case count(Int)
    /// The key that every reader leaves its factory with: everybody knows it.
    case factoryDefault
    /// So regular that it is on the lists of those who try: equal bytes, steps, repetitions.
    case weak

    /// One sentence: what is wrong and what to do. The key is never in it.
    public func text(_ language: Wording.Language) -> String {
        let (chinese, english) =
            switch self {
            case .count(let count):
                (
                    "密钥应为16字节（32个十六进制数字），实为\(count)字节",
                    "a key is 16 bytes (32 hexadecimal digits), these are \(count)"
                )
            case .factoryDefault:
                ("这是人人都知道的出厂密钥SCBK-D，不能用", "this is SCBK-D, the factory key that everybody knows")
            case .weak:
                (
                    "密钥太有规律，容易被猜到：请用随机数生成",
                    "the key is too regular to be safe: make one from random bytes"
                )
            }
        return language == .chinese ? chinese : english
    }
}

/// Sixteen secret bytes. No description, mirror or error shows them; `revealed` does.
public struct OSDPKey: Hashable, Sendable {
    public static let byteCount = 16

    /// The first byte is the most significant one.
    let value: UInt128

    /// SCBK-D, bytes 30 to 3F: only good for giving a reader a key of its own.
    public static let factoryDefault = Self(value: 0x3031_3233_3435_3637_3839_3A3B_3C3D_3E3F)

    init(value: UInt128) { self.value = value }

    /// A key for daily use.
    /// - Throws: when it is not 16 bytes, the factory's, or one of those that are tried first
    ///   (Bishop Fox, "Badge of Shame", Black Hat 2023: one byte repeated, counting up or down).
    public init(_ bytes: some Collection<UInt8>) throws(OSDPKeyError) {
        guard bytes.count == Self.byteCount else { throw .count(bytes.count) }
        let key = Self(value: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        guard key != Self.factoryDefault else { throw .factoryDefault }
        guard !key.isWeak else { throw .weak }
        self = key
    }

    /// The bytes, for whoever stores the key or gives it to a reader. Never print them.
    public var revealed: [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// Constant steps from byte to byte, equal halves, or fewer than six different bytes. Random
    /// keys are none of these, but for one in 10^15.
    var isWeak: Bool {
        let bytes = revealed
        let step = bytes[1] &- bytes[0]
        let hasSteps = zip(bytes, bytes.dropFirst()).allSatisfy { $1 &- $0 == step }
        let hasEqualHalves = value >> 64 == value & UInt128(UInt64.max)
        return hasSteps || hasEqualHalves || Set(bytes).count < 6
    }
}

extension OSDPKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "OSDPKey" }
    public var debugDescription: String { "OSDPKey" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
