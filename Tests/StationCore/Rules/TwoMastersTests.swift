// Two masters for one operation: by cases, and for whatever comes.

import EventLoop
import Testing

@testable import StationCore

private func holder(_ name: String) -> TwoMasters.Approver {
    .holder(ShortText(name) ?? .empty)
}

private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

private let request = TwoMasters.Request(number: 7, operation: .hoursToday)

@Suite struct `Two masters` {
    @Test func `approve together what was asked for`() {
        var masters = TwoMasters()
        #expect(masters.take(.ask(request), at: at(0)) == .asked(until: at(60)))
        #expect(masters.take(.agree(holder("a")), at: at(10)) == .agreed)
        #expect(masters.take(.agree(holder("b")), at: at(59)) == .approved(request))
        #expect(!masters.isPending)
    }

    @Test func `are two holders, whichever cards they have`() {
        var masters = TwoMasters()
        _ = masters.take(.ask(request), at: at(0))
        #expect(masters.take(.agree(holder("a")), at: at(1)) == .agreed)
        #expect(masters.take(.agree(holder("a")), at: at(2)) == .same)
        #expect(masters.take(.agree(.hub), at: at(3)) == .approved(request))
    }

    @Test func `have a minute from the request, however late the first one comes`() {
        var masters = TwoMasters()
        _ = masters.take(.ask(request), at: at(0))
        #expect(masters.take(.agree(holder("a")), at: at(59)) == .agreed)
        #expect(masters.take(.agree(holder("b")), at: at(60)) == .lapsed(request))
        #expect(masters.take(.agree(holder("b")), at: at(61)) == .none)
    }

    @Test func `are asked for one thing at a time`() {
        var masters = TwoMasters()
        _ = masters.take(.ask(request), at: at(0))
        let other = TwoMasters.Request(number: 8, operation: .unlockDoor)
        #expect(masters.take(.ask(other), at: at(1)) == .busy)
        #expect(masters.request == request)
        #expect(masters.take(.end, at: at(2)) == .cancelled(request))
        #expect(masters.take(.ask(other), at: at(3)) == .asked(until: at(63)))
    }

    /// Whatever comes: nothing is approved without a request and two different approvers within
    /// its minute, and each request ends once.
    @Test(arguments: 0..<200)
    func `approve nothing alone, nothing twice, and nothing late`(_ seed: UInt64) {
        var random = Xorshift(seed: seed &+ 1)
        var masters = TwoMasters()
        var now: Int64 = 0
        var open: (request: TwoMasters.Request, since: Int64, agreed: [TwoMasters.Approver])?
        let approvers = [holder("a"), holder("b"), holder("c"), .hub]
        for step in 0..<400 {
            now += Int64(random.next() % 25)
            let approver = approvers[Int(random.next() % 4)]
            let input: TwoMasters.Input
            switch random.next() % 8 {
            case 0, 1:
                input = .ask(
                    TwoMasters.Request(
                        number: UInt64(step), operation: MasterOperation.allCases[step % 5]))
            case 2: input = .time
            case 3 where random.next() % 4 == 0: input = .end
            default: input = .agree(approver)
            }
            let output = masters.take(input, at: at(now))
            switch output {
            case .asked(let end):
                #expect(open == nil && end == at(now + 60))
                if case .ask(let request) = input { open = (request, now, []) }
            case .agreed:
                #expect(open?.agreed == [] && now - (open?.since ?? 0) < 60)
                open?.agreed.append(approver)
            case .same: #expect(open?.agreed == [approver])
            case .approved(let request):
                #expect(open?.request == request && now - (open?.since ?? 0) < 60)
                #expect(open?.agreed.count == 1 && open?.agreed != [approver])
                open = nil
            case .lapsed(let request):
                #expect(open?.request == request && now - (open?.since ?? 0) >= 60)
                open = nil
            case .cancelled(let request):
                #expect(open?.request == request && input == .end)
                open = nil
            case .busy: #expect(open != nil)
            case .none: #expect(open == nil || input == .time)
            }
            #expect(masters.request == open?.request)
        }
    }
}
