// Checks whose a hub's command is, on a thread of its own: a lockdown does not wait for an import.

import Control
import EventLoop
import Glibc
import Journal
import StationCore

/// Reads the issuer's key and checks signatures one by one; what is good goes to the loop. Its
/// thread starts with the first command, since most stations never have one.
final class Notary {
    /// As many as the socket has connections.
    static let capacity = 16

    private enum Task: Sendable {
        case check(String, RequestID)
        case stop
    }

    private let station: String
    private let directory: any StateDirectory
    private let tasks = Mailbox<Task>(capacity: capacity)
    private var thread: HostThread?

    init(station: String, directory: any StateDirectory) {
        self.station = station
        self.directory = directory
    }

    /// Called on the control thread alone.
    ///
    /// - Parameters:
    ///   - posts: of the loop, for a command that is good.
    ///   - refuse: tells the caller why not, from the notary's thread.
    /// - Returns: false when too many are waiting, or the system has no thread left.
    func take(
        _ command: String, _ id: RequestID, posts: Mailbox<Post>,
        refuse: @escaping @Sendable (RequestID, ControlError) -> Void
    ) -> Bool {
        if thread == nil { thread = start(posts, refuse) }
        return thread != nil && tasks.post(.check(command, id)) == nil
    }

    /// Has the thread end; nobody waits for it.
    func end() { _ = tasks.post(.stop) }

    private func start(
        _ posts: Mailbox<Post>, _ refuse: @escaping @Sendable (RequestID, ControlError) -> Void
    ) -> HostThread? {
        let (tasks, station, directory) = (tasks, station, directory)
        return try? HostThread(trying: "notary", stack: 256 << 10) {
            var door = pollfd(fd: tasks.descriptor, events: Int16(POLLIN), revents: 0)
            var isStopping = false
            while !isStopping {
                poll(&door, 1, -1)
                _ = tasks.drain(limit: Self.capacity) { task in
                    switch task {
                    case .stop: isStopping = true
                    case .check(let text, let id):
                        do throws(ControlError) {
                            let command = try Self.check(text, for: station, in: directory)
                            guard posts.post(.commanded(command, id)) == nil else {
                                throw .busy(what: "loop")
                            }
                        } catch {
                            refuse(id, error)
                        }
                    }
                }
            }
        }
    }

    static func check(
        _ text: String, for station: String, in directory: any StateDirectory
    ) throws(ControlError) -> SignedCommand {
        let issuer: CommandIssuer?
        do throws(CommandIssuerFile.Failure) {
            issuer = try CommandIssuerFile.read(in: directory)
        } catch {
            switch error {
            case .malformed: throw .commandRefused(ControlReason(.commandIssuerLines))
            case .unreadable(let error):
                throw .commandRefused(ControlReason(.unreadable, error.code))
            }
        }
        do throws(CommandRefusal) {
            return try SignedCommand(Array(text.utf8), for: station, from: issuer)
        } catch {
            throw .commandRefused(ControlReason(of: error))
        }
    }
}

extension ControlReason {
    init(of refusal: CommandRefusal) {
        switch refusal {
        case .notACommand: self.init(.notACommand)
        case .noIssuer: self.init(.noCommandIssuer)
        case .signature: self.init(.signature)
        case .otherStation(let name): self.init(.otherStation, name)
        case .line(let line): self.init(.line, line)
        case .unknownCommand(let words): self.init(.unknownCommand, words)
        case .badArgument(let field): self.init(.badField, field)
        case .expired: self.init(.expired)
        case .notYet: self.init(.notYet)
        case .tooLong: self.init(.validTooLong)
        case .otherBoot: self.init(.otherBoot)
        case .clockUnset: self.init(.clockUnset)
        case .sameID: self.init(.sameID)
        case .starting: self.init(.starting)
        case .forgotten: self.init(.forgotten)
        case .tooMany: self.init(.tooManyCommands)
        }
    }
}
