// Boxes on a bus under measurement: profiles and stations read, a full line and guards in virtual
// time.

import Glibc

let words = Array(CommandLine.arguments.dropFirst())
switch (words.first, words.count) {
case ("profiles", 2): ProfileTimes.run(words[1])
case ("line", 1): LineFigures.run()
case ("guards", 1): GuardFigures.run()
case ("sockets", 2): SocketFigures.run(words[1])
default:
    print("usage: bus-bench profiles DEVICES | line | guards | sockets DEVICES")
    exit(64)
}

/// A figure as `make bench` reads it.
func tell(_ name: String, _ value: Double) {
    let thousandths = Int64((value * 1_000).rounded())
    let rest = String(1_000 + abs(thousandths % 1_000)).dropFirst()
    print("\(name) \(thousandths / 1_000).\(rest)")
}
