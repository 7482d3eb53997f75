// What a PD can answer, with its meaning.

/// A reply with its data, all by value.
public enum OSDPReply: Equatable, Sendable {
    case ack
    case nak(OSDPNak)
    case busy
    case identity(OSDPIdentity)
    case capabilities(OSDPCapabilities)
    case localStatus(OSDPLocalStatus)
    case inputs(OSDPLevels)
    case outputs(OSDPLevels)
    case readers(OSDPReaderStates)
    case card(OSDPCard)
    case formattedCard(OSDPFormattedCard)
    case keys(OSDPKeys)
    case communication(OSDPCommunication)
    case clientCryptogram(OSDPClientCryptogram)
    case initialMAC(UInt128)
    /// One that we know by name only.
    case other(OSDPReplyCode)

    public var code: OSDPReplyCode {
        switch self {
        case .ack: .ack
        case .nak: .nak
        case .busy: .busy
        case .identity: .identity
        case .capabilities: .capabilities
        case .localStatus: .localStatus
        case .inputs: .inputStatus
        case .outputs: .outputStatus
        case .readers: .readerStatus
        case .card: .rawCard
        case .formattedCard: .formattedCard
        case .keys: .keypad
        case .communication: .communication
        case .clientCryptogram: .clientCryptogram
        case .initialMAC: .initialMAC
        case .other(let code): code
        }
    }

    /// Reads a reply.
    public init(code: OSDPReplyCode, _ fields: Span<UInt8>) throws(OSDPPayloadError) {
        switch code {
        case .ack:
            try fields.expect(0)
            self = .ack
        case .nak:
            // Some codes have details behind them.
            try fields.expect(atLeast: 1)
            self = .nak(OSDPNak(rawValue: fields[0]))
        case .busy:
            try fields.expect(0)
            self = .busy
        case .identity: self = .identity(try OSDPIdentity(fields))
        case .capabilities: self = .capabilities(try OSDPCapabilities(fields))
        case .localStatus: self = .localStatus(try OSDPLocalStatus(fields))
        case .inputStatus: self = .inputs(try OSDPLevels(fields))
        case .outputStatus: self = .outputs(try OSDPLevels(fields))
        case .readerStatus: self = .readers(try OSDPReaderStates(fields))
        case .rawCard: self = .card(try OSDPCard(fields))
        case .formattedCard: self = .formattedCard(try OSDPFormattedCard(fields))
        case .keypad: self = .keys(try OSDPKeys(fields))
        case .communication: self = .communication(try OSDPCommunication(fields))
        case .clientCryptogram: self = .clientCryptogram(try OSDPClientCryptogram(fields))
        case .initialMAC:
            try fields.expect(16)
            self = .initialMAC(fields.wide(at: 0))
        case .bioRead, .bioMatch, .fileStatus, .pivRead, .generalAuthenticate,
            .challengeAuthenticate, .manufacturerStatus, .manufacturerError, .manufacturer,
            .extendedRead:
            self = .other(code)
        }
    }

    /// Appends the code and its data: what a PD does. Those of `.other` have none.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(code.rawValue)
        switch self {
        case .ack, .busy, .other: break
        case .nak(let nak): bytes.append(nak.rawValue)
        case .identity(let identity): identity.encode(into: &bytes)
        case .capabilities(let capabilities): capabilities.encode(into: &bytes)
        case .localStatus(let status): status.encode(into: &bytes)
        case .inputs(let levels), .outputs(let levels): levels.encode(into: &bytes)
        case .readers(let states): states.encode(into: &bytes)
        case .card(let card): card.encode(into: &bytes)
        case .formattedCard(let card): card.encode(into: &bytes)
        case .keys(let keys): keys.encode(into: &bytes)
        case .communication(let communication): communication.encode(into: &bytes)
        case .clientCryptogram(let cryptogram): cryptogram.encode(into: &bytes)
        case .initialMAC(let mac): bytes.append(bigEndian: mac)
        }
    }
}
