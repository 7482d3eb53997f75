// One question at a time to whoever may be there: what `bus scan` is made of.

import EventLoop
import Glibc
import StationCore

/// A port at one speed, and what was heard on it.
final class BusAsker {
    /// What came of a question.
    struct Result {
        var ending: BusExchange.Ending
        /// From the end of the question on.
        var took: Interval
    }

    let port: BusPort
    let speed: LineSpeed
    private let watch: LineWatch
    /// The adapter hears what it sends; found out by itself.
    private(set) var echoes: Bool
    /// Bytes that came, whatever they were.
    private(set) var heard = 0
    /// Somebody said stop.
    private(set) var isStopped = false
    private var quietAfter = LineWatch.now
    /// Boxes need a moment between two questions of different languages.
    private static let gap = Interval.milliseconds(30)

    init(_ port: BusPort, _ speed: LineSpeed, echoes: Bool) {
        self.port = port
        self.speed = speed
        self.echoes = echoes
        watch = LineWatch(port.descriptor)
    }

    /// Asks what makes nothing happen. `nil`: it cannot be asked, or somebody said stop.
    func ask(
        _ question: BusQuestion, of box: BusDeviceSettings, patience: Interval
    ) throws(Problem) -> Result? {
        guard let packet = try? box.language.packet(for: question, to: box.address) else {
            return nil
        }
        try waitForQuiet()
        var exchange = BusExchange(
            BusExchange.Line(baud: speed.baud, bits: speed.bits, echoes: echoes),
            seats: [BusExchange.Seat(language: box.language, address: box.address)],
            at: LineWatch.now)
        let asked = box.timing.wake + packet
        exchange.ask(
            BusExchange.Request(
                seat: 0, question: question, packet: packet, wake: box.timing.wake,
                patience: patience), at: LineWatch.now)
        try port.write(asked)
        var said: [UInt8] = []
        while !isStopped {
            exchange.expire(at: LineWatch.now)
            while let news = exchange.take() {
                guard case .ended(let ending, _, let took, _) = news else { continue }
                quietAfter = LineWatch.now + Self.gap
                if echoes { heard -= min(heard, asked.count) }
                guard !echoes, said.starts(with: asked) else {
                    return Result(ending: ending, took: took)
                }
                // A question is never its own answer: the adapter hears itself.
                echoes = true
                heard -= min(heard, asked.count)
                return try ask(question, of: box, patience: patience)
            }
            let next = exchange.nextDeadline ?? LineWatch.now + patience
            isStopped = !watch.wait(until: next)
            try port.sendRest()
            let bytes = try port.read()
            guard !bytes.isEmpty else { continue }
            heard += bytes.count
            if said.count < Packet.capacity { said += bytes }
            exchange.receive(bytes.span.bytes, at: LineWatch.now)
        }
        return nil
    }

    private func waitForQuiet() throws(Problem) {
        while LineWatch.now < quietAfter, !isStopped {
            isStopped = !watch.wait(until: quietAfter)
            heard += try port.read().count
        }
        heard += try port.read().count
    }
}
