// Random bytes into Modbus's master and unit: no trap, and the same however they are cut.

import FuzzBus
import StationCore

/// The first bytes choose a question, the others are the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var choices = Choices(bytes)
    let question = question(&choices)
    let address = choices.below(4)
    checkStream(.modbus(ModbusSettings()), question, at: address, choices.stream)
    let stream = choices.stream
    guard let question, let request = try? ModbusRequest(question) else { return }
    var rest = stream[...]
    while !rest.isEmpty {
        let heard = Array(rest)
        switch ModbusTCP.judge(heard.span, after: request, from: address, transaction: 1) {
        case .incomplete: return
        case .answer(_, let length), .push(_, let length), .foreign(let length),
            .damaged(_, let length), .noise(let length):
            precondition(1...rest.count ~= length, "it takes off what is not there")
            rest.removeFirst(length)
        }
    }
}

private func question(_ choices: inout Choices) -> BusQuestion? {
    let table = RegisterPlace.Table.allCases[choices.below(4)]
    let address = Int(choices.word())
    switch choices.below(6) {
    case 0: return .read(table, address: address, count: 1 + choices.below(20))
    case 1: return .read(table, address: address, count: Int(choices.word()))
    case 2: return .write(table, address: address, values: [choices.word()])
    case 3:
        return .write(
            table, address: address, values: (0..<choices.below(8)).map { _ in choices.word() })
    case 4:
        let count = choices.below(8)
        return .raw(
            bytes: (0..<count).map { _ in choices.byte() }, replyCount: choices.below(12))
    default: return nil
    }
}

/// A unit hears the same bytes.
private func hear(_ bytes: UnsafeBufferPointer<UInt8>) {
    let unit = ModbusUnit(address: 1, vendor: [0x42: (request: 1, reply: 1)])
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        let heard = Array(rest)
        let length: Int
        switch unit.hear(heard.span) {
        case .incomplete: length = 1
        case .request(let request, let isForAll, let count):
            let again = try? ModbusRTU.packet(request, to: isForAll ? 0 : 1)
            precondition(
                again == nil || again == Array(heard.prefix(count)), "another request was heard")
            length = count
        case .wrong(let exception, let function, _, let count):
            precondition(unit.frame(exception, function: function).count == 5)
            length = count
        case .foreign(let count), .noise(let count): length = count
        }
        precondition(1...rest.count ~= length, "the unit takes off what is not there")
        rest.removeFirst(length)
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    feed(bytes)
    hear(bytes)
    return 0
}
