// Frames between a host and a PN532, as they stand on its serial line (HSU).
//
//   normal     00 00 FF | LEN LCS | TFI data | DCS | 00     LEN + LCS = 0, TFI + data + DCS = 0
//   extended   00 00 FF | FF FF | LENM LENL LCS | TFI data | DCS | 00
//   ACK        00 00 FF | 00 FF | 00        NACK   00 00 FF | FF 00 | 00
//   error      00 00 FF | 01 FF | 7F 81 | 00
//
// Source: NXP UM0701-02 §6.2.1, as quoted and tested by nfcpy (tests/base_clf_pn53x.py).

/// What a stream of bytes turned out to be.
public enum PN532Frame: Equatable, Sendable {
    /// The frame before was received well. From the host it also ends a command that is running.
    case ack
    /// The frame before was not received well: send it again.
    case nack
    /// The chip did not understand the command.
    case error
    /// An information frame. Its data without the identifier is in `PN532Deframer.data` until the
    /// next byte is appended.
    case information(PN532Identifier, length: Int)
    /// Bytes that are no frame, once for each frame that might have been.
    case damaged(PN532Damage)
}

/// Who speaks: the first byte of a frame's data (TFI).
public enum PN532Identifier: UInt8, Sendable, CaseIterable {
    case host = 0xd4
    case chip = 0xd5
}

/// Why bytes are not a frame.
public enum PN532Damage: UInt8, Sendable, CaseIterable {
    /// LEN and LCS do not add up to zero, or no frame can have that length.
    case length = 1
    /// Data and DCS do not add up to zero.
    case checksum = 2
    /// Neither the host nor a chip speaks.
    case identifier = 3
    /// Bytes outside of any frame.
    case noise = 4

    public var name: String {
        switch self {
        case .length: "length"
        case .checksum: "checksum"
        case .identifier: "identifier"
        case .noise: "noise"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        switch (self, language) {
        case (.length, .chinese): "长度与其校验不符：请检查接线和波特率"
        case (.length, .english): "length and its check do not agree: check wiring and baud rate"
        case (.checksum, .chinese): "数据校验不对：有干扰，请检查接线"
        case (.checksum, .english): "wrong data checksum: interference; check the wiring"
        case (.identifier, .chinese): "既不是主机也不是芯片的帧：不是PN532"
        case (.identifier, .english): "neither a host's nor a chip's frame: not a PN532"
        case (.noise, .chinese): "帧外有杂乱字节：请核对模块是否设为HSU、115200"
        case (.noise, .english): "bytes outside of any frame: is the module set to HSU at 115200?"
        }
    }
}

extension PN532Frame {
    /// The longest data of a frame, its identifier included (UM0701-02 §6.2.1.2).
    public static let longestData = 265

    /// An information frame: extended when a normal one cannot hold the data.
    ///
    /// - Precondition: `data` has at most `longestData` - 1 bytes.
    public static func encode(_ identifier: PN532Identifier, _ data: some Collection<UInt8>)
        -> [UInt8]
    {
        let length = data.count + 1
        precondition(length <= longestData, "a PN532 frame holds at most 264 bytes of data")
        var frame: [UInt8] = [0x00, 0x00, 0xff]
        if length <= 0xff {
            frame += [UInt8(length), 0 &- UInt8(length)]
        } else {
            let high = UInt8(length >> 8)
            let low = UInt8(length & 0xff)
            frame += [0xff, 0xff, high, low, 0 &- (high &+ low)]
        }
        frame.append(identifier.rawValue)
        frame += data
        frame.append(0 &- data.reduce(identifier.rawValue) { $0 &+ $1 })
        frame.append(0x00)
        return frame
    }

    public static let ackBytes: [UInt8] = [0x00, 0x00, 0xff, 0x00, 0xff, 0x00]
    public static let nackBytes: [UInt8] = [0x00, 0x00, 0xff, 0xff, 0x00, 0x00]
    public static let errorBytes: [UInt8] = [0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00]
}
