// The resolved station as a file: canonical JSON, named by its digest.

import FoundationEssentials
public import StationCore

/// Encoding and decoding of `resolved-<digest>.json`.
public enum ResolvedFile {
    /// Canonical JSON: keys sorted, no blanks, slashes as they are, one line and its line feed.
    public static func encode(_ station: ResolvedStation) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(station)) + [0x0A]
        } catch {
            // Strings and whole numbers only: nothing that JSON cannot say.
            preconditionFailure("a resolved station did not encode: \(error)")
        }
    }

    /// A station out of bytes that anybody may have written, checked by `validated()`.
    public static func decode(_ bytes: [UInt8]) throws(ActivationError) -> ResolvedStation {
        guard bytes.count <= ResolvedStation.fileSizeLimit else {
            throw .notAStation(.tooLarge(bytes: ResolvedStation.fileSizeLimit))
        }
        let station: ResolvedStation
        do {
            station = try JSONDecoder().decode(ResolvedStation.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .notAStation(error.place.map { .member($0) } ?? .noJSON)
        } catch {
            throw .notAStation(.noJSON)
        }
        do {
            return try station.validated()
        } catch {
            throw .flaw(error)
        }
    }
}

extension DecodingError {
    /// The path to what did not decode, in one line; `nil` when nothing did.
    fileprivate var place: String? {
        let path: [any CodingKey]
        switch self {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        let text = path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        return text.isEmpty ? nil : text.joined(separator: ".")
    }
}
