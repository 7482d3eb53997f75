// What the ACU can say, with its meaning.

/// A command with its data.
public enum OSDPCommand: Equatable, Sendable {
    case poll
    case identify
    case capabilities
    case localStatus
    case inputStatus
    case outputStatus
    case readerStatus
    case output(OSDPOutputControl)
    case light(OSDPLight)
    case buzz(OSDPBuzz)
    case text(OSDPDisplay)
    case communication(OSDPCommunication)
    /// Gives the PD a key of its own; within a secure channel only.
    case keySet(OSDPKey)
    /// RND.A: a secure channel begins.
    case challenge(acuRandom: UInt64)
    case serverCryptogram(UInt128)

    public var code: OSDPCommandCode {
        switch self {
        case .poll: .poll
        case .identify: .identify
        case .capabilities: .capabilities
        case .localStatus: .localStatus
        case .inputStatus: .inputStatus
        case .outputStatus: .outputStatus
        case .readerStatus: .readerStatus
        case .output: .output
        case .light: .light
        case .buzz: .buzz
        case .text: .text
        case .communication: .communication
        case .keySet: .keySet
        case .challenge: .challenge
        case .serverCryptogram: .serverCryptogram
        }
    }

    /// Appends the code and its data.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(code.rawValue)
        switch self {
        case .poll, .localStatus, .inputStatus, .outputStatus, .readerStatus: break
        case .identify, .capabilities: bytes.append(0)
        case .output(let control): control.encode(into: &bytes)
        case .light(let light): light.encode(into: &bytes)
        case .buzz(let buzz): buzz.encode(into: &bytes)
        case .text(let display): display.encode(into: &bytes)
        case .communication(let communication): communication.encode(into: &bytes)
        case .keySet(let key):
            bytes.append(Self.baseKey)
            bytes.append(UInt8(OSDPKey.byteCount))
            bytes.append(bigEndian: key.value)
        case .challenge(let random): bytes.append(bigEndian: random)
        case .serverCryptogram(let cryptogram): bytes.append(bigEndian: cryptogram)
        }
    }

    /// The kind of key that KEYSET sets: an SCBK, the only one there is.
    static let baseKey: UInt8 = 1

    /// Reads a command; what a PD does, or whoever looks at a recording.
    public init(
        code: OSDPCommandCode, _ fields: Span<UInt8>
    ) throws(OSDPPayloadError) {
        switch code {
        case .poll, .localStatus, .inputStatus, .outputStatus, .readerStatus:
            try fields.expect(0)
            self = Self.plain(code)
        case .identify, .capabilities:
            try fields.expect(1)
            self = Self.plain(code)
        case .output: self = .output(try OSDPOutputControl(fields))
        case .light: self = .light(try OSDPLight(fields))
        case .buzz: self = .buzz(try OSDPBuzz(fields))
        case .text: self = .text(try OSDPDisplay(fields))
        case .communication: self = .communication(try OSDPCommunication(fields))
        case .keySet:
            try fields.expect(2 + OSDPKey.byteCount)
            guard fields[0] == Self.baseKey, Int(fields[1]) == OSDPKey.byteCount else {
                throw .value(at: 0)
            }
            self = .keySet(OSDPKey(value: fields.wide(at: 2)))
        case .challenge:
            try fields.expect(8)
            self = .challenge(acuRandom: fields.long(at: 0))
        case .serverCryptogram:
            try fields.expect(16)
            self = .serverCryptogram(fields.wide(at: 0))
        case .bioRead, .bioMatch, .receiveSize, .fileTransfer, .manufacturer, .extendedWrite,
            .abort, .pivRead, .generalAuthenticate, .challengeAuthenticate, .keepActive:
            throw .unsupported
        }
    }

    private static func plain(_ code: OSDPCommandCode) -> Self {
        switch code {
        case .identify: .identify
        case .capabilities: .capabilities
        case .localStatus: .localStatus
        case .inputStatus: .inputStatus
        case .outputStatus: .outputStatus
        case .readerStatus: .readerStatus
        case .poll, .output, .light, .buzz, .text, .communication, .keySet, .challenge,
            .serverCryptogram, .bioRead, .bioMatch, .receiveSize, .fileTransfer, .manufacturer,
            .extendedWrite, .abort, .pivRead, .generalAuthenticate, .challengeAuthenticate,
            .keepActive:
            .poll
        }
    }
}
