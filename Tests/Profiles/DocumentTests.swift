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

/// Every block of a document that is a whole profile.
private func profiles(in document: String) throws -> [String] {
    let text = String(
        decoding: try FileText.bytes(of: "\(Repository.root)/docs/\(document)", limit: 1 << 20),
        as: UTF8.self)
    return text.split(separator: "```yaml\n").dropFirst().compactMap { part in
        let block = part[..<(part.firstRange(of: "```")?.lowerBound ?? part.endIndex)]
        return block.hasPrefix("schema: station-device/1") ? String(block) : nil
    }
}

@Suite struct `The documents' examples` {
    @Test func `are boxes whose worked bytes come true`() throws {
        let texts = try profiles(in: "profiles.md").dropFirst()
        #expect(texts.count == 2)
        for text in texts {
            let id = text.split(separator: "\n")[1].split(separator: " ")[1]
            #expect(readProfile(text, id: String(id)).errors == [])
        }
    }

    @Test func `say each word that a box's profile may have`() throws {
        let text = String(
            decoding: try FileText.bytes(
                of: "\(Repository.root)/docs/profiles.md", limit: 1 << 20), as: UTF8.self)
        let words =
            BoxLinkReader.languages + FrameCheck.Kind.allCases.map(\.rawValue)
            + RegisterPlace.Form.allCases.map(\.rawValue) + DrivenThing.allCases.map(\.rawValue)
            + BusExample.Refusal.allCases.map(\.rawValue)
            + PointSettings.Kind.allCases.map(\.rawValue)
            + (1...4).flatMap { RegisterPlace.orders(width: $0) }
        for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
        for unit in PointUnit.known where unit != "1" {
            #expect(text.contains("`\(unit)`"), "\(unit)")
        }
    }

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
