// What a reader says about itself before the first command: slots, voltages, protocols, features.

/// The class descriptor of a CCID interface (CCID 1.1, table 5.1-1), the fields that we need.
public struct CCIDClassDescriptor: Equatable, Sendable {
    /// In bytes.
    public static let size = 0x36
    /// `bDescriptorType`: functional.
    public static let type: UInt8 = 0x21

    /// The unit in which the host and the reader talk about a card's commands.
    public enum ExchangeLevel: Sendable, CaseIterable {
        /// Byte by byte.
        case character
        /// As the card's transport protocol frames them.
        case tpdu
        /// Whole commands of at most 261 bytes.
        case shortAPDU
        /// Whole commands of any length.
        case extendedAPDU
    }

    /// `bcdCCID`: 0x0110 is revision 1.10.
    public let revision: UInt16
    /// 1 to 256 (`bMaxSlotIndex` + 1).
    public let slotCount: Int
    /// `bVoltageSupport`: bit 0 is 5 V, bit 1 is 3 V, bit 2 is 1.8 V.
    public let voltages: UInt8
    /// `dwProtocols`: bit 0 is T=0, bit 1 is T=1.
    public let protocols: UInt32
    public let features: UInt32
    /// `dwMaxCCIDMessageLength`, header included, in bytes.
    public let longestMessage: Int
    /// How many slots may work at a time.
    public let busySlots: UInt8

    /// `dwFeatures`: the reader finds the voltage itself.
    public var choosesVoltage: Bool { features & 0x8 != 0 }
    /// `dwFeatures`: parameters from the ATR, by itself (02), or negotiated by itself (40).
    public var setsParameters: Bool { features & 0x42 != 0 }

    public var exchange: ExchangeLevel {
        switch features >> 16 & 7 {
        case 1: .tpdu
        case 2: .shortAPDU
        case 4: .extendedAPDU
        default: .character
        }
    }

    /// From the descriptor's bytes; a longer one (later revisions) is read as far as it is known.
    public init(_ bytes: [UInt8]) throws(CCIDMessageError) {
        do throws(CCIDMessageError) {
            self = try bytes.span.bytes.withUnsafeBytes { buffer throws(CCIDMessageError) in
                try CCIDClassDescriptor(buffer)
            }
        } catch { throw error }
    }

    public init(_ bytes: UnsafeRawBufferPointer) throws(CCIDMessageError) {
        guard bytes.count >= Self.size, Int(bytes[0]) >= Self.size else {
            let stated = bytes.first.map { Int($0) } ?? 0
            throw .length(expected: Self.size, found: min(stated, bytes.count))
        }
        guard bytes[1] == Self.type else { throw .descriptorType(bytes[1]) }
        func word(_ place: Int) -> UInt32 {
            UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
                | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24
        }
        revision = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
        slotCount = Int(bytes[4]) + 1
        voltages = bytes[5] & 7
        protocols = word(6)
        features = word(40)
        longestMessage = Int(word(44))
        busySlots = bytes[53]
    }
}

extension CCIDClassDescriptor {
    /// What a port hands over before `attached`: the descriptor, and a byte of ours behind it that
    /// says whether the interface has an interrupt pipe, which no descriptor of the class tells.
    public static func handover(_ bytes: [UInt8], hasInterrupts: Bool) -> [UInt8] {
        Array(bytes.prefix(size)) + [hasInterrupts ? 1 : 0]
    }

    /// Whether a port said that there is an interrupt pipe.
    static func hasInterruptMark(_ bytes: RawSpan) -> Bool {
        bytes.byteCount > size && bytes.unsafeLoad(fromByteOffset: size, as: UInt8.self) == 1
    }

    /// Why a reader that says this of itself cannot be used here, or `nil` when it can.
    public func refusal(forSlot slot: UInt8) -> CCIDRefusal? {
        if Int(slot) >= slotCount { return .noSlot(slot) }
        // The longest of the messages that we must understand is an ATR.
        if longestMessage < CCIDHeader.size + AnswerToReset.longest {
            return .shortMessages(longestMessage)
        }
        switch exchange {
        case .shortAPDU, .extendedAPDU: return nil
        case .character: return .characterLevel
        case .tpdu:
            // A block of T=0 is the command itself; one of T=1 is not.
            if protocols & 1 == 0 { return .blocksOfT1 }
            return setsParameters ? nil : .manualParameters
        }
    }
}

/// Why a reader cannot be used, by its class descriptor.
public enum CCIDRefusal: Equatable, Sendable {
    /// It exchanges single characters.
    case characterLevel
    /// It exchanges blocks and leaves the card's parameters to the host.
    case manualParameters
    /// It exchanges blocks of T=1 only.
    case blocksOfT1
    /// It has no slot of this number, from 0.
    case noSlot(UInt8)
    /// Its messages are at most so many bytes, and an ATR needs 43.
    case shortMessages(Int)
}
