// Who a PD says it is.

/// PDID: twelve bytes.
public struct OSDPIdentity: Hashable, Sendable {
    /// The maker's IEEE number, three bytes, the first on the wire lowest.
    public var vendor: UInt32
    public var model: UInt8
    public var version: UInt8
    public var serial: UInt32
    /// Major, minor, build.
    public var firmware: (UInt8, UInt8, UInt8) {
        (
            UInt8(truncatingIfNeeded: firmwareWord >> 16),
            UInt8(truncatingIfNeeded: firmwareWord >> 8), UInt8(truncatingIfNeeded: firmwareWord)
        )
    }
    private var firmwareWord: UInt32

    public init(
        vendor: UInt32, model: UInt8, version: UInt8, serial: UInt32,
        firmware: (UInt8, UInt8, UInt8)
    ) {
        self.vendor = vendor & 0xFF_FFFF
        self.model = model
        self.version = version
        self.serial = serial
        firmwareWord =
            UInt32(firmware.0) << 16 | UInt32(firmware.1) << 8 | UInt32(firmware.2)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(12)
        self.init(
            vendor: UInt32(fields.short(at: 0)) | UInt32(fields[2]) << 16, model: fields[3],
            version: fields[4], serial: fields.word(at: 5),
            firmware: (fields[9], fields[10], fields[11]))
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: vendor))
        bytes.append(UInt8(truncatingIfNeeded: vendor >> 16))
        bytes.append(model)
        bytes.append(version)
        bytes.append(littleEndian: serial)
        bytes.append(firmware.0)
        bytes.append(firmware.1)
        bytes.append(firmware.2)
    }

    /// The vendor as makers are listed: `00068E`, in the order of the wire.
    public var vendorText: String {
        Hex.upper((0..<3).map { UInt8(truncatingIfNeeded: vendor >> UInt32($0 * 8)) })
    }

    /// `1.2.3`.
    public var firmwareText: String { "\(firmware.0).\(firmware.1).\(firmware.2)" }
}
