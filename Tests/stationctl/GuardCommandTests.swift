// `stationctl guard`: what it takes, which guards it resets, and how it says what became of them.

import ArgumentParser
import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `The reset of guards` {
    @Test(arguments: [
        ["guard", "reset", "sockets", "too_hot_3"],
        ["guard", "reset", "sockets", "too_hot_3", "--blind", "--yes"],
        ["guard", "reset", "sockets", "--all"], ["guard", "reset", "sockets", "--all", "--blind"],
    ])
    func `takes one guard, or all of a device`(words: [String]) {
        #expect(throws: Never.self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test(arguments: [
        ["guard", "reset", "sockets"], ["guard", "reset", "sockets", "too_hot_3", "--all"],
        ["guard", "reset", "--all"],
    ])
    func `takes neither none nor both`(words: [String]) {
        #expect(throws: (any Error).self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test func `is for those of the device that stand, in its order`() {
        func rule(_ name: String, stands: Bool) -> GuardRecord {
            GuardRecord(name: name, stands: stands, secured: true, escalated: true)
        }
        var devices = Sample.devices(isWell: true)
        devices[0].guards = [rule("smoke", stands: true)]
        devices[1].guards = [
            rule("unwatched_1", stands: true), rule("unwatched_2", stands: false),
            rule("burning", stands: true),
        ]
        let name = devices[1].name
        #expect(GuardSweep.standing(of: name, in: devices) == ["unwatched_1", "burning"])
        #expect(GuardSweep.standing(of: "nobody", in: devices) == [])
    }

    @Test func `says what was reset before the connection broke`() {
        var sweep = GuardSweep()
        var asked: [String] = []
        let broken = sweep.run(["a", "b", "c", "d"]) { (name) throws(ControlFailure) in
            asked.append(name)
            switch name {
            case "b": throw .refused(.guardRefused(ControlReason(.causeUnknown)))
            case "c": throw .closed
            default: break
            }
        }
        #expect(broken == .closed && asked == ["a", "b", "c"])
        #expect(sweep.lines.map(\.guard) == ["a", "b"])
        #expect(sweep.lines.map(\.reset) == [true, false])
    }

    @Test func `says of each what became of it, and is done when none stands any more`() {
        var sweep = GuardSweep()
        sweep.reset("too_hot_3")
        #expect(sweep.isClean)
        sweep.refused("burning", ControlReason(.causeUnknown))
        #expect(!sweep.isClean)
        let english = Catalogue(language: .english)
        let texts = sweep.lines.map { english.text($0, of: "sockets") }
        #expect(texts[0] == "sockets too_hot_3 (too hot): reset")
        #expect(texts[1].hasSuffix(ControlReason(.causeUnknown).text(.english)))
        let chinese = Catalogue(language: .chinese)
        #expect(chinese.text(sweep.lines[0], of: "sockets").hasSuffix("已复位"))
    }
}

@Suite struct `The list of guards` {
    private static func text(
        _ language: Wording.Language, secured: Bool, unseen: Bool? = nil, escalated: Bool = false
    ) -> String {
        let rule = GuardRecord(
            name: "leak", stands: true, secured: secured, unseen: unseen, escalated: escalated)
        return Catalogue(language: language).text(GuardList.Line(device: "tap", guard: rule))
    }

    @Test func `calls what was told and not seen neither safe nor in danger`() {
        #expect(Self.text(.english, secured: true).hasSuffix("confirmed safe"))
        #expect(Self.text(.english, secured: false).hasSuffix("not confirmed: go there now"))
        #expect(
            Self.text(.english, secured: false, unseen: true)
                .hasSuffix("told, not seen to be done: go and look"))
        #expect(
            Self.text(.chinese, secured: false, unseen: true, escalated: true)
                .hasSuffix("已下令，看不到结果：请去看一眼"))
    }

    @Test func `has words for every step of a guard, in both languages`() {
        for language in [Wording.Language.chinese, .english] {
            let catalogue = Catalogue(language: language)
            let words = GuardStep.allCases.map { catalogue.step($0.name) }
            #expect(Set(words).count == GuardStep.allCases.count)
            #expect(zip(words, GuardStep.allCases).allSatisfy { $0 != $1.name })
        }
    }
}
