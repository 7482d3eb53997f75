// How `check` ends: a file that is wrong, and one that is not there.

import Control
import Profiles
import Testing

@testable import stationctl

@Suite struct `A check of station files` {
    private func errors(in file: String) throws(ConfigurationErrors) {
        _ = try Resolution.resolve(stationFile: file, devicesDirectory: "/nowhere")
    }

    @Test func `that are not there ends otherwise than of wrong ones`() throws {
        let missing = #expect(throws: ConfigurationErrors.self) {
            try errors(in: "/nowhere/station.yaml")
        }
        #expect(missing?.ending == .noInput)
        let path = "\(#filePath)"
        let wrong = #expect(throws: ConfigurationErrors.self) { try errors(in: path) }
        #expect(wrong?.ending == .badData)
    }

    @Test func `counts as people count`() {
        #expect(Count.mistakes(1).en == "1 mistake")
        #expect(Count.mistakes(2).en == "2 mistakes")
        #expect(Count.mistakes(1).zh == "1 处错误")
    }
}
