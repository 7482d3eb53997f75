// Readers on channels under measurement: a decision's cost, and times in a virtual world.

import EventLoop
import Glibc
import Simulation
import StationCore

let words = Array(CommandLine.arguments.dropFirst())
switch (words.first, words.count) {
case ("decide", 3):
    guard let kind = BenchReader(rawValue: words[1]), let taps = Int(words[2]) else { exit(64) }
    Decisions.run(kind, taps: taps)
case ("times", 1): Times.run()
default:
    print("usage: reader-bench decide wiegand|rules|ccid|pn532|rdm6300|wedge TAPS | times")
    exit(64)
}
