// The crew's command, as it was built, against the real socket.

import Glibc
import Testing

@testable import Ports

@Suite struct `The crew's command` {
    /// Beside this test bundle, where the build puts every program.
    private func built(_ program: String) throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        guard count > 0 else { throw RigFailure(errno: errno) }
        let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + program
    }

    @Test func `does all that it says against a station`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let script = root + "/Tests/Integration/stationctl-commands"
        let status = try runProgram(["/bin/bash", script, rig.path, try built("stationctl")])
        #expect(status == 0)
    }
}
