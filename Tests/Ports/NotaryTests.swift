// A hub's commands beside the loop: whose key is believed, and what reaches the loop.

import Control
import Crypto
import EventLoop
import Glibc
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `A notary` {
    private let folder: StateFolder
    private let signer: Curve25519.Signing.PrivateKey

    init() throws {
        folder = try StateFolder()
        signer = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: 5, count: 32))
    }

    private func trust(_ text: String? = nil) throws {
        let digits = Hex.lower(Array(signer.publicKey.rawRepresentation))
        let right = "stationd-command-issuer 1\npublic \(digits)\n"
        try folder.put(CommandIssuerFile.name, Array((text ?? right).utf8))
    }

    private func text(_ station: String = "here") throws -> String {
        let body =
            "stationd-command\t1\nstation\t\(station)\nid\tc-1\nissued\t1\nexpires\t2\nboot\t-\n"
            + "command\tdoor\tgate\tlock\n"
        let signature = try signer.signature(for: Array(body.utf8))
        return body + "signature\t\(Hex.lower(Array(signature)))\n"
    }

    private func refusal(_ text: String) -> String? {
        do throws(ControlError) {
            _ = try Notary.check(text, for: "here", in: folder.disk)
            return nil
        } catch {
            guard case .commandRefused(let reason) = error else { return "\(error)" }
            return reason.word
        }
    }

    @Test func `believes the key that a crew put there, and no other`() throws {
        #expect(try refusal(text()) == "noCommandIssuer")
        try trust()
        #expect(try refusal(text()) == nil)
        #expect(try refusal(text("there")) == "otherStation")
        #expect(try refusal(text().replacing("lock", with: "open")) == "signature")
        #expect(refusal("hello") == "notACommand")
        let roster = "stationd-roster-issuer 1\npublic \(String(repeating: "0", count: 64))\n"
        for wrong in [roster, "", "stationd-command-issuer 1\npublic 00\n"] {
            try trust(wrong)
            #expect(try refusal(text()) == "commandIssuerLines")
        }
        // Another key, at once.
        let other = String(repeating: "1", count: 64)
        try trust("stationd-command-issuer 1\npublic \(other)\n")
        #expect(try refusal(text()) == "signature")
    }

    @Test func `posts what is good to the loop, and tells others why not`() throws {
        try trust()
        let posts = Mailbox<Post>(capacity: 4)
        let refused = Mailbox<String>(capacity: 4)
        let notary = Notary(station: "here", directory: folder.disk)
        defer { notary.end() }
        for (number, text) in [try text(), "hello"].enumerated() {
            let id = RequestID(number: UInt64(number))
            let isTaken = notary.take(text, id, posts: posts) { id, error in
                _ = refused.post("\(id.number) \(error.name)")
            }
            #expect(isTaken)
        }
        var doors = [
            pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: refused.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        #expect(poll(&doors[0], 1, 10_000) == 1)
        var taken: [String] = []
        _ = posts.drain(limit: 4) { post in
            if case .commanded(let command, let id) = post {
                taken.append("\(id.number) \(command.id)")
            }
        }
        #expect(taken == ["0 c-1"])
        #expect(poll(&doors[1], 1, 10_000) == 1)
        var told: [String] = []
        _ = refused.drain(limit: 4) { told.append($0) }
        #expect(told == ["1 io.stationd.CommandRefused"])
    }
}
