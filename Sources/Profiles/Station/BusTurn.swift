// How long a question and its answer hold a line, so that a lock is known not to wait too long.

import StationCore

/// The longest turn of one box.
///
/// A command overtakes every poll that has not begun, and waits for the one that has. While a box
/// answers, that is at most `answered`: silence of 3.5 characters, the question, the answer. A box
/// that is silent holds the line until its time-out; since it is then asked ever more rarely, in
/// less than a hundredth of the line's time, that is told and not refused.
struct BusTurn {
    let device: Placed<String>
    /// Question and answer, in milliseconds, rounded up.
    let answered: Int
    /// The question, and the time-out.
    let silent: Int

    /// How long an unlock may wait behind an answer.
    static let lockPatience = 100

    init(
        device: Placed<String>, _ settings: BusDeviceSettings,
        _ speed: DeviceProfile.SerialSettings
    ) {
        self.device = device
        let bits = 1 + 8 + (speed.parity == .none ? 0 : 1) + speed.stopBits
        func microseconds(_ bytes: Int) -> Int { bytes * bits * 1_000_000 / speed.baud }
        let silence = max(1_750, microseconds(7) / 2) + settings.timing.gapMilliseconds * 1_000
        let turns = settings.polls.map { poll in
            (
                answered: silence + microseconds(poll.question + poll.answer),
                silent: silence + microseconds(poll.question)
                    + (poll.timeoutMilliseconds ?? settings.timing.timeoutMilliseconds) * 1_000
            )
        }
        answered = ((turns.map(\.answered).max() ?? 0) + 999) / 1_000
        silent = ((turns.map(\.silent).max() ?? 0) + 999) / 1_000
    }
}

/// Bytes of one question and of its answer.
private struct Poll {
    var question: Int
    var answer: Int
    var timeoutMilliseconds: Int?
}

extension BusDeviceSettings {
    fileprivate var polls: [Poll] {
        let asked = points.filter { $0.everyMilliseconds > 0 }
        let wake = timing.wake.count
        switch language {
        case .modbus(let modbus):
            return modbus.reads(of: asked.compactMap(\.register)).map { table, count in
                let isBits = table == .coil || table == .discrete
                let bytes = isBits ? (count + 7) / 8 : count * 2
                return Poll(question: wake + 8, answer: 5 + bytes)
            }
        case .frames(let language):
            return language.frames.filter { $0.role == .request }.map { request in
                let reply = language.frames.first { $0.name == request.reply }
                return Poll(
                    question: wake + request.tokens.length(check: language.check),
                    answer: reply?.tokens.length(check: language.check) ?? 0,
                    timeoutMilliseconds: request.withinMilliseconds > 0
                        ? request.withinMilliseconds : nil)
            }
        case .dlt645:
            return asked.compactMap { point in
                guard case .item(let item) = point.source else { return nil }
                // Preamble, head, identifier, data, check, end.
                return Poll(question: wake + 4 + 16, answer: 4 + 16 + item.bytes)
            }
        case .codec:
            return asked.compactMap { point in
                guard case .fields(let places) = point.source, let first = places.first,
                    let packet = try? self.language.packet(
                        for: .frame(name: first.frame, fields: []), to: address)
                else { return nil }
                let question = BusQuestion.frame(name: first.frame, fields: [])
                return Poll(
                    question: wake + packet.count,
                    answer: self.language.longestReply(to: question))
            }
        }
    }
}

extension ModbusSettings {
    /// Tables and numbers of what is read at once: points that touch, or have a hole between them
    /// that may be read along.
    fileprivate func reads(of places: [RegisterPlace]) -> [(RegisterPlace.Table, Int)] {
        var reads: [(table: RegisterPlace.Table, first: Int, count: Int)] = []
        for table in RegisterPlace.Table.allCases {
            let sorted = places.filter { $0.table == table }.sorted { $0.address < $1.address }
            for place in sorted {
                let isBits = table == .coil || table == .discrete
                let most = isBits ? ResolvedStation.Limit.bitsPerRead : maximumRead
                if let last = reads.last, last.table == table,
                    place.address <= last.first + last.count + holes,
                    place.address + place.width - last.first <= most
                {
                    let end = max(last.first + last.count, place.address + place.width)
                    reads[reads.count - 1].count = end - last.first
                } else {
                    reads.append((table, place.address, place.width))
                }
            }
        }
        return reads.map { ($0.table, $0.count) }
    }
}

extension PointSettings {
    fileprivate var register: RegisterPlace? {
        if case .register(let place) = source { place } else { nil }
    }
}

extension DeviceResolver {
    /// Tells the longest turn of every line of boxes, and refuses one on which a lock would wait.
    func tellTurns() {
        for port in file.ports {
            guard let line = sharedLines[port.name.value], line.kind == .boxes,
                let slowest = line.turns.max(by: { $0.answered < $1.answered }),
                let stubborn = line.turns.max(by: { $0.silent < $1.silent })
            else { continue }
            if line.hasLocks, slowest.answered > BusTurn.lockPatience {
                checker.report(
                    slowest.device.place,
                    .turnTooLong(
                        port: port.name.value, milliseconds: slowest.answered,
                        device: slowest.device.value))
            }
            checker.note(
                port.name.place,
                .longestTurn(
                    port: port.name.value, answered: slowest.answered,
                    silent: stubborn.silent, device: stubborn.device.value))
        }
    }
}
