// Which count a total is: of which meter, and read how. Another count begins somewhere else.

extension PointSettings {
    /// A number that changes when the same total would be read of another meter, or otherwise: with
    /// the box's profile and address, the place of the point, its scale, offset, curve and turn.
    /// Two meters of one model that swap places under one address have the same.
    public func origin(profile: String, address: Int) -> UInt64 {
        var text = "\(profile) \(address) \(scale) \(offset) \(wrap.map { "\($0)" } ?? "-")"
        for coefficient in curve { text += " \(coefficient)" }
        text += " " + source.origin
        // FNV-1a.
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        // 0 stands for none.
        return max(1, hash)
    }
}

extension PointSource {
    /// The words are kept over versions of the software: they are not `description`s.
    fileprivate var origin: String {
        switch self {
        case .register(let place):
            "register \(place.table.rawValue) \(place.address) \(place.form.rawValue) "
                + "\(place.order) \(place.bit ?? -1) \(place.bitCount ?? 1)"
        case .fields(let places):
            "fields"
                + places.map { " \($0.frame).\($0.field).\($0.index ?? 0).\($0.selector ?? "")" }
                .joined()
        case .item(let item): "item \(item.identifier) \(item.bytes) \(item.isSigned ? 1 : 0)"
        case .pulses: "pulses"
        case .rate: "rate"
        case .line: "line"
        case .file(let place):
            "file \(place.kind.rawValue) \(place.paths.joined(separator: " ")) "
                + "\(place.label ?? "") \(place.column ?? 0)"
        }
    }
}
