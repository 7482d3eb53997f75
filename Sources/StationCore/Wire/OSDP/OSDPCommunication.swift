// Under which address and at which speed a reader works.

/// A PD's address and speed: what COMSET asks for and COM answers.
public struct OSDPCommunication: Hashable, Sendable {
    /// The speeds that the standard knows, in bits a second.
    public static let bauds: [UInt32] = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400]
    /// The highest address of a single PD.
    public static let lastAddress: UInt8 = 0x7E

    public let address: UInt8
    /// In bits a second.
    public let baud: UInt32

    /// Nothing is checked: vectors and PDs may say anything. `isPossible` tells.
    public init(address: UInt8, baud: UInt32) {
        self.address = address
        self.baud = baud
    }

    /// Whether a PD could work so.
    public var isPossible: Bool {
        address <= Self.lastAddress && Self.bauds.contains(baud)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(address)
        bytes.append(littleEndian: baud)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(5)
        address = fields[0]
        baud = fields.word(at: 1)
    }
}
