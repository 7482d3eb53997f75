// Profiles to begin from, of devices on lines of the board and in files of its kernel.

enum BoardSkeleton {
    static let relay = """
        link: {bus: gpio}
        lines:
          # 继电器板多半低电平吸合；safe 是申请线时就给的值。 Most relay boards pull in at low; `safe`
          # is the value that the line gets with its request.
          relay: {dir: out, active: low, safe: inactive, safety: none, max_on: 8h}
        points:
          relay: {kind: state, from: relay, map: {inactive: resting, active: active}}
        actions:
          switch_on:
            do: [{set: {relay: active}}]
            outcome: {confirmed: "relay == active"}
            idempotent: true
          switch_off:
            do: [{set: {relay: inactive}}]
            outcome: {confirmed: "relay == resting"}
            idempotent: true
        tests:
          - {ask: {do: switch_on}, levels: {relay: low}, gives: {relay: active}}
          - {ask: {do: switch_off}, levels: {relay: high}, gives: {relay: resting}}

        """

    static let dispenser = """
        link: {bus: gpio}
        lines:
          # 霍尔流量计：数一种边沿，太密的不算。 A Hall meter: edges of one kind, none too close.
          flow: {dir: in, pull: up, min_gap: 1ms}
          # 阀门最多开这么久，程序停止时靠下拉电阻关。 The valve is open for so long at most; a pull
          # resistor closes it while the agent is dead.
          valve: {dir: out, safe: inactive, safety: pull, drives: valve, max_on: 90s}
        params:
          pulses_per_litre: {range: [300, 700], default: 450}
        points:
          volume: {kind: total, from: flow, per: pulses_per_litre, unit: L, places: 3}
          rate:
            {kind: level, from: flow, per: pulses_per_litre, x: 60, unit: L/min, places: 1,
             range: [0, 60], every: 1s, window: 2s}
          valve: {kind: state, from: valve, map: {inactive: closed, active: open}}
        actions:
          dispense:
            args: {ml: {range: [50, 1500]}}
            do:
              - {set: {valve: active}}
              - {until: "volume gained >= ml * 0.001", at_most: 60s}
              - {set: {valve: inactive}}
            outcome: {confirmed: "volume gained >= ml * 0.0009"}
            idempotent: false
          close:
            do: [{set: {valve: inactive}}]
            outcome: {confirmed: "valve == closed"}
            idempotent: true
        tests:
          - {pulses: 450, gives: {volume: 1.000}}
          - {pulses: 225, over: 1s, gives: {rate: 30.0}}
          - {ask: {do: dispense, ml: 500}, levels: {valve: high}, gives: {valve: open}}

        """

    static let board = """
        link: {bus: files}
        points:
          # 一个一个试，* 是内核编的号。 Tried in turn; a * is a number that the kernel gave.
          temperature:
            {kind: level, file: "/sys/class/thermal/thermal_zone*/temp", named: [cpu-thermal],
             x: 0.001, places: 1, unit: Cel, range: [-40, 130], every: 10s, optional: true}
        tests:
          - {files: {"/sys/class/thermal/thermal_zone*/temp": "48312"}, gives: {temperature: 48.3}}

        """
}
