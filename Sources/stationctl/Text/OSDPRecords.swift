// What OSDP readers say, as records for JSON.

import StationCore

/// A number as a station writes it, `000000` with its maker's bytes in the order of the wire.
struct OSDPIdentityRecord: Codable, Equatable {
    var vendor: String
    var model: Int
    var version: Int
    var serial: UInt32
    var firmware: String

    init(_ identity: OSDPIdentity) {
        vendor = identity.vendorText
        model = Int(identity.model)
        version = Int(identity.version)
        serial = identity.serial
        firmware = identity.firmwareText
    }
}

/// One line of a PDCAP.
struct OSDPCapabilityRecord: Codable, Equatable {
    var function: String
    var level: Int
    var count: Int

    static func records(_ capabilities: OSDPCapabilities) -> [OSDPCapabilityRecord] {
        OSDPFunction.allCases.compactMap { function in
            capabilities[function].map {
                OSDPCapabilityRecord(
                    function: function.name, level: Int($0.level), count: Int($0.count))
            }
        }
    }
}

/// A card as bits or characters.
struct OSDPCardRecord: Codable, Equatable {
    /// The reading head.
    var reader: Int
    var format: String
    var count: Int
    /// As `stationctl card views` takes it; absent when there are more bits than a card has.
    var card: String?
    var text: String?

    init(_ card: OSDPCard) {
        reader = Int(card.reader)
        format = card.format.name
        count = Int(card.bitCount)
        guard !card.overflows, card.bitCount > 0 else { return }
        self.card = CardText.text(
            of: Credential(technology: .wiegand, bitCount: count, bits: card.bits))
    }

    init(_ card: OSDPFormattedCard) {
        reader = Int(card.reader)
        format = card.isBackwards ? "charactersBackwards" : "characters"
        count = card.text.count
        text = card.text.description
    }
}

/// A light's two colours.
struct OSDPBlinkRecord: Codable, Equatable {
    var on: String
    var off: String
    var onTenths: Int
    var offTenths: Int

    init(_ blink: OSDPBlink) {
        on = blink.on.name
        off = blink.off.name
        onTenths = Int(blink.onTenths)
        offTenths = Int(blink.offTenths)
    }
}

/// What a frame says beyond its name. One of the fields, or none.
struct OSDPDetails: Codable, Equatable {
    var identity: OSDPIdentityRecord?
    var capabilities: [OSDPCapabilityRecord]?
    var nak: String?
    var card: OSDPCardRecord?
    /// What is printed on the keys, in order.
    var keys: String?
    var tampered: Bool?
    var powerFailed: Bool?
    var inputs: [Bool]?
    var outputs: [Bool]?
    var readers: [String]?
    var address: Int?
    var baud: UInt32?
    var light: Int?
    var passing: OSDPBlinkRecord?
    var passingTenths: Int?
    var lasting: OSDPBlinkRecord?
    var buzz: String?
    var repetitions: Int?
    var text: String?
    var output: Int?
    var action: String?
    var tenths: Int?

    init() {}

    init(_ reply: OSDPReply) {
        switch reply {
        case .ack, .busy, .clientCryptogram, .initialMAC, .other: break
        case .nak(let nak): self.nak = nak.name
        case .identity(let identity): self.identity = OSDPIdentityRecord(identity)
        case .capabilities(let capabilities):
            self.capabilities = OSDPCapabilityRecord.records(capabilities)
        case .localStatus(let status):
            tampered = status.isTampered
            powerFailed = status.powerFailed
        case .inputs(let levels): inputs = Self.levels(levels)
        case .outputs(let levels): outputs = Self.levels(levels)
        case .readers(let states):
            readers = (0..<Int(states.count)).map { states[$0].name }
        case .card(let card): self.card = OSDPCardRecord(card)
        case .formattedCard(let card): self.card = OSDPCardRecord(card)
        case .keys(let keys):
            self.keys = (0..<Int(keys.count)).map { keys[$0].label }.joined()
        case .communication(let communication):
            address = Int(communication.address)
            baud = communication.baud
        }
    }

    init(_ command: OSDPCommand) {
        switch command {
        case .poll, .identify, .capabilities, .localStatus, .inputStatus, .outputStatus,
            .readerStatus, .keySet, .challenge, .serverCryptogram:
            break
        case .output(let control):
            output = Int(control.output)
            action = "\(control.action)"
            tenths = Int(control.tenths)
        case .light(let light):
            self.light = Int(light.light)
            if case .show(let blink, let tenths) = light.passing {
                passing = OSDPBlinkRecord(blink)
                passingTenths = Int(tenths)
            }
            if case .show(let blink) = light.lasting { lasting = OSDPBlinkRecord(blink) }
        case .buzz(let buzz):
            self.buzz = buzz.tone == .off ? "off" : "on"
            repetitions = Int(buzz.repetitions)
        case .text(let display): text = display.text.description
        case .communication(let communication):
            address = Int(communication.address)
            baud = communication.baud
        }
    }

    private static func levels(_ levels: OSDPLevels) -> [Bool] {
        (0..<Int(levels.count)).map { levels.isActive($0) }
    }
}
