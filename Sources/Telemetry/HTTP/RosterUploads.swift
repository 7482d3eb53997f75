// A signed roster on its way: from the connection into a file without a name, then to the station.

import Control
import Glibc
import HummingbirdCore
import NIOCore
import NIOPosix

/// Takes rosters, one at a time. Nothing of one is believed or kept here: the station judges it.
struct RosterUploads: Sendable {
    let source: any StationSource
    private let places = Places(GatewayLimits.uploads)
    /// Media may be slow, and everybody else waits on the loop's thread.
    private let writers = NIOThreadPool.singleton

    init(source: any StationSource) { self.source = source }

    /// The server ends a body quietly when its client stops sending in the middle: what is not
    /// known to be whole is none.
    ///
    /// - Parameters:
    ///   - length: of the body, where its head says it.
    ///   - client: knows whether a body without a length came to its end; `nil`: it has left.
    /// - Returns: the roster in force, and how long it took to come and to be judged.
    func take(
        _ body: RequestBody, length: Int?, from client: ClientPresence?
    ) async throws(Problem) -> (Answer, waited: TimeAmount) {
        guard places.take() else { throw .uploadUnderWay() }
        defer { places.give() }
        let began = NIODeadline.now()
        let (file, count) = try await received(body)
        guard length.map({ $0 == count }) ?? (client?.isBodyWhole == true) else {
            throw .bodyCut()
        }
        let page: RosterPage
        do throws(ControlFailure) { page = try await source.apply(roster: file) } catch {
            throw Problem(ofRoster: error)
        }
        return (try .json(page), NIODeadline.now() - began)
    }

    /// The body in a file, and how many bytes it has.
    private func received(
        _ body: RequestBody
    ) async throws(Problem) -> (file: PassedFile, count: Int) {
        let result: Result<(file: PassedFile, count: Int), Problem>
        do {
            let file = try await written { () throws(NamelessFile.Failure) in
                try NamelessFile.make()
            }
            var count = 0
            for try await portion in body {
                count += portion.readableBytes
                guard count <= GatewayLimits.roster else {
                    throw Problem.bodyTooLong(GatewayLimits.roster)
                }
                let bytes = Array(portion.readableBytesView)
                try await written { () throws(NamelessFile.Failure) in
                    try NamelessFile.append(bytes, to: file)
                }
            }
            result = .success((file, count))
        } catch let problem as Problem {
            result = .failure(problem)
        } catch {
            result = .failure(.bodyCut())
        }
        return try result.get()
    }

    private func written<Value: Sendable>(
        _ body: @escaping @Sendable () throws(NamelessFile.Failure) -> Value
    ) async throws -> Value {
        try await writers.runIfActive {
            Result { () throws(NamelessFile.Failure) in try body() }
        }.mapError { Problem.noRoom($0.errno) }.get()
    }
}

/// A file that nobody else can open, and that is gone with its last descriptor.
private enum NamelessFile {
    struct Failure: Error { var errno: Int32 }

    /// On a medium rather than in memory, of which a gateway has little.
    private static let folders = ["/var/tmp", "/tmp"]

    static func make() throws(Failure) -> PassedFile {
        var reason = ENOENT
        for folder in folders {
            var template = Array("\(folder)/station-gateway-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            guard descriptor >= 0 else {
                reason = errno
                continue
            }
            unlink(template)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return PassedFile(owning: descriptor)
        }
        throw Failure(errno: reason)
    }

    static func append(_ bytes: [UInt8], to file: PassedFile) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file.descriptor, $0.baseAddress! + sent, $0.count - sent)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(errno: count == 0 ? ENOSPC : errno) }
            sent += count
        }
    }
}
