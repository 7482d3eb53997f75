// The last check of a resolved station: every name in its drivers' settings is known.

extension ResolvedStation {
    /// The station itself when it can be run: indices, limits, lines, and every name that a driver
    /// looks up when it is made.
    ///
    /// The resolver's product always passes; the daemon calls it on what it loads, so that a file
    /// from another hand is refused with a place and does not end the process.
    public func validated() throws(Flaw) -> ResolvedStation {
        try checkShape()
        for (index, device) in devices.enumerated() {
            switch device.driver {
            case .wiegand(let settings): try Self.check(settings, at: index)
            case .em4100(let settings):
                guard EM4100Framing(name: settings.framing) != nil else {
                    throw .value(.framing, index: index)
                }
            case .keyboard(let settings): try Self.check(settings, at: index)
            case .ccid(let settings):
                guard CCIDFamily(rawValue: settings.family) != nil else {
                    throw .value(.family, index: index)
                }
            case .osdpReader(let settings): try Self.check(settings, at: index)
            case .lock, .contact, .button, .pn532, .osdpBus, .fieldBus, .busDevice,
                .boardDevice:
                break
            }
        }
        for (index, channel) in channels.enumerated() {
            try check(channel, at: index)
        }
        return self
    }

    /// An OSDP line has 8 bits, no parity, one stop bit, and one of six speeds.
    private func check(_ channel: ResolvedChannel, at index: Int) throws(Flaw) {
        guard case .osdpBus = devices[channel.device].driver else { return }
        guard case .serial(let link) = channel.link, link.parity == .none, link.stopBits == 1,
            OSDPCommunication.bauds.contains(UInt32(clamping: link.baud))
        else { throw .value(.link, index: index) }
    }

    private static func check(_ settings: OSDPReaderSettings, at index: Int) throws(Flaw) {
        let formats = settings.formats.compactMap { WiegandFormat(name: $0) }
        let texts = KeyboardFormat.list(settings.texts, of: settings.technology)
        guard formats.count == settings.formats.count,
            WiegandFormat.conflicts(in: formats).isEmpty, texts.count == settings.texts.count,
            texts.count <= KeyboardFormat.perReader, KeyboardFormat.conflict(in: texts) == nil
        else { throw .value(.format, index: index) }
    }

    private static func check(_ settings: WiegandSettings, at index: Int) throws(Flaw) {
        let formats = settings.formats.compactMap { WiegandFormat(name: $0) }
        // `raw-40` and `40-raw` are one format by two names: a conflict of its count.
        guard formats.count == settings.formats.count,
            WiegandFormat.conflicts(in: formats).isEmpty
        else { throw .value(.format, index: index) }
    }

    private static func check(_ settings: KeyedReaderSettings, at index: Int) throws(Flaw) {
        let formats = KeyboardSettings(settings).formats
        guard formats.count == settings.formats.count, formats.count <= KeyboardFormat.perReader,
            KeyboardFormat.conflict(in: formats) == nil
        else { throw .value(.format, index: index) }
    }
}
