// Reading the journal through the service: pages, waiting, live, slow peers.

import EventLoop
import Testing

@testable import Control

@Suite struct `A reader of entries` {
    private func call(_ parameters: String, more: Bool = false) -> String {
        #"{"method":"io.stationd.ReadEntries","parameters":\#(parameters),"more":\#(more)}"#
    }

    private func reply(_ message: String) throws -> (ReadEntries.Reply, Bool) {
        let (reply, more) = try ControlCoder.reply(
            ReadEntries.Reply.self, from: Array(message.utf8))
        return (reply, more)
    }

    /// The cursor and limit of the oldest open question.
    private func asked(_ scene: Scene) -> (after: EntryCursor?, limit: Int)? {
        guard case .read(let after, let limit) = scene.journal.asked.first?.query else {
            return nil
        }
        return (after, limit)
    }

    @Test func `gets one page and where to go on`() throws {
        let scene = Scene()
        let slot = scene.join(Scene.reader)
        scene.send(slot, call(#"{"after":"s1:3","limit":500}"#))
        #expect(try #require(asked(scene)) == (EntryCursor(store: "s1", sequence: 3), 64))
        scene.answerJournal(.page(Sample.page(after: 3, limit: 64, newest: 9)))
        let (page, more) = try reply(try #require(scene.take(slot)))
        #expect(page.entries.map(\.sequence) == [4, 5, 6, 7, 8, 9])
        #expect(page.next == "s1:9")
        #expect(!more)
        #expect(scene.service.wantsInput(slot))
    }

    @Test func `gets the store's answer to a cursor of another store`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"after":"s0:3"}"#))
        let error = ControlError.badCursor(cursor: "s0:3", store: "s1", oldest: 1, newest: 9)
        scene.answerJournal(.refused(error))
        #expect(try #require(scene.take(slot)).contains("BadCursor"))
    }

    @Test func `gets nothing at once unless it waits`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"after":"s1:9"}"#))
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 9)))
        #expect(try reply(try #require(scene.take(slot))).0.entries.isEmpty)
    }

    @Test func `gets the first entry that comes while it waits`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"after":"s1:9","wait":30000}"#))
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 9)))
        #expect(scene.take(slot) == nil)
        scene.pass(.seconds(29))
        scene.service.journalGrew(at: scene.now)
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 10)))
        let (page, more) = try reply(try #require(scene.take(slot)))
        #expect(page.entries.map(\.sequence) == [10])
        #expect(!more)
    }

    @Test func `gets an empty page when its wait is over`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"after":"s1:9","wait":30000}"#))
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 9)))
        #expect(scene.service.nextDeadline == scene.now + .seconds(30))
        scene.pass(.seconds(30))
        let (page, _) = try reply(try #require(scene.take(slot)))
        #expect(page.entries.isEmpty)
        #expect(page.next == "s1:9")
        #expect(scene.service.nextDeadline == nil)
    }

    @Test func `waits no longer than it may`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"wait":9223372036854775807}"#))
        scene.answerJournal(.page(Sample.page(after: 0, limit: 64, newest: 0)))
        #expect(scene.service.nextDeadline == scene.now + ControlLimits.wait)
    }

    @Test func `misses nothing that was committed while its question was out`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"after":"s1:9"}"#, more: true))
        scene.service.journalGrew(at: scene.now)
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 9)))
        _ = scene.take(slot)
        #expect(scene.journal.asked.count == 1)
        scene.answerJournal(.page(Sample.page(after: 9, limit: 64, newest: 10)))
        #expect(try reply(try #require(scene.take(slot))).0.entries.map(\.sequence) == [10])
    }

    @Test func `follows live, page after page, without a gap or a repeat`() throws {
        let scene = Scene()
        let slot = scene.join()
        var seen: [Int64] = []
        scene.send(slot, call("{}", more: true))
        for newest in [Int64(0), 5, 5, 200, 201] {
            scene.service.journalGrew(at: scene.now)
            while let question = asked(scene) {
                let page = Sample.page(
                    after: question.after?.sequence ?? 0, limit: question.limit, newest: newest)
                scene.answerJournal(.page(page))
                while let message = scene.take(slot) {
                    let (page, more) = try reply(message)
                    #expect(more)
                    seen += page.entries.map(\.sequence)
                }
            }
        }
        #expect(seen == Array(1...201))
        #expect(scene.service.nextDeadline == nil)
    }

    @Test func `is told once where it stands when there is nothing yet`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("{}", more: true))
        for _ in 0..<3 {
            scene.answerJournal(.page(Sample.page(after: 0, limit: 64, newest: 0)))
            scene.service.journalGrew(at: scene.now)
        }
        #expect(scene.takeAll(slot).count == 1)
    }

    @Test func `costs no more than a page while it takes nothing, then is dropped`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("{}", more: true))
        scene.answerJournal(.page(Sample.page(after: 0, limit: 64, newest: 1_000)))
        for _ in 0..<100 { scene.service.journalGrew(at: scene.now) }
        #expect(scene.journal.asked.isEmpty)
        #expect(scene.service.connections[slot]?.output.count ?? 0 <= ControlLimits.message + 1)
        scene.pass(ControlLimits.unread)
        #expect(scene.service.isFinished(slot))
    }

    @Test func `gets a page cut to one message, and the rest after it`() throws {
        let scene = Scene()
        let slot = scene.join()
        let payload = #"{"door":""# + String(repeating: "x", count: 3_000) + #""}"#
        var cursor: Int64 = 0
        for _ in 0..<64 where cursor < 64 {
            scene.send(slot, call(#"{"after":"s1:\#(cursor)"}"#))
            scene.answerJournal(
                .page(Sample.page(after: cursor, limit: 64, newest: 64, payload: payload)))
            let message = try #require(scene.take(slot))
            #expect(message.utf8.count <= ControlLimits.message)
            let (page, _) = try reply(message)
            #expect(page.entries.first?.sequence == cursor + 1)
            #expect(page.next == "s1:\(page.entries.last?.sequence ?? 0)")
            cursor = page.entries.last?.sequence ?? 64
        }
        #expect(cursor == 64)
    }

    @Test func `learns that the journal does not answer`() throws {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call("{}", more: true))
        scene.pass(ControlLimits.answer)
        #expect(try #require(scene.take(slot)).contains("NoAnswer"))
        #expect(scene.service.wantsInput(slot))
    }
}
