// Files to pass: a regular one that has no name, and a pipe.

import Glibc

@testable import Control

enum TestFile {
    struct Failed: Error { var errno: Int32 }

    static func regular(_ text: String) throws -> PassedFile {
        var template = Array("/tmp/control-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failed(errno: errno) }
        unlink(template)
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failed(errno: errno)
        }
        return PassedFile(owning: descriptor)
    }

    /// The reading end of a pipe that nobody writes to.
    static func pipe() throws -> PassedFile {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw Failed(errno: errno) }
        close(ends[1])
        return PassedFile(owning: ends[0])
    }
}
