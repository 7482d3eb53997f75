// What surrounds every call and reply, and how JSON bytes become one and are made of one.

import FoundationEssentials

/// The outside of a call: which method, and how the caller wants its replies.
public struct CallHead: Decodable, Equatable, Sendable {
    public var method: String
    /// The caller takes more than one reply.
    public var more: Bool?
    /// The caller wants no reply at all.
    public var oneway: Bool?
    public var upgrade: Bool?
}

/// Bytes to values and back. Makes a coder for each message: calls are rare, threads are several.
public enum ControlCoder {
    /// - Throws: `badMessage` with what is wrong.
    public static func head(_ message: [UInt8]) throws(ControlError) -> CallHead {
        do {
            try checkShape(message)
        } catch {
            throw .badMessage(error.reason)
        }
        do {
            return try JSONDecoder().decode(CallHead.self, from: Data(message))
        } catch DecodingError.keyNotFound, DecodingError.typeMismatch {
            throw .badMessage(ControlReason(.noMethod))
        } catch {
            throw .badMessage(ControlReason(.notJSON))
        }
    }

    /// The parameters of a call whose shape `head` has checked.
    ///
    /// - Throws: `invalidParameter` with the name of the first one that is unknown, missing or of
    ///   another type. A misspelt `dry` must not become an import in earnest.
    public static func parameters<Parameters: ControlParameters>(
        _ type: Parameters.Type, of message: [UInt8]
    ) throws(ControlError) -> Parameters {
        do {
            let bytes = Data(message)
            let names = try JSONDecoder().decode(Holder<Names>.self, from: bytes).parameters
            if let unknown = names?.names.first(where: { !Parameters.names.contains($0) }) {
                throw ControlError.invalidParameter(unknown)
            }
            let held = try JSONDecoder().decode(Holder<Parameters>.self, from: bytes)
            return try held.parameters
                ?? JSONDecoder().decode(Parameters.self, from: Data("{}".utf8))
        } catch let error as ControlError {
            throw error
        } catch let error as DecodingError {
            throw .invalidParameter(error.place)
        } catch {
            throw .invalidParameter("parameters")
        }
    }

    /// A call as bytes, NUL included.
    static func call<Parameters: ControlParameters>(
        _ method: MethodName, _ parameters: Parameters, more: Bool
    ) -> [UInt8] {
        encode(
            Call(method: method.rawValue, parameters: parameters, more: more ? true : nil))
    }

    /// A reply as bytes, NUL included.
    static func reply(_ parameters: some Encodable, continues: Bool) -> [UInt8] {
        encode(Reply(parameters: parameters, continues: continues ? true : nil))
    }

    /// An error as bytes, NUL included.
    static func failure(_ error: ControlError) -> [UInt8] {
        encode(Failure(error: error.name, parameters: error.parameters))
    }

    /// A reply's parameters, whether more replies follow, or the error it carries.
    static func reply<Parameters: Decodable>(
        _ type: Parameters.Type, from message: [UInt8]
    ) throws(ControlFailure) -> (parameters: Parameters, continues: Bool) {
        do {
            try checkShape(message)
            let bytes = Data(message)
            let head = try JSONDecoder().decode(ReplyHead.self, from: bytes)
            if let name = head.error {
                let held = try? JSONDecoder().decode(Holder<ErrorParameters>.self, from: bytes)
                throw ControlFailure.refused(
                    ControlError(name: name, parameters: held?.parameters ?? ErrorParameters()))
            }
            let held = try JSONDecoder().decode(Holder<Parameters>.self, from: bytes)
            let parameters =
                try held.parameters ?? JSONDecoder().decode(type, from: Data("{}".utf8))
            return (parameters, head.continues ?? false)
        } catch let error as ControlFailure {
            throw error
        } catch let error as MessageFlaw {
            throw .notUnderstood(error.reason)
        } catch let error as DecodingError {
            throw .notUnderstood(ControlReason(.unexpected, error.place))
        } catch {
            throw .notUnderstood(ControlReason(.notJSON))
        }
    }

    /// What a stored payload says; nothing when it cannot be read.
    static func detail(_ payload: [UInt8]) -> DetailRecord {
        let detail = try? JSONDecoder().decode(DetailRecord.self, from: Data(payload))
        return detail ?? DetailRecord()
    }

    private static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy =
            .convertToString(positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
        guard let bytes = try? encoder.encode(value) else {
            preconditionFailure("a message of our own types that is no JSON: \(type(of: value))")
        }
        return Array(bytes) + [0]
    }
}

private struct Call<Parameters: Encodable>: Encodable {
    var method: String
    var parameters: Parameters
    var more: Bool?
}

private struct Reply<Parameters: Encodable>: Encodable {
    var parameters: Parameters
    var continues: Bool?
}

private struct Failure: Encodable {
    var error: String
    var parameters: ErrorParameters
}

private struct ReplyHead: Decodable {
    var error: String?
    var continues: Bool?
}

private struct Holder<Parameters: Decodable>: Decodable {
    var parameters: Parameters?
}

/// The names in an object, whatever their values are.
private struct Names: Decodable {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var names: [String]

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
    }
}

extension DecodingError {
    /// The innermost name that the decoder was at.
    fileprivate var place: String {
        let (path, missing): ([any CodingKey], (any CodingKey)?) =
            switch self {
            case .keyNotFound(let key, let context): (context.codingPath, key)
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                (context.codingPath, nil)
            @unknown default: ([], nil)
            }
        return (missing ?? path.last { $0.intValue == nil })?.stringValue ?? "parameters"
    }
}
