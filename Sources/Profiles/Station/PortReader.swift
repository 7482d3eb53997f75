// A station file's `ports`: GPIO chips, serial lines, USB sockets, each found again after a boot.

import StationCore

struct PortReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    private static let kinds = ["gpio", "serial", "usb", "keyboard"]
    /// Takes the only device of its kind, wherever it is plugged in.
    private static let anySocket = "any"

    /// `main: {gpio: pinctrl-bcm2711}`; the keys are the file's own names.
    func read(_ node: TreeNode) -> [StationFile.Port] {
        guard let pairs = checker.pairs(node) else { return [] }
        var ports: [StationFile.Port] = []
        var taken: [[String]: Place] = [:]
        for pair in pairs {
            if !ResolvedStation.isLegalName(pair.key) {
                checker.report(pair.place, .badName(found: pair.key))
            }
            let read = readPort(pair.value)
            let port = StationFile.Port(name: Placed(pair.key, at: pair.place), link: read?.0)
            ports.append(port)
            if let place = read?.1 { checkOnce(port, place, &taken) }
        }
        checkSockets(of: ports)
        return ports
    }

    /// The link, and where the value that names it stands.
    private func readPort(_ node: TreeNode) -> (StationFile.Port.Link, Place)? {
        guard var fields = Fields(node, .port, checker) else { return nil }
        let values = Self.kinds.map { fields.take($0) }
        let baud = values[1] != nil ? fields.take("baud") : nil
        let parity = values[1] != nil ? fields.take("parity") : nil
        let stopBits = values[1] != nil ? fields.take("stop_bits") : nil
        let echoes = values[1] != nil ? fields.take("echoes") : nil
        fields.finish()
        let stated = values.compactMap(\.self)
        guard let value = stated.first else {
            checker.report(node.place, .missingKey("gpio", in: .port))
            return nil
        }
        if stated.count > 1 {
            checker.report(stated[1].place, .portOfTwoKinds)
            return nil
        }
        let link: StationFile.Port.Link? =
            if values[0] != nil {
                chip(value).map { .gpio(chip: $0) }
            } else if values[1] != nil {
                path(value).map { path in
                    .serial(
                        .init(
                            path: path,
                            baud: baud.flatMap { checker.integer($0, in: Limit.baud) },
                            parity: parity.flatMap {
                                checker.choice($0, of: LinkReader.parities)
                            },
                            stopBits: stopBits.flatMap { checker.integer($0, in: 1...2) },
                            echoes: echoes.flatMap(checker.boolean) ?? false))
                }
            } else if values[2] != nil {
                socket(value).map { .usb(socket: $0) }
            } else {
                socket(value).map { .keyboard(socket: $0) }
            }
        return link.map { ($0, value.place) }
    }

    // MARK: Values

    private func chip(_ node: TreeNode) -> String? {
        guard let chip = checker.text(node, limit: Limit.lineNameBytes) else { return nil }
        if isNumbered(chip) { checker.report(node.place, .chipByNumber(chip)) }
        return chip
    }

    /// `gpiochip0`, `/dev/gpiochip0`, `0`: the number that the kernel gave this time.
    private func isNumbered(_ chip: String) -> Bool {
        let rest =
            ["/dev/gpiochip", "gpiochip"].first(where: chip.hasPrefix)
            .map { chip.dropFirst($0.count) } ?? chip[...]
        return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// A device file whose name stays: a board's own UART, or a USB adapter by its socket.
    private func path(_ node: TreeNode) -> String? {
        guard let path = checker.text(node, limit: Limit.pathBytes) else { return nil }
        guard path.hasPrefix("/dev/"), path.utf8.count > 5, !path.contains("..") else {
            checker.report(node.place, .badDeviceFile(path))
            return nil
        }
        let numbered = ["/dev/ttyUSB", "/dev/ttyACM"].first(where: path.hasPrefix)
        if let numbered, path.dropFirst(numbered.count).allSatisfy(\.isNumber) {
            checker.report(node.place, .deviceFileUnstable(path))
            return nil
        }
        return path
    }

    /// `"1-1.3"`, or `any`.
    private func socket(_ node: TreeNode) -> String? {
        guard let text = checker.word(node) else { return nil }
        if text == Self.anySocket { return "" }
        guard !text.isEmpty, ResolvedChannel.Link.isSocket(text) else {
            checker.report(node.place, .badSocket(text))
            return nil
        }
        return text
    }

    // MARK: Ports among each other

    private func checkOnce(
        _ port: StationFile.Port, _ place: Place, _ taken: inout [[String]: Place]
    ) {
        let name: String
        switch port.link {
        case .gpio(let chip): name = chip
        case .serial(let serial): name = serial.path
        case .usb(let socket), .keyboard(let socket): name = socket
        case nil: return
        }
        // A reader may be both, a keyboard and a card reader, in one socket.
        guard let first = taken[[port.kind, name]] else {
            taken[[port.kind, name]] = place
            return
        }
        if port.chip != nil {
            checker.report(place, .chipTwice(name, first: first))
        } else {
            checker.report(
                place, .linkTwice(name.isEmpty ? Self.anySocket : name, first: first))
        }
    }

    private func checkSockets(of ports: [StationFile.Port]) {
        for kind in ["usb", "keyboard"] {
            let same = ports.filter { $0.kind == kind }
            guard same.count > 1, let open = same.first(where: \.takesAnySocket),
                let other = same.first(where: { !$0.takesAnySocket })
            else { continue }
            checker.report(
                open.name.place,
                .socketUnstated(port: open.name.value, other: other.name.value))
        }
    }
}

extension StationFile.Port {
    fileprivate var takesAnySocket: Bool {
        switch link {
        case .usb(let socket), .keyboard(let socket): socket.isEmpty
        case .gpio, .serial, nil: false
        }
    }
}
