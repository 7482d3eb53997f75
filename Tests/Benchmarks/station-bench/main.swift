// The station's own code under measurement: taps on fd 3, journal batches, a roster of a million.

import EventLoop
import Glibc
import Journal
import Ports
import StationCore

let words = Array(CommandLine.arguments.dropFirst())
switch (words.first, words.count) {
case ("taps", 3): try Taps.run(isReal: words[1] == "real", directory: words[2])
case ("journal", 4):
    try Batches.run(directory: words[1], count: Int(words[2]) ?? 0, size: Int(words[3]) ?? 0)
case ("roster", 2): try Rosters.run(count: Int(words[1]) ?? 0)
case ("swap", 3):
    try Swaps.run(count: Int(words[1]) ?? 0, changed: Int(words[2]) ?? 0)
case ("state", 3): try Rosters.keep(count: Int(words[2]) ?? 0, in: words[1])
case ("sustain", 3): try Sustained.run(directory: words[1], seconds: Int64(words[2]) ?? 0)
default:
    Console.note(
        """
        usage: station-bench taps instant|real DIR
               station-bench journal DIR BATCHES SIZE
               station-bench roster KEYS
               station-bench swap KEYS CHANGED
               station-bench state DIR KEYS
               station-bench sustain DIR SECONDS
        """)
    Console.flush()
    exit(EX_USAGE)
}
