// A small right station file, and ways to make it wrong.

import Profiles
import StationCore
import Testing

/// The text that the wrong files are made from. Every line is known to be right.
enum StationText {
    static let right = """
        schema: station/1
        station:
          id: test-station
          name: {zh: 测试站, en: Test station}
          phone: "024-7380-0110"
          utc_offset: "+08:00"
        ports:
          header: {gpio: test-chip}
        devices:
          - name: reader
            profile: wiegand-34
            gpio: {d0: A0, d1: A1, led: A2}
          - name: strike
            profile: strike-12v
            gpio: {coil: A3}
          - name: contact
            profile: door-contact
            settle: 40ms
            gpio: {contact: A4}
          - name: exit
            profile: exit-button
            gpio: {button: A5}
        doors:
          - name: front
            label: {zh: 前门, en: Front door}
            readers: {in: [reader]}
            lock: strike
            contact: contact
            exit_button: exit
            greeting: room
            release: 5s
            relock: open
            open: 30s
            pre_alarm: 10s
        journal:
          commit_wait: 150ms
        policy:
          untrusted_clock: floor
          grace_days: 7

        """

    /// The right text with its first `old` replaced.
    static func replacing(_ old: String, with new: String) -> String {
        right.replacing(old, with: new)
    }

    static func resolve(_ text: String) throws(ConfigurationErrors) -> Resolution {
        try Resolution.resolve(
            text: Array(text.utf8), name: "station.yaml", devicesDirectory: Repository.devices)
    }

    /// Every error as `line:column sentence`, in English; empty when there is none.
    static func errors(in text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try resolve(text)
            return []
        } catch {
            return error.errors.map { "\($0.line):\($0.column) \($0.sentence(.english))" }
        }
    }
}
