// What a PD says that it can do.

/// What a PD can be able to do; the raw value is the byte on the wire.
public enum OSDPFunction: UInt8, Sendable, CaseIterable {
    case contactStatus = 1
    case outputControl = 2
    case cardFormat = 3
    case lights = 4
    case audible = 5
    case text = 6
    case time = 7
    case checkCharacter = 8
    case security = 9
    case receiveBuffer = 10
    case combinedMessage = 11
    case smartCard = 12
    case readers = 13
    case biometric = 14
    case securePIN = 15
    case version = 16

    /// A stable name for JSON.
    public var name: String {
        switch self {
        case .contactStatus: "contactStatus"
        case .outputControl: "outputControl"
        case .cardFormat: "cardFormat"
        case .lights: "lights"
        case .audible: "audible"
        case .text: "text"
        case .time: "time"
        case .checkCharacter: "checkCharacter"
        case .security: "security"
        case .receiveBuffer: "receiveBuffer"
        case .combinedMessage: "combinedMessage"
        case .smartCard: "smartCard"
        case .readers: "readers"
        case .biometric: "biometric"
        case .securePIN: "securePIN"
        case .version: "version"
        }
    }
}

/// PDCAP: for each function a level and a count. A claim, not a fact: anybody on the line can say
/// it, so nothing that matters is believed because of it.
public struct OSDPCapabilities: Hashable, Sendable {
    // One word a function: the level in the low byte, the count above it, and a bit for "said".
    private var words: InlineArray<17, UInt32> = InlineArray(repeating: 0)
    private static let said: UInt32 = 1 << 16

    public init() {}

    /// - Returns: `nil` for a function that the PD did not name.
    public subscript(function: OSDPFunction) -> (level: UInt8, count: UInt8)? {
        get {
            let word = words[Int(function.rawValue)]
            guard word & Self.said != 0 else { return nil }
            return (UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8))
        }
        set {
            words[Int(function.rawValue)] =
                newValue.map { UInt32($0.level) | UInt32($0.count) << 8 | Self.said } ?? 0
        }
    }

    /// Whether the PD claims to speak AES-128 secure channels.
    public var hasSecureChannel: Bool { (self[.security]?.level ?? 0) & 1 != 0 }

    /// Functions that no edition has are passed over; of two claims the later one stands.
    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        guard fields.count % 3 == 0 else {
            throw .length(expected: fields.count / 3 * 3, found: fields.count)
        }
        for place in stride(from: 0, to: fields.count, by: 3) {
            guard let function = OSDPFunction(rawValue: fields[place]) else { continue }
            self[function] = (fields[place + 1], fields[place + 2])
        }
    }

    func encode(into bytes: inout [UInt8]) {
        for function in OSDPFunction.allCases {
            guard let claim = self[function] else { continue }
            bytes.append(function.rawValue)
            bytes.append(claim.level)
            bytes.append(claim.count)
        }
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.words.indices.allSatisfy { a.words[$0] == b.words[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        for index in words.indices { hasher.combine(words[index]) }
    }
}
