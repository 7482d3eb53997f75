// An independent client against the real socket: PyPI's varlink, when the environment has it.

import Glibc
import Testing

@testable import Ports

@Suite struct `An independent Varlink client` {
    /// A Python that can `import varlink`.
    static let python = getenv("VARLINK_PYTHON").map { String(cString: $0) }

    @Test(.enabled(if: python != nil, "VARLINK_PYTHON names no interpreter"))
    func `understands this station`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let script = root + "/Tests/Integration/varlink-client"
        let words = [try #require(Self.python), script, rig.path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var child: pid_t = 0
        #expect(posix_spawn(&child, words[0], nil, nil, arguments, environ) == 0)
        var status: Int32 = -1
        #expect(waitpid(child, &status, 0) == child)
        #expect(status == 0)
    }
}
