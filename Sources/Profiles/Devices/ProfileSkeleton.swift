// A profile to begin from, with a comment at every key: right as it stands, so that each change can
// be checked by itself.

/// Text of new profiles.
public enum ProfileSkeleton {
    /// The kinds that there is one for: all of them.
    public static let kinds = DeviceProfile.Kind.allCases.map(\.rawValue)

    /// - Returns: `nil` for an unknown kind.
    public static func text(of kind: String, id: String) -> String? {
        DeviceProfile.Kind(rawValue: kind).map { head($0, id) + body($0) }
    }

    private static func head(_ kind: DeviceProfile.Kind, _ id: String) -> String {
        """
        # \(kind.chinese)。写明型号之间的差别、拨码开关和地址怎么设。
        # Say here what differs between variants, and how its switches and its address are set.
        schema: station-device/1
        id: \(id)
        maker: generic
        model: the words on its label
        kind: \(kind.rawValue)
        # 每个数字是从哪里读到的。 Where each fact was read.
        source:
          - "manual, page; or the address of a page"

        """
    }

    private static func body(_ kind: DeviceProfile.Kind) -> String {
        switch kind {
        case .reader: reader
        case .strike, .maglock, .panelInput: lock(isHeld: kind == .maglock)
        case .contact: input("contact", "closed")
        case .button: input("button", "pressed")
        case .lockBoard: lockBoard
        case .relayBoard: relayBoard
        case .socketBoard: socketBoard
        case .meter: meter
        case .sensor: sensor
        case .battery: battery
        case .relay: BoardSkeleton.relay
        case .dispenser: BoardSkeleton.dispenser
        case .board: BoardSkeleton.board
        }
    }

    private static let reader = """
        link: {bus: gpio}
        lines:
          d0: {dir: in, active: low, edge: falling, pull: up}
          d1: {dir: in, active: low, edge: falling, pull: up}
          led: {dir: out, active: low, safe: inactive, optional: true}
          beeper: {dir: out, active: low, safe: inactive, optional: true}
        driver:
          as: wiegand
          formats: [26-h10301]
          views: [full]
        params:
          views: {of: [full, reversed]}
        # 真实的卡和刷出来的比特。 Bits of a real card, and the number printed on it.
        tests:
          - {bits: "10111101100010001110101110", gives: {facility: 123, number: 4567}}
          - {bits: "10111101100010001110101111", refused: parity}

        """

    private static func lock(isHeld: Bool) -> String {
        """
        link: {bus: gpio}
        lines:
          coil: {dir: out, active: high, safe: \(isHeld ? "active" : "inactive")}
        driver:
          as: lock
          # 程序停止时靠什么复位。 What makes it safe while the agent is dead: board, pull or none.
          safety: pull
          duty: \(isHeld ? "continuous" : "intermittent")
        tests:
          - {drive: secured, level: \(isHeld ? "high" : "low")}
          - {drive: released, level: \(isHeld ? "low" : "high")}

        """
    }

    private static func input(_ name: String, _ active: String) -> String {
        """
        link: {bus: gpio}
        lines:
          \(name): {dir: in, active: low, edge: both, pull: up}
        driver:
          as: \(name)
          settle: 40ms
        params:
          settle: {range: [5ms, 500ms]}
        tests:
          - {level: low, gives: \(active)}
          - {level: high, gives: \(active == "closed" ? "open" : "released")}

        """
    }

    private static let lockBoard = """
        # 没有现成协议的板子自己画帧。 A board without a protocol of a name draws its frames.
        link: {bus: frames, baud: 9600, timeout: 500ms, gap: 30ms, addresses: [1, 32]}
        params:
          # 站点文件可以改的数。 Numbers that a station file may change.
          opened_code: {of: [0x00, 0x11], default: 0x00}
        frames:
          check: {kind: xor}
          open:
            send: "8A {address} {lock} 11 {check}"
            reply: "8A {address} {lock} {code} {check}"
          query:
            send: "80 {address} {lock} 33 {check}"
            reply: "80 {address} {lock} {code} {check}"
        points:
          door:
            kind: state
            count: 8
            # 哪个字段说明是第几把锁。 Which field says which lock it is.
            by: lock
            from: [query.code, open.code]
            map: {opened_code: open, else: closed}
            every: 1s
        actions:
          open:
            args: {lock: {range: [1, 8]}}
            do: [{send: open}, {wait: 300ms}, {read: door.lock}]
            outcome: {confirmed: "door.lock == open", failed: "door.lock == closed"}
            # 重做一次是否无害。 Whether doing it twice is as good as once.
            idempotent: false
            # 板子自己断电。 The board ends the pulse by itself.
            self_timed: 500ms
            drives: lock
            safety: board
        # 抓到的真实字节。 Bytes that were really seen.
        tests:
          - {ask: {do: open, lock: 1}, tx: "8A 01 01 11 9B", rx: "8A 01 01 00 8A",
             gives: {door.1: open}}
          - {ask: {send: query, lock: 1}, rx: "80 01 01 11 90", refused: checksum}

        """

    private static let relayBoard = """
        link: {bus: modbus, baud: 9600, timeout: 200ms}
        points:
          relay: {kind: state, count: 8, at: "coil:0", map: {0: resting, 1: active}, every: 1s}
        actions:
          # 板子计时的脉冲，程序停止也会断开。 A pulse that the board times ends without us.
          pulse:
            args: {relay: {range: [1, 8]}, tenths: {range: [1, 600]}}
            do: [{write: {at: "coil:0x0200 + relay - 1", value: tenths}}]
            idempotent: false
            safety: board
          switch_on:
            args: {relay: {range: [1, 8]}}
            do: [{write: {at: "coil:relay - 1", value: 0xFF00}}, {read: relay.relay}]
            outcome: {confirmed: "relay.relay == active", failed: "relay.relay == resting"}
            idempotent: true
            safety: none
          switch_off:
            args: {relay: {range: [1, 8]}}
            do: [{write: {at: "coil:relay - 1", value: 0}}, {read: relay.relay}]
            outcome: {confirmed: "relay.relay == resting", failed: "relay.relay == active"}
            idempotent: true
            safety: harmless
        tests:
          - {ask: {do: pulse, relay: 1, tenths: 7}, tx: "01 05 02 00 00 07 8D B0"}
          - ask: {read: "coil:0", count: 8}
            tx: "01 01 00 00 00 08 3D CC"
            rx: "01 01 01 81 91 E8"
            gives: {relay.1: active, relay.2: resting, relay.8: active}

        """

    private static let socketBoard = """
        # 协议名就是 bus；帧和字段见 docs/profiles.md。 The protocol is the bus; its frames and fields
        # are told in docs/profiles.md.
        link: {bus: dianchuan, baud: 9600, timeout: 500ms, addresses: none}
        points:
          socket:
            kind: state
            count: 10
            from: states.state
            map: {1: idle, 2: charging, else: fault}
            every: 2s
          power:
            {kind: level, count: 10, from: all.power, x: 0.1, unit: W, range: [0, 3000], every: 2s,
             report: {change: 5, max: 60s}}
        actions:
          start:
            args: {port: {range: [1, 10]}, minutes: {range: [1, 480]}}
            do: [{send: start, with: {port: port, amount: minutes}}, {read: socket.port}]
            outcome: {confirmed: "socket.port == charging", failed: "socket.port == fault"}
            idempotent: false
            # 时间到板子自己断电。 The board ends it when the time is over.
            drives: socket
            safety: board
        tests:
          - ask: {send: states}
            tx: "EE 09 01 00 00 00 00 00 00 00 08"
            rx: "66 13 01 00 00 00 00 00 00 0A 02 01 01 01 01 01 01 01 01 01 1B"
            gives: {socket.1: charging, socket.2: idle, socket.10: idle}
          - ask: {send: all}
            rx: "66 35 24 00 00 00 00 00 00 00 1F FF 02 04 00 00 00 00 07 2B 00 00 00 00 00 00 00 00
              00 00 00 00 00 98 00 00 00 00 00 5F 00 00 00 00 00 00 00 00 00 00 00 00 00 0C 10"
            gives: {power.1: 0.0, power.3: 183.5}
          - {ask: {do: start, port: 1, minutes: 1},
             tx: "EE 0D 02 00 00 00 00 00 00 01 00 00 00 01 0F"}

        """

    private static let meter = """
        # 由被测电路供电的表，不应答就是没电：silent_means: mains_off。
        # A meter that is powered by what it measures: its silence means `silent_means: mains_off`.
        link: {bus: modbus, baud: 9600, timeout: 300ms, max_read: 10}
        points:
          # 地址从 0 起，不写 30001。 Addresses count from 0; never 30001.
          voltage:
            {kind: level, at: "in:0", as: u16, x: 0.1, unit: V, range: [80, 260], every: 5s,
             report: {change: 2, max: 60s}}
          # 两个寄存器时字节怎么来：A 最高。 How bytes come in two registers: A is the highest.
          power:
            {kind: level, at: "in:3", as: u32, order: CDAB, x: 0.1, unit: W, range: [0, 23000],
             every: 1s, report: {change: 5, max: 60s}}
          # 只增不减的量。 What only grows.
          energy:
            {kind: total, at: "in:5", as: u32, order: CDAB, unit: W.h, wrap: 9999990, every: 10s,
             report: {change: 10, max: 10min}}
        tests:
          - ask: {read: "in:0", count: 10}
            tx: "01 04 00 00 00 0A 70 0D"
            rx: "01 04 14 08 D1 00 6C 00 00 00 F4 00 00 00 26 00 00 01 F4 00 64 00 00 51 34"
            gives: {voltage: 225.7, power: 24.4, energy: 38}

        """

    private static let sensor = """
        link: {bus: modbus, baud: 9600, timeout: 300ms}
        points:
          temperature:
            {kind: level, at: "in:1", as: s16, x: 0.1, unit: Cel, range: [-40, 80], every: 10s,
             report: {change: 0.5, min: 10s, max: 10min}}
          humidity:
            {kind: level, at: "in:2", as: u16, x: 0.1, unit: "%", range: [0, 100], every: 10s,
             report: {change: 2, min: 10s, max: 10min}}
        tests:
          - ask: {read: "in:1", count: 2}
            tx: "01 04 00 01 00 02 20 0B"
            rx: "01 04 04 01 31 02 22 2A CE"
            gives: {temperature: 30.5, humidity: 54.6}

        """

    private static let battery = """
        # 没有地址的设备独占一条线。 A box without an address has a line of its own.
        link: {bus: frames, baud: 9600, timeout: 500ms, addresses: none}
        frames:
          check: {kind: sum8}
          soc:
            send: "A5 40 90 08 00 00 00 00 00 00 00 00 {check}"
            reply: "A5 01 90 08 {voltage:2} {skip:2} {current:2} {charge:2} {check}"
        points:
          voltage:
            {kind: level, from: soc.voltage, x: 0.1, unit: V, range: [5, 150], every: 5s,
             report: {change: 0.5, max: 60s}}
          current:
            {kind: level, from: soc.current, x: 0.1, plus: -3000, unit: A, range: [-500, 500],
             every: 2s, report: {change: 0.5, max: 60s}}
        tests:
          - ask: {send: soc}
            tx: "A5 40 90 08 00 00 00 00 00 00 00 00 7D"
            rx: "A5 01 90 08 02 FC 00 00 75 A1 00 00 52"
            gives: {voltage: 76.4, current: 11.3}

        """
}
