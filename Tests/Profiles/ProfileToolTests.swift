// What helps whoever adds a model: skeletons that are right, and verdicts one by one.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A new profile` {
    @Test(arguments: ProfileSkeleton.kinds)
    func `is right as it stands`(kind: String) throws {
        let text = try #require(ProfileSkeleton.text(of: kind, id: "fresh"))
        let (profile, errors) = readProfile(text, id: "fresh")
        #expect(errors == [])
        #expect(profile?.kind.rawValue == kind)
        #expect(!text.split(separator: "\n").contains { $0.count > 100 })
    }

    @Test func `of a kind that there is not is none`() {
        #expect(ProfileSkeleton.text(of: "toaster", id: "fresh") == nil)
    }

    @Test func `has a verdict for each of its examples`() throws {
        let folder = try TemporaryFolder()
        let text = try #require(ProfileSkeleton.text(of: "sensor", id: "fresh"))
            .replacing("temperature: 30.5", with: "temperature: 30.6")
        try folder.write("fresh.yaml", text)
        let file = "\(folder.path)/fresh.yaml"
        let profile = try DeviceProfile.read(file: file)
        #expect(profile.verdicts.map(\.contradiction?.expected) == ["temperature 30.6"])
        #expect(profile.verdicts.map(\.contradiction?.found) == ["temperature 30.5"])
        #expect(
            profile.exampleErrors(file: file).map { $0.sentence(.english) } == [
                "The worked example says temperature 30.6, the codec says temperature 30.5."
            ])
    }

    @Test func `that is not there is told by its file`() throws {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try DeviceProfile.read(file: "/nowhere/fresh.yaml")
        }
        #expect(errors?.errors.map(\.file) == ["/nowhere/fresh.yaml"])
    }
}

@Suite struct `The table of devices` {
    @Test func `is what the profiles say`() throws {
        let text = String(
            decoding: try FileText.bytes(
                of: "\(Repository.root)/docs/devices.md", limit: 1 << 20), as: UTF8.self)
        // Made by: stationctl profile list --markdown > docs/devices.md
        #expect(try DeviceProfile.document(of: DeviceProfile.all(in: Repository.devices)) == text)
    }

    @Test func `has thirty boxes and more`() throws {
        let boxes = try DeviceProfile.all(in: Repository.devices).filter { $0.box != nil }
        #expect(boxes.count >= 30)
        #expect(boxes.allSatisfy { !$0.sources.isEmpty && !$0.examples.isEmpty })
    }
}
