// Worked bytes of a box: what is asked, how that looks on the wire, and what the answer means.

import StationCore

/// One entry of a box's `tests`.
struct BusExample: Sendable, Equatable {
    enum Asked: Sendable, Equatable {
        /// Nobody asked: the box speaks by itself.
        case nothing
        case question(BusQuestion)
        case action(String, arguments: [BusArgument])
    }

    /// What a point says when such an answer has come.
    enum Value: Sendable, Equatable {
        case number(DecimalNumber)
        /// Its place in the point's `states`.
        case state(Int)
        /// The box says that it has no value.
        case absent
        /// The box says something that cannot be.
        case outOfRange
    }

    struct Gift: Sendable, Equatable {
        var point: String
        var value: Value
    }

    enum Outcome: Sendable, Equatable {
        /// Nothing is received.
        case none
        /// An answer of which only its coming counts.
        case done
        case points([Gift])
        /// The box understood and says no.
        case code(Int)
        /// Bytes that are no answer, and why.
        case refused(Refusal)
    }

    /// Why bytes are no answer.
    enum Refusal: String, CaseIterable, Sendable {
        case checksum, length, ending, content, noise, foreign, incomplete
    }

    var address: Int
    /// Parameters that differ from the profile's defaults.
    var parameters: [BoxParameter]
    var asked: Asked
    /// Of each question that goes out, in turn.
    var sent: [[UInt8]]
    var received: [UInt8]
    var outcome: Outcome
}

/// A number that an example tells an action.
struct BusArgument: Sendable, Equatable {
    var name: String
    var value: DecimalNumber
}
