// A socket that cannot be opened now can be later; nobody has to restart a station for that.

import CLinux
import EventLoop
import Glibc
import Testing

@testable import Ports

@Suite struct `The control socket's listener` {
    private let start = Instant(nanoseconds: 5_000_000_000)
    private let folder: String
    private var path: String { folder + "/control" }

    init() throws {
        var template = Array("/tmp/listener-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RigFailure(errno: errno) }
        folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    }

    private func failed(_ number: Int32) -> ControlListener.Change {
        .failed(.init(path: path, errno: number))
    }

    @Test func `tries again with growing pauses and tells each reason once`() {
        rmdir(folder)
        var listener = ControlListener(path: path, at: start)
        #expect(listener.tend(at: start) == failed(ENOENT))
        var now = start
        var pauses: [Int64] = []
        for _ in 0..<10 {
            pauses.append((listener.nextDeadline - now).milliseconds)
            // A moment early it is left alone.
            #expect(listener.tend(at: listener.nextDeadline + .microseconds(-1)) == nil)
            now = listener.nextDeadline
            #expect(listener.tend(at: now) == nil)
        }
        #expect(pauses == [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000])
        // Another reason is told.
        mkdir(folder, 0o700)
        let other = station_listen_unix(path, 0o600)
        now = listener.nextDeadline
        #expect(listener.tend(at: now) == failed(EADDRINUSE))
        _ = close(other)
        now = listener.nextDeadline
        #expect(listener.tend(at: now) == .opened)
        #expect(listener.descriptor >= 0)
        #expect(station_unix_is_answered(path) == 1)
        cleanUp(listener)
    }

    @Test func `opens in silence when all is well, and again when its file was swept away`() {
        var listener = ControlListener(path: path, at: start)
        #expect(listener.tend(at: start) == nil)
        #expect(station_unix_is_answered(path) == 1)
        unlink(path)
        #expect(listener.tend(at: start + .seconds(9)) == nil)
        #expect(station_unix_is_answered(path) == 0)
        #expect(listener.tend(at: start + ControlListener.look) == nil)
        #expect(station_unix_is_answered(path) == 1)
        cleanUp(listener)
    }

    @Test func `leaves a path alone that another station has taken`() {
        var listener = ControlListener(path: path, at: start)
        #expect(listener.tend(at: start) == nil)
        let other = station_listen_unix(path, 0o600)
        #expect(listener.tend(at: start + ControlListener.look) == failed(EADDRINUSE))
        #expect(listener.descriptor == -1)
        cleanUp(listener)
        #expect(access(path, F_OK) == 0)
        _ = close(other)
        unlink(path)
        rmdir(folder)
    }

    @Test(arguments: ["file", "folder", "link"])
    func `never removes what is no socket, and says what to do`(kind: String) throws {
        let kept = folder + "/kept"
        let isMade =
            switch kind {
            case "folder": mkdir(path, 0o700) == 0
            case "link": symlink(kept, path) == 0
            default: fopen(path, "w").map { fputs("mine", $0) >= 0 && fclose($0) == 0 } ?? false
            }
        try #require(isMade)
        var listener = ControlListener(path: path, at: start)
        let failure = ControlServer.CannotListen(path: path, errno: ENOTSOCK)
        #expect(listener.tend(at: start) == .failed(failure))
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFSOCK)
        #expect("\(failure)".contains("--socket") && "\(failure)".contains("移走"))
        // It opens once the path is free.
        #expect(remove(path) == 0)
        #expect(listener.tend(at: listener.nextDeadline) == .opened)
        cleanUp(listener)
    }

    @Test(arguments: [mode_t(0), 0o077, 0o777])
    func `has its own mode whatever the umask, which it leaves alone`(mask: mode_t) throws {
        // The mask belongs to every thread of a process: another one tries it out.
        let child = fork()
        try #require(child >= 0)
        if child == 0 {
            umask(mask)
            let opened = station_listen_unix(path, 0o660)
            var status = stat()
            let isRight =
                opened >= 0 && stat(path, &status) == 0 && status.st_mode & 0o777 == 0o660
                && umask(0) == mask
            _exit(isRight ? 0 : 1)
        }
        var code: Int32 = -1
        #expect(waitpid(child, &code, 0) == child)
        #expect(code == 0)
        unlink(path)
        rmdir(folder)
    }

    /// Ends the listener, which removes its file.
    private func cleanUp(_ listener: consuming ControlListener) {
        let isOurs = listener.descriptor >= 0
        discard(listener)
        guard isOurs else { return }
        #expect(access(path, F_OK) != 0)
        rmdir(folder)
    }

    private func discard(_ listener: consuming ControlListener) {}
}
