// The ports that charge: a board lists them alone.

extension JUY {
    /// Port, tier, price, power, seconds, money, energy, temperature.
    static let port = CodecPayload(
        "port",
        [
            .number("port"), .number("tier"), .little("price", 2), .little("power", 2),
            .little("seconds", 4), .little("money", 2), .little("energy", 4), .number("heat"),
        ])
    private static let head = CodecPayload(
        "ports", [.number("count"), .little("voltage", 2), .number("temperature")])

    static func ports(_ data: Span<UInt8>) -> [BusField]? {
        let size = port.byteCount
        guard data.count >= head.byteCount,
            var fields = head.fields(in: data.extracting(..<head.byteCount)),
            let count = fields.value("count"), count <= mostPorts,
            data.count == head.byteCount + Int(count) * size
        else { return nil }
        var charging: Set<Int64> = []
        for place in 0..<Int(count) {
            let start = head.byteCount + place * size
            guard let values = port.fields(in: data.extracting(start..<start + size)),
                let number = values.value("port"), 1...Int64(mostPorts) ~= number,
                charging.insert(number).inserted
            else { return nil }
            fields += values.dropFirst().map {
                BusField($0.name, $0.value, index: Int(number))
            }
        }
        for number in 1...mostPorts {
            // The board says nothing else of a port that does not charge: no power is not 0 W.
            let isCharging = charging.contains(Int64(number))
            fields.append(BusField("charging", isCharging ? 1 : 0, index: number))
        }
        return fields
    }

    /// The same from a simulated board: every port that has `charging.N` of 1.
    static func portBytes(_ fields: [BusField]) throws(BusQuestionFlaw) -> [UInt8] {
        let numbers = (1...mostPorts).filter { fields.value("charging", $0) == 1 }
        var bytes = try head.bytes(
            [BusField("count", Int64(numbers.count))]
                + fields.filter { $0.index == nil && $0.name != "count" }.filled([
                    "voltage": 2_200, "temperature": 20,
                ]))
        for number in numbers {
            let own = fields.filter { $0.index == number }.map { BusField($0.name, $0.value) }
            bytes += try port.bytes(
                [BusField("port", Int64(number))]
                    + own.filled([
                        "tier": 0, "price": 0, "power": 0, "seconds": 0, "money": 0, "energy": 0,
                        "heat": 20,
                    ]))
        }
        return bytes
    }
}
