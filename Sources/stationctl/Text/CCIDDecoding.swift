// A CCID message as a record and as lines, by the same codec that the station uses.

import Control
import StationCore

/// What a message between a host and a USB card reader says.
struct CCIDDecoding: Codable, Equatable {
    enum Kind: String, Codable {
        case command
        case answer
        case slotChange
        case hardwareError
        case descriptor
    }

    struct Slot: Codable, Equatable {
        var slot: Int
        var present: Bool
        var changed: Bool
    }

    struct Reader: Codable, Equatable {
        var revision: String
        var slots: Int
        var voltages: [String]
        var protocols: [String]
        /// `dwFeatures`, eight hexadecimal digits.
        var features: String
        /// `character`, `tpdu`, `shortAPDU` or `extendedAPDU`.
        var exchange: String
        var longestMessage: Int
        /// Why a station cannot use it; absent when it can.
        var refusal: String?
    }

    var kind: Kind
    /// The standard's name.
    var name: String
    var slot: Int?
    var sequence: Int?
    /// `active`, `inactive`, `absent` or `reserved`.
    var card: String?
    /// `done`, `failed`, `extended` or `reserved`.
    var outcome: String?
    /// The failure's name.
    var error: String?
    /// Which byte of the command was wrong.
    var badByte: Int?
    /// How many times the waiting time the reader asks for.
    var times: Int?
    var data: String?
    /// What the command asks, when it is one that the station knows.
    var asks: String?
    /// The status word at the end of the data.
    var status: String?
    /// The card of an ATR.
    var atr: String?
    /// What may be a UID, as `card views` takes it.
    var uid: String?
    var slots: [Slot]?
    var reader: Reader?

    private init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// - Throws: `.badData` with what was expected and what was found.
    static func parse(_ text: String) throws(Problem) -> CCIDDecoding {
        let bytes = try HexInput.bytes(text)
        do {
            return CCIDDecoding(try CCIDMessage(bytes), Array(bytes.dropFirst(CCIDHeader.size)))
        } catch { throw .badData(reason(error)) }
    }

    private init(_ message: CCIDMessage, _ data: [UInt8]) {
        switch message {
        case .command(let command, let header):
            self.init(.command, command.name)
            (slot, sequence) = (Int(header.slot), Int(header.sequence))
            if !data.isEmpty { self.data = HexInput.text(data) }
            asks = KnownAPDU(data)?.rawValue
        case .reply(let reply):
            self.init(.answer, reply.answer.name)
            (slot, sequence) = (Int(reply.slot), Int(reply.sequence))
            card = "\(reply.presence)"
            note(reply.outcome)
            if !data.isEmpty { self.data = HexInput.text(data) }
            if reply.answer == .dataBlock { note(block: data) }
        case .notification(.slots(let slots)):
            self.init(.slotChange, "RDR_to_PC_NotifySlotChange")
            self.slots = (0..<slots.count).map {
                Slot(slot: $0, present: slots.isPresent($0), changed: slots.hasChanged($0))
            }
        case .notification(.hardwareError(let slot, let sequence, let code)):
            self.init(.hardwareError, "RDR_to_PC_HardwareError")
            (self.slot, self.sequence) = (Int(slot), Int(sequence))
            error = code == 1 ? "OVERCURRENT" : "OTHER_" + HexInput.text([code])
        case .descriptor(let descriptor):
            self.init(.descriptor, "CCID class descriptor")
            reader = Reader(descriptor)
        }
    }

    private mutating func note(_ outcome: CCIDOutcome) {
        switch outcome {
        case .done: self.outcome = "done"
        case .reserved: self.outcome = "reserved"
        case .extended(let times):
            self.outcome = "extended"
            self.times = Int(times)
        case .failed(let error):
            self.outcome = "failed"
            self.error = error.name
            if case .badByte(let place) = error { badByte = Int(place) }
        }
    }

    /// A data block is an ATR or an answer; only the question would tell which.
    private mutating func note(block: [UInt8]) {
        block.withUnsafeBytes { bytes in
            if (try? AnswerToReset(bytes)) != nil {
                switch ContactlessCard(atr: bytes) {
                case .storage: atr = ContactlessCard(atr: bytes).name ?? "storage"
                case .processor: atr = "ISO 14443-4"
                case .unknown: atr = "other"
                }
                return
            }
            guard let word = StatusWord(endOf: bytes) else { return }
            status = HexInput.text(bytes.suffix(2))
            guard word == .done else { return }
            let uid = bytes.dropLast(2)
            if let card = try? CardText.parse("iso14443:" + HexInput.text(uid)) {
                self.uid = CardText.text(of: card)
            } else if let card = try? CardText.parse("iso15693:" + HexInput.text(uid)) {
                self.uid = CardText.text(of: card)
            }
        }
    }

    private static func reason(_ error: CCIDMessageError) -> TextRecord {
        switch error {
        case .length(let expected, let found):
            TextRecord(
                zh: "应有\(expected)字节，实有\(found)字节",
                en: "expected \(expected) bytes, there are \(found)")
        case .type(let type):
            TextRecord(
                zh: "首字节\(HexInput.text([type]))不是任何CCID报文类型",
                en: "no CCID message begins with \(HexInput.text([type]))")
        case .descriptorType(let type):
            TextRecord(
                zh: "这是类型为\(HexInput.text([type]))的描述符，CCID的应为21",
                en: "a descriptor of type \(HexInput.text([type])); CCID's has 21")
        }
    }
}

extension CCIDDecoding.Reader {
    init(_ descriptor: CCIDClassDescriptor) {
        let digits = String(descriptor.revision, radix: 16)
        revision = "\(digits.dropLast(2)).\(digits.suffix(2))"
        slots = descriptor.slotCount
        voltages = ["5 V", "3 V", "1.8 V"].enumerated()
            .filter { descriptor.voltages >> UInt8($0.offset) & 1 == 1 }.map(\.element)
        protocols = ["T=0", "T=1"].enumerated()
            .filter { descriptor.protocols >> UInt32($0.offset) & 1 == 1 }.map(\.element)
        features = Hex.upper(UInt128(descriptor.features), digits: 8)
        exchange = "\(descriptor.exchange)"
        longestMessage = descriptor.longestMessage
        switch descriptor.refusal(forSlot: 0) {
        case nil: refusal = nil
        case .characterLevel: refusal = "characterLevel"
        case .manualParameters: refusal = "manualParameters"
        case .blocksOfT1: refusal = "blocksOfT1"
        case .noSlot: refusal = "noSlot"
        case .shortMessages: refusal = "shortMessages"
        }
    }
}
