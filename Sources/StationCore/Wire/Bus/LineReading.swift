// What was said on a line, for people: every frame of a recording, whoever sent it to whom.

/// One meaning of a frame.
package struct LineReading: Equatable {
    package enum Direction: String, CaseIterable, Sendable {
        /// To the box.
        case request
        /// From it, because it was asked.
        case reply
        /// From it, by itself.
        case report
    }

    package var direction: Direction
    /// The frame's name, as profiles say it.
    package var name: String
    /// The box's address, where the protocol has one.
    package var address: Int?
    package var fields: [BusField]
    /// Bytes that no field explains.
    package var rest: [UInt8] = []
    /// A refusal's code.
    package var refusal: Int?
}

/// A stretch of a recording: a frame, or what is none.
package struct LineFrame: Equatable {
    package enum Kind: Equatable {
        /// Some frames may have come from either side.
        case whole([LineReading])
        /// With the bytes that its check should be, where that is what is wrong.
        case damaged(BusDamage, check: [UInt8])
        /// Its end is missing.
        case cutShort
        case noise
    }

    /// Its first byte, from 0.
    package var place: Int
    package var length: Int
    package var kind: Kind
}

/// The protocols that recordings can be read in.
package enum LineProtocol: Equatable, Sendable {
    case modbus
    /// Drawn frames; those behind `header` have a length in that place and end in an exclusive or.
    case frames(FrameLanguageSettings, LengthHeader?)
    case dlt645
    case codec(BusCodecName)

    /// How frames begin that no drawing knows.
    package struct LengthHeader: Equatable, Sendable {
        var bytes: [UInt8]
        /// The place of the byte that counts all of the frame's.
        var lengthPlace: Int
        var addressPlace: Int
        var commandPlace: Int
    }

    package static let lockboard8A = Self.frames(.lockboard8A, nil)
    package static let kerong = Self.frames(.kerong, nil)
    package static let wkly = Self.frames(
        .wkly,
        LengthHeader(bytes: Array("WKLY".utf8), lengthPlace: 4, addressPlace: 5, commandPlace: 6))

    /// What one place of a recording begins with.
    enum Step {
        case none
        case cutShort
        case whole([LineReading], length: Int)
        case damaged(BusDamage, length: Int, check: [UInt8])
    }

    func step(_ bytes: Span<UInt8>) -> Step {
        switch self {
        case .modbus: ModbusRTU.step(bytes)
        case .frames(let language, let header): language.step(bytes, header)
        case .dlt645: DLT645.step(bytes)
        case .codec(let name): name.step(bytes)
        }
    }

    /// Every byte of a recording, in order.
    package func read(_ bytes: [UInt8]) -> [LineFrame] {
        var frames: [LineFrame] = []
        var place = 0
        while place < bytes.count {
            let frame = frame(bytes, place)
            place += frame.length
            if frame.kind == .noise, let last = frames.last, last.kind == .noise {
                frames[frames.count - 1].length += frame.length
            } else {
                frames.append(frame)
            }
        }
        return frames
    }

    private func frame(_ bytes: [UInt8], _ place: Int) -> LineFrame {
        let rest = bytes.span.extracting(place...)
        switch step(rest) {
        case .none: return LineFrame(place: place, length: 1, kind: .noise)
        case .whole(let readings, let length):
            return LineFrame(place: place, length: length, kind: .whole(readings))
        case .damaged(let damage, let length, let check):
            let end = next(in: rest, upTo: length)
            return LineFrame(
                place: place, length: end ?? length, kind: .damaged(damage, check: check))
        case .cutShort:
            guard let end = next(in: rest, upTo: rest.count) else {
                return LineFrame(place: place, length: rest.count, kind: .cutShort)
            }
            return LineFrame(place: place, length: end, kind: .noise)
        }
    }

    /// Where the next whole frame begins.
    private func next(in bytes: Span<UInt8>, upTo end: Int) -> Int? {
        for start in 1..<max(1, min(end, bytes.count)) {
            if case .whole = step(bytes.extracting(start...)) { return start }
        }
        return nil
    }
}
