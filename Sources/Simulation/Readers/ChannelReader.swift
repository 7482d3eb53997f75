// A reader at a channel's end as riders meet it: which cards it sees, and what it makes of them.

import EventLoop
public import StationCore

/// One reader on a channel.
public struct ChannelReader: Sendable {
    /// What it can see.
    public enum Sight: Sendable {
        /// The UID of a card of 13.56 MHz.
        case uid
        /// The id of a card of 125 kHz.
        case id
        /// As much of a card's id as one of these forms shows.
        case typed([KeyboardFormat])
        /// The frame that a reader makes of a card.
        case frame([WiegandFormat])
        /// Codes, no cards.
        case code
    }

    public let device: DeviceID
    /// The channel's place.
    public let channel: Int
    public let sight: Sight
    public let views: [View]

    /// The readers of a station that are on channels.
    static func readers(of station: ResolvedStation) -> [ChannelReader] {
        station.devices.indices.compactMap { place in
            let driver = station.devices[place].driver
            guard let (sight, names) = sight(of: driver),
                let channel = station.channels.firstIndex(where: {
                    $0.device == driver.bus ?? place
                })
            else { return nil }
            return ChannelReader(
                device: DeviceID(place), channel: channel, sight: sight,
                views: names.compactMap { View(name: $0) })
        }
    }

    private static func sight(of driver: DriverSettings) -> (Sight, views: [String])? {
        switch driver {
        case .ccid(let settings): (.uid, settings.views)
        case .pn532(let settings): (.uid, settings.views)
        case .em4100(let settings): (.id, settings.views)
        case .keyboard(let settings):
            settings.formats.isEmpty
                ? (.code, settings.views)
                : (.typed(formats(of: settings)), settings.views)
        case .osdpReader(let settings):
            (
                .frame(settings.formats.compactMap { WiegandFormat(name: $0) }), settings.views
            )
        case .wiegand, .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: nil
        }
    }

    static func formats(of settings: KeyedReaderSettings) -> [KeyboardFormat] {
        let technology = Technology(name: settings.technology) ?? .em4100
        return settings.formats.compactMap { format in
            PrintedForm(name: format.form).flatMap {
                KeyboardFormat(form: $0, technology: technology, length: format.length)
            }
        }
    }

    /// What a rider holds to it: a card as it is, or for OSDP the frame that the reader makes of
    /// it. `nil`: it cannot see such a card.
    public func card(of resident: Resident) -> Credential? {
        switch sight {
        case .uid: return resident.chip(.iso14443)
        case .id: return resident.chip(.em4100)
        case .typed(let formats):
            let technology = formats.first?.technology ?? .em4100
            guard let chip = resident.chip(technology), seen(chip) != nil else { return nil }
            return chip
        case .frame(let formats):
            return resident.frame(in: formats, filler: resident.filler).map {
                Credential(technology: .wiegand, bitCount: $0.count, bits: $0.bits)
            }
        case .code: return nil
        }
    }

    /// A card as the station gets it from this reader.
    func seen(_ card: Credential) -> (credential: Credential, format: WiegandFormat?)? {
        switch sight {
        case .uid, .id: return (card, nil)
        case .frame(let formats):
            return (card, formats.first { $0.bitCount == Int(card.bitCount) })
        case .typed(let formats):
            for format in formats {
                for view in [View.full, .low4, .low3] {
                    guard let number = view.number(of: card),
                        format.form.text(of: number)?.utf8.count == format.length
                    else { continue }
                    return (
                        Credential(
                            technology: format.technology, bitCount: Int(number.width),
                            bits: number.value), nil
                    )
                }
            }
            return nil
        case .code: return nil
        }
    }
}

extension Resident {
    /// The bytes that nobody wrote down: of the card, so always the same.
    var filler: UInt8 {
        let mixed = UInt64(truncatingIfNeeded: number.value) &* 0x9e37_79b9_7f4a_7c15
        // Neither a random UID's mark nor a cascade tag.
        return UInt8(truncatingIfNeeded: mixed >> 58) | 0x40
    }

    /// The chip of that kind in this person's card; many cards have one of each.
    func chip(_ technology: Technology) -> Credential? {
        guard number.layout == .bytes else { return nil }
        let width = technology == .em4100 ? 40 : 32
        switch (technology, Int(number.width)) {
        case (.em4100, 40), (.iso14443, 32), (.iso14443, 56), (.iso14443, 80):
            return Credential(
                technology: technology, bitCount: Int(number.width), bits: number.value)
        case (.em4100, 24), (.em4100, 32), (.iso14443, 24):
            var bits = number.value
            for place in Int(number.width) / 8..<width / 8 {
                bits |= UInt128(filler) << UInt128(8 * place)
            }
            return Credential(technology: technology, bitCount: width, bits: bits)
        default: return nil
        }
    }
}
