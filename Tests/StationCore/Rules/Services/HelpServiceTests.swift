// The help button through the seam that its station uses: a list of people, a bell, a restart.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A help button as a service` {
    private static let crew = UseOwner(key: ShortText("zhang")!, source: .command)

    private static func settings(hasBell: Bool = true) -> MachineSettings {
        let comparison = Comparison(
            point: "p", relation: .equal, value: Expression(plus: .one), device: 0)
        let bell = [OrderRole.on, .off].map {
            PartSettings.Order($0, DeviceOrder(device: 0, action: $0.rawValue))
        }
        return MachineSettings(
            .help,
            numbers: [ServiceNumber(.answer, 60_000), ServiceNumber(.arrival, 900_000)],
            shared: [.button, .up].map { MachineSettings.Sight($0, .holds(comparison)) },
            parts: ["host", "master", "duty"].map {
                PartSettings(name: $0, orders: hasBell && $0 == "host" ? bell : [])
            })
    }

    private func button(
        hasBell: Bool = true, isOnline: Bool = true
    ) -> ServiceBench<HelpService> {
        var bench = ServiceBench<HelpService>(Self.settings(hasBell: hasBell))
        bench.take(.open(true))
        bench.take(.began([], away: nil))
        bench.see(.up, isOnline)
        return bench
    }

    /// Steps with the person that each is about.
    private func steps(_ bench: ServiceBench<HelpService>) -> [String] {
        bench.outputs.compactMap { output in
            if case .told(let unit, let step, _, _) = output { "\(unit) \(step.name)" } else { nil }
        }
    }

    private func ends(_ bench: ServiceBench<HelpService>) -> [UseEnd] {
        bench.outputs.compactMap { if case .ended(0, let use) = $0 { use.end } else { nil } }
    }

    @Test func `rings at once and asks one person after the other`() {
        var bench = button()
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        #expect(bench.told(0) == .on)
        #expect(bench.machine.owner(of: 0) == UseOwner(source: .button))
        bench.pass(59)
        #expect(steps(bench) == ["0 helpAsked"])
        bench.pass(62)
        #expect(
            steps(bench) == [
                "0 helpAsked", "0 helpUnanswered", "1 helpAsked", "1 helpUnanswered", "2 helpAsked",
            ])
        bench.pass(60)
        #expect(steps(bench).last == "0 helpNobody")
        // It begins anew, and rings on.
        bench.pass(61)
        #expect(steps(bench).last == "0 helpAsked" && bench.told(0) == .on)
    }

    @Test func `says that somebody comes once they said so, and who said it`() {
        var bench = button()
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        bench.take(.word(unit: 0, .reached, by: Self.crew))
        #expect(bench.told(0) == .on)
        // The duty room was not asked yet, and comes.
        bench.take(.word(unit: 2, .accept, by: Self.crew))
        #expect(bench.outputs.contains(.told(unit: 2, .helpAccepted, by: Self.crew)))
        #expect(steps(bench).contains("0 helpNotNeeded") && bench.told(0) == .off)
        bench.take(.word(unit: 2, .helped, by: Self.crew))
        #expect(bench.outputs.contains(.told(unit: 0, .helped, by: Self.crew)))
        #expect(ends(bench) == [.ended])
        // What is said of no call is nothing.
        let count = bench.outputs.count
        for word in [PartWord.accept, .decline, .reached, .helped, .cancel, .stop] {
            bench.take(.word(unit: 1, word, by: Self.crew))
        }
        #expect(bench.outputs.count == count)
    }

    @Test func `who says twice that they come comes, and stops the bell`() {
        var bench = button()
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        bench.take(.word(unit: 1, .accept, by: Self.crew))
        let before = steps(bench)
        bench.take(.word(unit: 1, .accept, by: Self.crew))
        #expect(steps(bench) == before)
        // Somebody else need not come as well.
        bench.take(.word(unit: 2, .accept, by: Self.crew))
        #expect(steps(bench) == before + ["2 helpNotNeeded"])
        bench.pass(30)
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        #expect(bench.told(0) == .on && steps(bench).last == "0 helpCalledAgain")
        bench.take(.word(unit: 1, .accept, by: Self.crew))
        #expect(bench.told(0) == .off)
    }

    @Test func `asks others when whoever accepted is not there in time`() {
        var bench = button()
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        bench.take(.word(unit: 0, .accept, by: Self.crew))
        bench.pass(899)
        #expect(bench.told(0) == .off)
        bench.pass(2)
        #expect(steps(bench).suffix(2) == ["0 helpOverdue", "1 helpAsked"])
        #expect(bench.told(0) == .on)
    }

    @Test func `asks nobody as long as nobody can be told, and rings`() {
        var bench = button(isOnline: false)
        #expect(bench.machine.condition(of: 1) == .degraded(.deviceMissing))
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        bench.pass(600)
        #expect(steps(bench) == [] && bench.told(0) == .on)
        bench.see(.up, true)
        #expect(steps(bench) == ["0 helpAsked"])
    }

    @Test func `rings at any hour, and answers a card`() {
        var bench = button()
        bench.take(.open(false))
        let owner = UseOwner(key: ShortText("k1")!, source: .key)
        bench.take(.asked(owner, unit: nil))
        #expect(bench.outputs.contains(.began(unit: 0, owner)))
        #expect(bench.outputs.last == .given(unit: 0))
    }

    @Test func `rings before the station knows what was before`() {
        var bench = ServiceBench<HelpService>(Self.settings())
        bench.see(.up, true)
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        #expect(bench.told(0) == .on && steps(bench) == [])
        bench.take(.began([], away: nil))
        #expect(bench.outputs.contains(.began(unit: 0, UseOwner(source: .button))))
        #expect(steps(bench) == ["0 helpAsked"])
    }

    @Test func `without a bell asks all the same`() {
        var bench = button(hasBell: false)
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        #expect(bench.told(0) == nil && steps(bench) == ["0 helpAsked"])
        bench.pass(60)
        #expect(bench.machine.condition(of: 0) == .working)
    }

    @Test(arguments: [true, false])
    func `goes on after a restart with whoever accepted`(isKept: Bool) {
        var bench = button()
        bench.take(.asked(UseOwner(source: .button), unit: 0))
        bench.pass(70)
        bench.take(.word(unit: 1, .accept, by: Self.crew))
        var kept = bench.machine.kept(at: bench.now)
        if !isKept {
            // The snapshot has nothing of it: the journal says it.
            kept = []
            var news = [PartNews(), PartNews()]
            news[0].begun = 1
            news[0].running = [RunningUse(UseOwner(source: .button), since: bench.now)]
            news[0].steps = [.helpAsked, .helpUnanswered]
            news[1].steps = [.helpAsked, .helpAccepted]
            for unit in news.indices { bench.machine.learn(news[unit], of: unit, &kept) }
        }
        var after = ServiceBench<HelpService>(Self.settings())
        after.now = bench.now + .seconds(30)
        after.take(.began(kept, away: .seconds(30)))
        after.see(.up, true)
        // Nobody is asked, and nothing rings: somebody comes.
        #expect(after.told(0) == nil && steps(after) == ["0 helpGoesOn"])
        after.take(.word(unit: 1, .helped, by: Self.crew))
        #expect(ends(after) == [.ended])
    }

    @Test func `begins its list anew after a restart that knows nothing more`() {
        let owner = UseOwner(source: .button)
        var bench = ServiceBench<HelpService>(Self.settings())
        bench.see(.up, true)
        var kept: [KeptPart] = []
        var news = PartNews()
        news.begun = 1
        news.running = [RunningUse(owner, since: bench.now)]
        // Of a call before, which was over.
        news.steps = [.helpAccepted, .helped]
        bench.machine.learn(news, of: 0, &kept)
        bench.take(.began(kept, away: nil))
        bench.pass(60)
        #expect(bench.told(0) == .on && steps(bench).last == "0 helpAsked")
    }
}
