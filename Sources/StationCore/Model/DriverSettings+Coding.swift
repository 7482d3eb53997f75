// Driver settings as JSON: one key, the driver's name, with its settings.

extension DriverSettings {
    private enum Name: String, CodingKey {
        case wiegand, lock, contact, button, pn532, em4100, keyboard, ccid
        case osdpBus = "osdp-bus"
        case osdpReader = "osdp-reader"
        case fieldBus = "field-bus"
        case busDevice = "bus-device"
        case boardDevice = "board-device"
    }

    /// - Throws: `DecodingError` for an unknown driver, or for none or several.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        guard container.allKeys.count == 1, let name = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: container.codingPath,
                    debugDescription:
                        "a device has exactly one driver of those that this version knows"))
        }
        switch name {
        case .wiegand: self = .wiegand(try container.decode(WiegandSettings.self, forKey: name))
        case .lock: self = .lock(try container.decode(LockSettings.self, forKey: name))
        case .contact: self = .contact(try container.decode(ContactSettings.self, forKey: name))
        case .button: self = .button(try container.decode(ButtonSettings.self, forKey: name))
        case .pn532: self = .pn532(try container.decode(PN532Settings.self, forKey: name))
        case .em4100: self = .em4100(try container.decode(EM4100Settings.self, forKey: name))
        case .keyboard:
            self = .keyboard(try container.decode(KeyedReaderSettings.self, forKey: name))
        case .ccid: self = .ccid(try container.decode(CCIDSettings.self, forKey: name))
        case .osdpBus:
            self = .osdpBus(try container.decode(OSDPLineSettings.self, forKey: name))
        case .osdpReader:
            self = .osdpReader(try container.decode(OSDPReaderSettings.self, forKey: name))
        case .fieldBus:
            self = .fieldBus(try container.decode(FieldBusSettings.self, forKey: name))
        case .busDevice:
            self = .busDevice(try container.decode(BusDeviceSettings.self, forKey: name))
        case .boardDevice:
            self = .boardDevice(try container.decode(BoardDeviceSettings.self, forKey: name))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        switch self {
        case .wiegand(let settings): try container.encode(settings, forKey: .wiegand)
        case .lock(let settings): try container.encode(settings, forKey: .lock)
        case .contact(let settings): try container.encode(settings, forKey: .contact)
        case .button(let settings): try container.encode(settings, forKey: .button)
        case .pn532(let settings): try container.encode(settings, forKey: .pn532)
        case .em4100(let settings): try container.encode(settings, forKey: .em4100)
        case .keyboard(let settings): try container.encode(settings, forKey: .keyboard)
        case .ccid(let settings): try container.encode(settings, forKey: .ccid)
        case .osdpBus(let settings): try container.encode(settings, forKey: .osdpBus)
        case .osdpReader(let settings): try container.encode(settings, forKey: .osdpReader)
        case .fieldBus(let settings): try container.encode(settings, forKey: .fieldBus)
        case .busDevice(let settings): try container.encode(settings, forKey: .busDevice)
        case .boardDevice(let settings): try container.encode(settings, forKey: .boardDevice)
        }
    }
}
