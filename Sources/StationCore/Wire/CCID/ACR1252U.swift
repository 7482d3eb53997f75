// ACS ACR1252U (072F:223B) and its kin: lights and beeper, in Escape messages.

/// Commands of the ACR1252U (ACS ACM1252U reference manual 1.03, chapter 5.3; an ACR1255U has red
/// and green the other way round).
///
/// Its lasting settings (polling, behaviour of the lights) are written into its memory for good, so
/// they are a person's to make, not a start's.
public enum ACR1252U {
    /// Switches its lights; the other ones go out.
    public static func lights(red: Bool, green: Bool) -> PseudoAPDU {
        let lights: UInt8 = (red ? 0x01 : 0) | (green ? 0x02 : 0)
        return PseudoAPDU([0xe0, 0x00, 0x00, 0x29, 0x01, lights], by: .escape)
    }

    /// Beeps for this many times 10 ms, 0 to 254; 0 is silence.
    public static func beep(_ steps: UInt8) -> PseudoAPDU {
        PseudoAPDU([0xe0, 0x00, 0x00, 0x28, 0x01, min(254, steps)], by: .escape)
    }
}
