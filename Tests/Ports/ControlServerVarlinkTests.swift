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
        let status = try runProgram([try #require(Self.python), script, rig.path])
        #expect(status == 0)
    }
}
