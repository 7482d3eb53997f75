// What the clerk has put on the medium comes into force, though the loop has no room for it now.

import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A clerk whose loop is full` {
    private let folder: StateFolder

    init() throws { folder = try StateFolder() }

    private func clerk() -> Clerk {
        Clerk(station: ControlRig.station, directory: folder.disk, key: nil)
    }

    private func epoch(_ answer: CoreAnswer) -> ShortText? {
        if case .key(let epoch) = answer { epoch } else { nil }
    }

    @Test func `keeps what it has to tell, in order, until there is room`() throws {
        let posts = Mailbox<Post>(capacity: 1)
        let clerk = clerk()
        clerk.start(posts: posts)
        #expect(clerk.take(.asked(.createKey, RequestID(number: 1))))
        #expect(
            clerk.take(
                .asked(
                    .issuePass(
                        PassOrder(
                            district: nil, delay: 0, hours: 1, quota: 1)), RequestID(number: 2))))
        var heard: [String] = []
        var door = pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0)
        while heard.count < 6, poll(&door, 1, 30_000) == 1 {
            _ = posts.drain(limit: 1) { heard.append(Self.word(of: $0)) }
        }
        #expect(heard == ["begins", "key", "done", "begins", "issuers", "done"])
        #expect(clerk.stop(within: .seconds(60)))
        #expect(clerk.unposted.isEmpty)
    }

    private static func word(of post: Post) -> String {
        switch post {
        case .clerk(let isBusy): isBusy ? "begins" : "done"
        case .key: "key"
        case .passIssuers: "issuers"
        default: "\(post)"
        }
    }

    @Test func `has not failed for that`() throws {
        let clerk = clerk()
        // Nobody takes posts here.
        let made = try #require(epoch(clerk.answer(.createKey)))
        #expect(try KeyFile.read(in: folder.disk)?.epoch == made)
        #expect(clerk.unposted.map(Self.word) == ["key"])
    }

    @Test func `begins nothing new while too much waits`() throws {
        let clerk = clerk()
        for _ in 0..<Clerk.unpostedLimit { clerk.tell(.stop) }
        guard case .refused(.busy(what: "loop")) = clerk.answer(.createKey) else {
            Issue.record("it made a key")
            return
        }
        #expect(folder.names.isEmpty)
    }
}
