// What a PN532's machine wants done, and what it has to tell.

public enum PN532Output: Equatable, Sendable {
    /// Write these bytes.
    case send(PN532Packet)
    /// A card has come; it is told once, until it has left and comes again.
    case presented(PN532Target)
    /// The chip is set up and begins to look for cards.
    case ready(PN532Firmware)
    /// It does not do its work, for this reason; told once.
    case raised(PN532Trouble)
    /// It does its work again.
    case cleared(PN532Trouble)
    /// Bytes that were no frame, or a frame that makes no sense. The machine copes by itself.
    case damaged(PN532Damage)
}

/// Why a chip does not do its work.
public enum PN532Trouble: UInt8, Sendable, CaseIterable {
    /// It does not answer.
    case silent = 1
    /// It answers, but not in frames, or not to what it was asked.
    case garbled = 2
    /// It does not understand what every PN532 understands.
    case refused = 3
    /// It says itself that it is another chip.
    case stranger = 4

    public var name: String {
        switch self {
        case .silent: "silent"
        case .garbled: "garbled"
        case .refused: "refused"
        case .stranger: "stranger"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        switch (self, language) {
        case (.silent, .chinese): "PN532无应答：请检查供电、收发线是否接反、拨码是否为HSU"
        case (.silent, .english):
            "the PN532 does not answer: check supply, RX and TX, and that its switches say HSU"
        case (.garbled, .chinese): "PN532的回答杂乱：请核对波特率115200，检查地线"
        case (.garbled, .english): "the PN532's answers are garbled: check 115200 baud and ground"
        case (.refused, .chinese): "模块听不懂基本命令：请换一块PN532模块"
        case (.refused, .english): "the module refuses basic commands: replace it"
        case (.stranger, .chinese): "模块不是PN532：请换一块PN532模块"
        case (.stranger, .english): "the module is no PN532: replace it with one"
        }
    }
}

/// The reply to GetFirmwareVersion.
public struct PN532Firmware: Equatable, Sendable {
    /// 0x32 for a PN532.
    public let chip: UInt8
    public let version: UInt8
    public let revision: UInt8
    /// Bit 0: type A, bit 1: type B, bit 2: ISO 18092.
    public let support: UInt8

    public static let pn532: UInt8 = 0x32
}

/// What one byte or one deadline led to, in order. Inline; at most `capacity`.
public struct PN532Outputs: Sendable {
    /// Two words about damage, then what one reply or one failure leads to: three at most, because
    /// nothing is looked at any more once a command was sent.
    public static let capacity = 6
    static let damages = 2

    private var storage = InlineArray<6, PN532Output?>(repeating: nil)
    public private(set) var count = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }

    /// - Precondition: `index` is below `count`.
    public subscript(index: Int) -> PN532Output {
        guard index < count, let output = storage[index] else {
            preconditionFailure("a PN532 gave fewer outputs than were asked for")
        }
        return output
    }

    /// Whether a command is among them: bytes from before it are no answer to it.
    private(set) var hasCommand = false

    /// Calls `body` with each, in order.
    public func inOrder(_ body: (PN532Output) -> Void) {
        for index in 0..<count { body(self[index]) }
    }

    mutating func removeAll() {
        count = 0
        hasCommand = false
    }

    mutating func append(_ output: PN532Output) {
        switch output {
        case .damaged:
            guard count < Self.damages else { return }
        case .send:
            hasCommand = true
        case .presented, .ready, .raised, .cleared:
            break
        }
        precondition(count < Self.capacity, "a PN532's byte led to more than it can")
        storage[count] = output
        count += 1
    }
}
