// The names of storage cards, by the number in their ATR.

extension ContactlessCard {
    /// The card's name, as the PC/SC workgroup or the reader's maker lists it.
    public var name: String? {
        guard case .storage(_, let number) = self else { return nil }
        // An ACR122U writes FF and the card's SAK for cards that it does not know.
        if number >> 8 == 0xff { return "SAK " + Hex.upper(UInt128(number & 0xff), digits: 2) }
        return Self.names.first { $0.number == number }?.name
    }

    /// PC/SC part 3 supplement, revision 2.01.08, table of `NN`; F0xx: ACS ACR122U's own.
    private static let names: [(number: UInt16, name: String)] = [
        (0x0001, "MIFARE Classic 1K"), (0x0002, "MIFARE Classic 4K"),
        (0x0003, "MIFARE Ultralight"), (0x0004, "SLE55R"), (0x0006, "SR176"),
        (0x0007, "SRI X4K"), (0x0008, "AT88RF020"), (0x0009, "AT88SC0204CRF"),
        (0x000a, "AT88SC0808CRF"), (0x000b, "AT88SC1616CRF"), (0x000c, "AT88SC3216CRF"),
        (0x000d, "AT88SC6416CRF"), (0x000e, "SRF55V10P"), (0x000f, "SRF55V02P"),
        (0x0010, "SRF55V10S"), (0x0011, "SRF55V02S"), (0x0012, "Tag-it"), (0x0013, "LRI512"),
        (0x0014, "ICODE SLI"), (0x0015, "TempSens"), (0x0016, "I-CODE1"),
        (0x0017, "PicoPass 2K"), (0x0018, "PicoPass 2KS"), (0x0019, "PicoPass 16K"),
        (0x001a, "PicoPass 16KS"), (0x001b, "PicoPass 16K (8x2)"),
        (0x001c, "PicoPass 16KS (8x2)"), (0x001d, "PicoPass 32KS (16+16)"),
        (0x001e, "PicoPass 32KS (16+8x2)"), (0x001f, "PicoPass 32KS (8x2+16)"),
        (0x0020, "PicoPass 32KS (8x2+8x2)"), (0x0021, "LRI64"), (0x0022, "I-CODE UID"),
        (0x0023, "I-CODE EPC"), (0x0024, "LRI12"), (0x0025, "LRI128"), (0x0026, "MIFARE Mini"),
        (0x0027, "my-d move"), (0x0028, "my-d NFC"), (0x0029, "my-d proximity 2"),
        (0x002a, "my-d proximity enhanced"), (0x002b, "my-d light"), (0x002c, "PJM Stack Tag"),
        (0x002d, "PJM Item Tag"), (0x002e, "PJM Light"), (0x002f, "Jewel"), (0x0030, "Topaz"),
        (0x0031, "AT88SC0104CRF"), (0x0032, "AT88SC0404CRF"), (0x0033, "AT88RF01C"),
        (0x0034, "AT88RF04C"), (0x0035, "ICODE SL2"), (0x0036, "MIFARE Plus 2K, SL1"),
        (0x0037, "MIFARE Plus 4K, SL1"), (0x0038, "MIFARE Plus 2K, SL2"),
        (0x0039, "MIFARE Plus 4K, SL2"), (0x003a, "MIFARE Ultralight C"), (0x003b, "FeliCa"),
        (0x003c, "MLX90129"), (0x003d, "MIFARE Ultralight EV1"),
        (0xf004, "Topaz or Jewel"), (0xf011, "FeliCa 212K"), (0xf012, "FeliCa 424K"),
    ]
}
