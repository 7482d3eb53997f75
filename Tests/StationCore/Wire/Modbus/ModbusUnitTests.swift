// The master and a unit against each other, over serial lines and over TCP.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A Modbus unit` {
    private let unit = ModbusUnit(address: 7, vendor: [0x42: (request: 1, reply: 1)])

    private func request(_ random: inout Xorshift) -> ModbusRequest {
        let address = UInt16(random.below(60_000))
        func words(_ most: Int) -> [UInt16] {
            (0..<1 + random.below(most)).map { _ in UInt16(truncatingIfNeeded: random.next()) }
        }
        switch random.below(8) {
        case 0:
            return .read(
                random.below(2) == 0 ? .coil : .discrete, address: address,
                count: 1 + random.below(2_000))
        case 1:
            return .read(
                random.below(2) == 0 ? .holding : .input, address: address,
                count: 1 + random.below(125))
        case 2: return .writeCoil(address: address, value: words(1)[0])
        case 3: return .writeRegister(address: address, value: words(1)[0])
        case 4:
            return .writeCoils(
                address: address, values: (0..<1 + random.below(1_968)).map { $0 % 3 == 0 })
        case 5: return .writeRegisters(address: address, values: words(123))
        case 6: return .mask(address: address, and: words(1)[0], or: words(1)[0])
        default:
            return .exchange(
                readAddress: address, count: 1 + random.below(125), writeAddress: address,
                values: words(121))
        }
    }

    private func answer(_ request: ModbusRequest, _ random: inout Xorshift) -> BusAnswer {
        if random.below(5) == 0 { return .refused(code: 1 + random.below(11)) }
        switch request {
        case .read(let table, _, let count) where table.isOfBits:
            return .bits((0..<count).map { _ in random.below(2) == 0 })
        case .read(_, _, let count), .exchange(_, let count, _, _):
            return .registers((0..<count).map { _ in UInt16(truncatingIfNeeded: random.next()) })
        case .vendor(let bytes, _): return .raw(bytes)
        case .writeCoil, .writeRegister, .writeCoils, .writeRegisters, .mask: return .done
        }
    }

    @Test func `hears what the master asks, and the master what it answers`() throws {
        var random = Xorshift(seed: 7)
        for _ in 0..<400 {
            let request = request(&random)
            let packet = try ModbusRTU.packet(request, to: 7)
            #expect(packet.count <= ModbusRTU.longest)
            #expect(
                unit.hear(packet.span)
                    == .request(request, isForAll: false, length: packet.count))
            let answer = answer(request, &random)
            let reply = unit.frame(answer, to: request)
            #expect(reply.count <= ModbusRTU.longest)
            #expect(
                ModbusRTU.judge(reply.span, after: request, from: 7)
                    == .answer(answer, length: reply.count))
        }
    }

    @Test func `knows its vendor's own functions by their lengths`() throws {
        let reset = ModbusRequest.vendor(bytes: [0x42], replyCount: 1)
        let packet = try ModbusRTU.packet(reset, to: 7)
        #expect(unit.hear(packet.span) == .request(reset, isForAll: false, length: 4))
        let stranger = ModbusUnit(address: 7)
        #expect(stranger.hear(packet.span) == .noise(length: 1))
    }

    @Test(
        arguments: [
            (ModbusException.illegalValue, "03 0000 007E"), (.illegalValue, "01 0000 07D1"),
            (.illegalValue, "04 0000 0000"), (.illegalAddress, "03 FFFF 0002"),
            (.illegalValue, "10 0000 0002 02 0001"), (.illegalValue, "0F 0000 0009 01 FF"),
            (.illegalAddress, "10 FFFF 0002 04 0001 0002"),
            (.illegalValue, "17 0000 007E 0000 0001 02 0000"),
            (.illegalAddress, "17 FFFF 0002 0000 0001 02 0000"),
        ])
    func `says what is wrong with a request`(exception: ModbusException, pdu: String) {
        let bytes = ModbusRTU.frame(hex(pdu), 7)
        #expect(
            unit.hear(bytes.span)
                == .wrong(
                    exception, function: hex(pdu)[0], isForAll: false, length: bytes.count))
        let reply = unit.frame(exception, function: hex(pdu)[0])
        #expect(reply.count == 5 && ModbusRTU.isWhole(reply.span))
    }

    @Test func `is silent to others, and does what all are told`() {
        let others = ModbusRTU.frame(hex("03 0000 0001"), 8)
        #expect(unit.hear(others.span) == .foreign(length: 8))
        let all = ModbusRTU.frame(hex("06 0000 0001"), 0)
        #expect(
            unit.hear(all.span)
                == .request(.writeRegister(address: 0, value: 1), isForAll: true, length: 8))
        #expect(unit.hear([7, 3, 0].span) == .incomplete)
    }

    @Test func `hears a request in any noise`() {
        var random = Xorshift(seed: 21)
        let request = ModbusRequest.read(.holding, address: 1, count: 2)
        for _ in 0..<200 {
            var bytes = random.bytes(random.below(20)) + ModbusRTU.frame(request.pdu, 7)
            var isHeard = false
            listening: while !bytes.isEmpty {
                switch unit.hear(bytes.span) {
                case .request(let heard, _, let length):
                    isHeard = heard == request
                    bytes.removeFirst(length)
                case .wrong(_, _, _, let length), .foreign(let length), .noise(let length):
                    bytes.removeFirst(length)
                // Something longer seems to have begun: the silence behind it says that it has not.
                case .incomplete: bytes.removeFirst()
                }
                if isHeard { break listening }
            }
            #expect(isHeard)
        }
    }

    @Test func `speaks the same over TCP`() throws {
        var random = Xorshift(seed: 3)
        for _ in 0..<100 {
            let request = request(&random)
            let packet = try ModbusTCP.packet(request, to: 7, transaction: 0x0102)
            #expect(Array(packet.prefix(4)) == [1, 2, 0, 0])
            #expect(packet.word(4) == packet.count - 6)
            let answer = answer(request, &random)
            let reply = ModbusTCP.frame(request.replyPDU(answer), 7, transaction: 0x0102)
            expectSameHoweverCut(reply) { parts in
                var listener = BusListener {
                    ModbusTCP.judge($0, after: request, from: 7, transaction: 0x0102)
                }
                for part in parts { listener.hear(part) }
                return listener.heard
            }
            #expect(
                ModbusTCP.judge(reply.span, after: request, from: 7, transaction: 0x0102)
                    == .answer(answer, length: reply.count))
            #expect(
                ModbusTCP.judge(reply.span, after: request, from: 7, transaction: 0x0103)
                    == .foreign(length: reply.count))
        }
        let web = Array("GET / HTTP/1.1".utf8)
        let request = ModbusRequest.read(.coil, address: 0, count: 1)
        #expect(
            ModbusTCP.judge(web.span, after: request, from: 1, transaction: 0)
                == .noise(length: web.count))
    }
}

extension [UInt8] {
    fileprivate func word(_ place: Int) -> Int { Int(self[place]) << 8 | Int(self[place + 1]) }
}

@Suite struct `A Modbus line's times` {
    @Test func `are eleven bits a character, and fixed above 19200 baud`() {
        let slow = ModbusTimings(baud: 9_600)
        #expect(slow.character.microseconds == 1_145)
        #expect(slow.longestGap.microseconds == 1_718)
        #expect(slow.silence.microseconds == 4_010)
        let middle = ModbusTimings(baud: 19_200)
        #expect(middle.longestGap.microseconds == 859)
        #expect(middle.silence.microseconds == 2_005)
        let fast = ModbusTimings(baud: 115_200)
        #expect(fast.longestGap == .microseconds(750))
        #expect(fast.silence == .microseconds(1_750))
        #expect(fast.characters(256).microseconds == 24_444)
    }
}
