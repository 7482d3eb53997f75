// What comes out of a reader's machine: bytes, cards, and what is wrong.

public import EventLoop

/// An output, in the order in which it happened.
public enum CCIDReaderOutput: Equatable, Sendable {
    /// Send `CCIDReader.outgoing` on the bulk pipe, before the machine is called again.
    case send
    /// The reader is set up and looks for cards.
    case ready
    /// A card was read. Its first sign was at `since`.
    case presented(Credential, ContactlessCard, since: Instant)
    /// The card that was presented is gone.
    case left
    /// A card was there and is no credential.
    case diagnosed(CCIDDiagnosis)
    case raised(CCIDTrouble)
    case cleared(CCIDTrouble)
    /// Reset the device, open it again, and call `attached` when it is there.
    case resetDevice
}

/// Why a card was not a credential.
public enum CCIDDiagnosis: Error, Equatable, Sendable {
    /// It was taken away before it was read.
    case leftEarly
    /// It did not answer power-on.
    case mute
    /// It, or the reader for it, gave no answer to GET UID.
    case unreadable
    /// GET UID was refused.
    case refused(StatusWord)
    /// The UID begins with the cascade tag 88: it is half of one.
    case incompleteUID
    /// A UID of a length that no card has, or with a wrong check byte.
    case badUID(bytes: Int)
    /// FeliCa, a memory card with contacts, or 125 kHz: no credential of ours.
    case unsupportedCard
}

/// What is wrong with the reader.
public enum CCIDTrouble: Equatable, Sendable {
    /// It does not answer.
    case silent
    /// Its messages make no sense.
    case garbled
    /// It told a hardware error of its own.
    case hardware
    /// It cannot do what a card reader here must do.
    case unusable(CCIDRefusal)
}
