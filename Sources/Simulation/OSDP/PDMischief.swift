// What can be wrong with an OSDP reader, or with whoever sits on its line.

public import EventLoop
public import StationCore

/// One way to answer badly.
public enum PDMischief: Equatable, Sendable {
    /// No answer.
    case silent
    /// The right answer, too late.
    case late(Interval)
    /// The right answer without its last bytes.
    case cut(Int)
    /// The right answer with one bit wrong.
    case damaged
    /// The right answer behind so many bytes of noise, a frame's first byte among them.
    case noise(Int)
    /// The right answer under the number of another question.
    case wrongSequence
    case nak(OSDPNak)
    case busy
    /// It loses all memory after its half of the handshake.
    case resetInHandshake
    /// Its first MAC is not the one that follows from the handshake.
    case wrongInitialMAC
    /// A MAC that does not fit.
    case wrongMAC
    /// It answers in the clear within a secure channel.
    case clear
    /// It claims to have no secure channel.
    case downgrade
    /// Asked for its own key, it claims the factory's.
    case claimsDefaultKey
    /// The same answer twice, one behind the other.
    case twice
}
