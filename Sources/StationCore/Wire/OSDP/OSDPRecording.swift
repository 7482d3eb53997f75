// What went over a line, read by somebody who takes no part: for a person at a recording.

/// Reads recorded bytes, frame by frame. With a reader's key and a recording that begins with the
/// handshake, secured frames are verified and decrypted.
public struct OSDPRecording: Sendable {
    /// One frame, or bytes that should have been one.
    public struct Entry: Equatable, Sendable {
        /// `nil` for bytes that are no frame.
        public let frame: OSDPFrame?
        public let meaning: Meaning
    }

    public enum Meaning: Equatable, Sendable {
        case command(OSDPCommand)
        case reply(OSDPReply)
        /// Byte for byte the frame before in this direction: said again.
        case repetition
        /// A code that no edition has.
        case unknownCode(UInt8)
        /// A code whose data makes no sense, or is of a kind that is not read here.
        case malformed(OSDPPayloadError)
        /// Secured, and not to be opened.
        case sealed(Seal)
        case damaged(OSDPFrameError)
        /// A frame that ends before its length.
        case cutOff
    }

    /// Why a secured frame stays closed.
    public enum Seal: Equatable, Sendable {
        case noKey
        case noHandshake
        /// The handshake in the recording was made with another key.
        case wrongKey
        case wrongMAC
        case wrongPadding
    }

    /// A secure channel that is being watched.
    fileprivate struct Watch: Sendable {
        var acuRandom: UInt64?
        var keys: OSDPSessionKeys?
        var serverCryptogram: UInt128?
        var session: OSDPSession?
        var seal = Seal.noHandshake
        var lastCommand: [UInt8] = []
        var lastReply: [UInt8] = []
    }

    private let key: OSDPKey?
    private var reader = OSDPFrameReader(.both)
    private var watches: [UInt8: Watch] = [:]

    public init(key: OSDPKey? = nil) { self.key = key }

    /// Takes one byte.
    public mutating func add(_ byte: UInt8) -> [Entry] {
        reader.append(byte)
        return takeAll()
    }

    /// The recording is over: a frame that has begun is cut off, and what it swallowed is read.
    public mutating func end() -> [Entry] {
        var entries: [Entry] = []
        while reader.giveUp() {
            let rest = takeAll()
            if entries.isEmpty {
                entries.append(Entry(frame: nil, meaning: .cutOff))
            }
            entries += rest
        }
        return entries
    }

    /// Bytes that belonged to no frame.
    public var skipped: Int { reader.skipped }

    private mutating func takeAll() -> [Entry] {
        var entries: [Entry] = []
        while let reading = reader.next() {
            switch reading {
            case .damaged(let error):
                entries.append(Entry(frame: nil, meaning: .damaged(error)))
            case .frame(let frame):
                let meaning = read(frame, Array(reader.bytes))
                entries.append(Entry(frame: frame, meaning: meaning))
            }
        }
        return entries
    }

    private mutating func read(_ frame: OSDPFrame, _ bytes: [UInt8]) -> Meaning {
        var watch = watches[frame.address] ?? Watch()
        defer { watches[frame.address] = watch }
        let last = frame.isReply ? watch.lastReply : watch.lastCommand
        guard last != bytes else { return .repetition }
        if frame.isReply { watch.lastReply = bytes } else { watch.lastCommand = bytes }
        if !frame.isReply, frame.sequence == 0 { watch.session = nil }

        var bytes = bytes
        var count = frame.payload.count
        if frame.block?.kind.hasMAC == true {
            switch watch.session?.open(&bytes, frame) {
            case .opened(let opened)?:
                watch.session?.turn()
                count = opened
            case .wrongMAC?: return .sealed(.wrongMAC)
            case .wrongPadding?: return .sealed(.wrongPadding)
            case nil: return .sealed(watch.seal)
            }
        }
        let start = frame.payload.lowerBound
        let meaning = Self.meaning(of: frame, bytes.span.extracting(start..<start + count))
        watch.follow(meaning, frame, key)
        return meaning
    }

    private static func meaning(of frame: OSDPFrame, _ payload: Span<UInt8>) -> Meaning {
        do throws(OSDPPayloadError) {
            if frame.isReply {
                guard let code = OSDPReplyCode(rawValue: frame.code) else {
                    return .unknownCode(frame.code)
                }
                return .reply(try OSDPReply(code: code, payload))
            }
            guard let code = OSDPCommandCode(rawValue: frame.code) else {
                return .unknownCode(frame.code)
            }
            return .command(try OSDPCommand(code: code, payload))
        } catch {
            return .malformed(error)
        }
    }
}

extension OSDPRecording.Watch {
    /// Takes what a handshake's frame says towards the channel's keys.
    fileprivate mutating func follow(
        _ meaning: OSDPRecording.Meaning, _ frame: OSDPFrame, _ key: OSDPKey?
    ) {
        switch (meaning, frame.block?.kind) {
        case (.command(.challenge(let random)), .challenge?):
            session = nil
            keys = nil
            serverCryptogram = nil
            acuRandom = random
        case (.reply(.clientCryptogram(let half)), .clientCryptogram?):
            guard let acuRandom else { return }
            let isDefault = frame.block?.value == OSDPSecurityBlock.defaultKey
            guard let base = isDefault ? OSDPKey.factoryDefault : key else {
                seal = .noKey
                return
            }
            let derived = OSDPSessionKeys(key: base, acuRandom: acuRandom)
            let expected = derived.clientCryptogram(
                acuRandom: acuRandom, pdRandom: half.random)
            keys = areEqualInConstantTime(expected, half.cryptogram) ? derived : nil
            seal = keys == nil ? .wrongKey : .noHandshake
        case (.command(.serverCryptogram(let cryptogram)), .serverCryptogram?):
            serverCryptogram = cryptogram
        case (.reply(.initialMAC(let mac)), .initialMAC?):
            guard let keys, let serverCryptogram,
                areEqualInConstantTime(
                    keys.initialMAC(serverCryptogram: serverCryptogram), mac)
            else { return }
            session = .listener(keys, initialMAC: mac)
        case (.command, _), (.reply, _), (.repetition, _), (.unknownCode, _), (.malformed, _),
            (.sealed, _), (.damaged, _), (.cutOff, _):
            break
        }
    }
}
