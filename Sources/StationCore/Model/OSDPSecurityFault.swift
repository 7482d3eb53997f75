// Why a reader is kept offline although it answers: each has a name, and a sentence for the crew.

/// What is wrong with a reader's secure channel. Raw values are stored: never renumber.
public enum OSDPSecurityFault: UInt8, Error, Sendable, CaseIterable {
    /// The station has no key for this reader. Crew: install mode.
    case noKey = 1
    /// PDCAP says that the reader has no secure channel: a reader that cannot, or somebody on the
    /// line who would like to hear card numbers.
    case downgraded = 2
    /// The reader answered the handshake with a NAK.
    case refused = 3
    /// The reader answered in the clear where a secured answer was due.
    case clearReply = 4
    /// Asked for its own key, the reader claims to use the factory's.
    case defaultKeyClaimed = 5
    /// The reader has no key of its own: it was reset, replaced, or never given one.
    case installMode = 6
    /// The reader has another key than the station.
    case wrongKey = 7
    /// The reader's first MAC is not the one that follows from the handshake.
    case wrongInitialMAC = 8
    /// Too many frames whose MAC does not fit. The channel stays closed for a while.
    case macFailures = 9
    /// During install mode: the reader does not let itself be given a key.
    case notInInstallMode = 10

    /// A stable name for JSON, journals and metrics.
    public var name: String {
        switch self {
        case .noKey: "noKey"
        case .downgraded: "downgraded"
        case .refused: "refused"
        case .clearReply: "clearReply"
        case .defaultKeyClaimed: "defaultKeyClaimed"
        case .installMode: "installMode"
        case .wrongKey: "wrongKey"
        case .wrongInitialMAC: "wrongInitialMAC"
        case .macFailures: "macFailures"
        case .notInInstallMode: "notInInstallMode"
        }
    }

    /// What is wrong, then what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .noKey: "本站没有这个读卡器的密钥：请用安装模式给它一把"
        case .downgraded: "读卡器自称没有安全通道：若它本来有，请查线上是否有人做了手脚"
        case .refused: "读卡器拒绝了安全通道：请查固件，再试安装模式"
        case .clearReply: "读卡器用明文回答：请查它是否被换过，线上是否有别的设备"
        case .defaultKeyClaimed: "读卡器自称用出厂密钥：请查它是否被换过或复位过"
        case .installMode: "读卡器处于安装模式，没有自己的密钥：若是刚换的，请用安装模式给它一把"
        case .wrongKey: "读卡器的密钥与本站的不同：请查它是否来自别的站，或复位后用安装模式"
        case .wrongInitialMAC: "读卡器的首个 MAC 不对：请查固件，线上是否有别的设备"
        case .macFailures: "多帧 MAC 不对，暂停通信10分钟：请查线上是否有别的设备"
        case .notInInstallMode: "读卡器不在安装模式：请按它的说明书复位"
        }
    }

    private var english: String {
        switch self {
        case .noKey:
            "the station has no key for this reader: give it one with install mode"
        case .downgraded:
            "the reader claims to have no secure channel: if it had one, look for tampering"
        case .refused:
            "the reader refused the secure channel: check its firmware, then try install mode"
        case .clearReply:
            "the reader answered in the clear: was it exchanged, is something else on the line?"
        case .defaultKeyClaimed:
            "the reader claims to use the factory's key: was it exchanged or reset?"
        case .installMode:
            "the reader is in install mode and has no key of its own: if it is new, give it one "
                + "with install mode"
        case .wrongKey:
            "the reader's key is not the station's: is it from another station? Reset it, then "
                + "use install mode"
        case .wrongInitialMAC:
            "the reader's first MAC is wrong: check its firmware, is something else on the line?"
        case .macFailures:
            "several frames with a wrong MAC, 10 minutes' pause: is something else on the line?"
        case .notInInstallMode:
            "the reader is not in install mode: reset it as its manual says"
        }
    }
}
