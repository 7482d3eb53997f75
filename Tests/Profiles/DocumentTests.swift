// The examples in the documents are files like any other.

import StationCore
import Testing

@testable import Profiles

/// The text of the first YAML block of a document.
private func example(in document: String) throws -> String {
    let text = String(
        decoding: try FileText.bytes(of: "\(Repository.root)/docs/\(document)", limit: 1 << 20),
        as: UTF8.self)
    let start = try #require(text.firstRange(of: "```yaml\n")).upperBound
    let end = try #require(text[start...].firstRange(of: "```")).lowerBound
    return String(text[start..<end])
}

@Suite struct `The documents' examples` {
    @Test func `resolve as a station`() throws {
        let resolution = try StationText.resolve(try example(in: "station-file.md"))
        #expect(resolution.station.doors.count == 1)
        #expect(resolution.notes == [])
    }

    @Test func `are a profile whose worked bits come true`() throws {
        let (profile, errors) = readProfile(
            try example(in: "profiles.md"), id: "wiegand-26-example")
        #expect(errors == [])
        #expect(profile?.examples.count == 2)
    }

    @Test func `name every key that a profile's drivers have`() throws {
        let text = String(
            decoding: try FileText.bytes(
                of: "\(Repository.root)/docs/profiles.md", limit: 1 << 20), as: UTF8.self)
        for format in WiegandFormat.named { #expect(text.contains("`\(format.name)`")) }
        for kind in DeviceProfile.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`")) }
    }
}
