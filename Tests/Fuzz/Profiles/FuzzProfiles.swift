// Random station files, profiles and resolved files: no trap, and each error has its place.

import Profiles
import StationCore

/// What begins with a brace is a resolved file, as `stationd` loads it; with a comment, as ours do,
/// a profile, whose worked examples are asked; all else is a station file, resolved against the
/// repository's own profiles.
private func feed(_ bytes: [UInt8]) {
    if bytes.first == UInt8(ascii: "{") {
        do throws(ActivationError) {
            let station = try ResolvedFile.decode(bytes)
            _ = try? station.validated()
        } catch {
            precondition(!"\(error)".isEmpty, "an error that says nothing")
        }
        return
    }
    if bytes.first == UInt8(ascii: "#") { return feed(profile: bytes) }
    do throws(ConfigurationErrors) {
        let resolution = try Resolution.resolve(
            text: bytes, name: "fuzz.yaml", devicesDirectory: "Devices")
        precondition(!resolution.json.isEmpty, "a resolution without a file")
    } catch {
        precondition(!error.errors.isEmpty, "refused without an error")
        for language in Wording.Language.allCases {
            precondition(error.text(language).contains("fuzz.yaml"), "an error without its file")
        }
    }
}

private func feed(profile bytes: [UInt8]) {
    do throws(ConfigurationErrors) {
        let profile = try DeviceProfile.read(text: bytes, file: "Devices/fuzz.yaml")
        _ = profile.exampleErrors(file: "Devices/fuzz.yaml")
        precondition(!DeviceProfile.document(of: [profile]).isEmpty, "a profile without a row")
    } catch {
        precondition(!error.errors.isEmpty, "refused without an error")
        for language in Wording.Language.allCases {
            precondition(error.text(language).contains("fuzz.yaml"), "an error without its file")
        }
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)))
    return 0
}
