// What people get at a new station: devices, guards and services, with what to wire where.

extension DraftWriter {
    private static let sockets = 4
    private static let boxes = 12

    mutating func water() {
        let (flow, valve, float, leak) = (line(), line(), line(), line())
        let (shut, limit, button) = (line(), line(), line())
        devices += """
              # 饮水机：流量计接 \(flow.zh)，常闭阀的继电器接 \(valve.zh)，
              # 浮球接 \(float.zh)和地，漏水绳接 \(leak.zh)和地。
              # Water: flow meter on \(flow.en), relay of the normally closed valve on
              # \(valve.en), float between \(float.en) and ground, leak
              # rope between \(leak.en) and ground.
              - name: tap
                profile: dispenser-yf-s201
                label: {zh: 饮水机, en: Water dispenser}
                gpio:
                  {flow: \(flow.name), valve: \(valve.name), float: \(float.name),
                   leak: \(leak.name)}
                outer: {perform: water-main/close}
              # 总管电动球阀：关阀的继电器接 \(shut.zh)，到位触点接 \(limit.zh)和地。
              # 漏个不停时它来关；人看过了，用阀旁的开关打开。
              # Motor valve in the main pipe: its closing relay on \(shut.en), its limit
              # switch between \(limit.en) and ground. It is shut when the tap drips all
              # the same; somebody who has looked opens it by its switch.
              - name: water-main
                profile: stop-valve
                label: {zh: 总水阀, en: Main water valve}
                gpio: {shut: \(shut.name), limit: \(limit.name)}
              # 取水按钮接 \(button.zh)和地。
              # The button that asks for water: between \(button.en) and ground.
              - name: cup-button
                profile: push-button
                label: {zh: 取水按钮, en: Water button}
                gpio: {button: \(button.name)}

            """
        services += """
              - name: water
                kind: dispenser
                label: {zh: 饮水, en: Drinking water}
            \(keepsHours)    open: {perform: tap/dispense, with: {ml: 500}}
                close: {perform: tap/close}
                flow: tap/volume
                valve_open: "tap/valve == open"
                empty: "tap/water == empty"
                button: "cup-button/button == pressed"
                portion: 500
                filter_litres: 3000
                filter_days: 180

            """
    }

    mutating func phones() {
        let (d0, d1, beeper) = (line(), line(), line())
        let (head, trip, aux) = (line(), line(), line())
        reader("phone-reader", "充电", "Charging", d0, d1, beeper)
        devices += """
              # 继电器板拨到地址 1，一到四路各带一个插座；电表设成地址 11 到 14。板子自己十秒后断开，本机不停
              # 续上：本机停了，插座就断电。
              # The relay board has address 1, its relays 1 to 4 a socket each; the meters have
              # 11 to 14. The board lets go after ten seconds and is renewed: when the station
              # stops, all sockets go dark.
              - name: relays
                profile: waveshare-relay-8
                label: {zh: 充电继电器, en: Charging relays}
                port: outlets
                address: 1
                drives: socket

            """
        for number in 1...Self.sockets { meter(number) }
        devices += """
              # 烟感的常闭触点接 \(head.zh)和地；总开关的分励线圈经继电器接 \(trip.zh)，
              # 辅助触点接 \(aux.zh)和地。有烟就断，人来看过才合。
              # Smoke head, normally closed, between \(head.en) and ground. Breaker: its
              # shunt trip by a relay on \(trip.en), its auxiliary contact between
              # \(aux.en) and ground. Smoke cuts it until somebody has looked.
              - name: smoke
                profile: smoke-contact
                label: {zh: 烟感, en: Smoke head}
                gpio: {head: \(head.name)}
                guards:
                  smoke: {when: "smoke == alarm", silent: 30s, latch: true, do: outer}
                outer: {perform: breaker/cut}
              - name: breaker
                profile: shunt-trip
                label: {zh: 插座总开关, en: Socket breaker}
                gpio: {trip: \(trip.name), aux: \(aux.name)}

            """
        services += """
              - name: phones
                kind: charging
                type: phone
                label: {zh: 手机充电, en: Phone charging}
                readers: [phone-reader]
            \(keepsHours)    rated: 120
                longest: 4h
                smoke: "smoke/smoke == alarm"
                sockets:

            """
        for number in 1...Self.sockets {
            services += """
                      - name: "\(number)"
                        switch_on: {perform: relays/keep_on, with: {relay: \(number)}}
                        switch_off: {perform: relays/switch_off, with: {relay: \(number)}}
                        power: meter-\(number)/power
                        energy: meter-\(number)/energy

                """
        }
    }

    private mutating func meter(_ number: Int) {
        devices += """
              - name: meter-\(number)
                profile: pzem-004t-v3
                label: {zh: \(number) 号电表, en: Meter \(number)}
                port: outlets
                address: \(10 + number)
                guards:
                  overload:
                    when: "relays/relay.\(number) == active and power > 150"
                    for: 2s
                    silent: 30s
                    do: [{perform: relays/switch_off, with: {relay: \(number)}}]
                  relay_stuck:
                    when: "relays/relay.\(number) == resting and power > 5"
                    for: 5s
                    latch: true
                    do: outer
                outer: {perform: breaker/cut}

            """
    }

    mutating func lockers() {
        let (d0, d1, beeper) = (line(), line(), line())
        reader("locker-reader", "储物柜", "Locker", d0, d1, beeper)
        devices += """
              # 锁控板拨到地址 1，一格一把锁；门开着却说关着的，加一行 opened_code: 0x11。
              # The lock board has address 1, a lock for each box. Where it calls an open box
              # closed, add `opened_code: 0x11`.
              - name: locks
                profile: lockboard-8a
                label: {zh: 锁控板, en: Lock board}
                port: bank
                address: 1

            """
        services += """
              - name: lockers
                kind: lockers
                label: {zh: 储物柜, en: Lockers}
                readers: [locker-reader]
            \(keepsHours)    left_open: 2min
                overtime: 24h
                # 停电时怎么开：钥匙 key、自己松开 release、电池 battery。
                # How it opens without power: key, release or battery.
                without_power: key
                boxes:
                  count: \(Self.boxes)
                  open: {perform: locks/open, with: {lock: n}}
                  closed: "locks/door.n == closed"

            """
    }

    mutating func toilet() {
        let taken = line()
        devices += """
              # 厕所插销里的触点接 \(taken.zh)和地，插上是闭合。
              # The contact in the toilet's latch between \(taken.en) and ground, closed
              # while it is latched.
              - name: toilet-latch
                profile: parking-bay
                label: {zh: 厕所插销, en: Toilet latch}
                gpio: {taken: \(taken.name)}

            """
        services += """
              - name: toilet
                kind: place
                label: {zh: 厕所, en: Toilet}
            \(keepsHours)    places: [{name: "1", occupied: "toilet-latch/bay == in_use"}]
                overstay: 30min

            """
    }

    mutating func firstAid() {
        let contact = line()
        devices += """
              # 医药箱门的触点接 \(contact.zh)和地，关上是闭合。
              # The first-aid cabinet's contact between \(contact.en) and ground, closed
              # while the door is.
              - name: first-aid-door
                profile: dry-contact
                label: {zh: 医药箱门, en: First-aid cabinet door}
                gpio: {contact: \(contact.name)}

            """
        services += """
              - name: first-aid
                kind: cabinet
                label: {zh: 医药箱, en: First-aid cabinet}
                closed: "first-aid-door/door == closed"
                restock_after: 20

            """
    }
}
