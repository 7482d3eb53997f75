// Where something stands in a text file.

/// A line and a column, both counted from 1; columns count characters, as editors do.
public struct Place: Comparable, Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The beginning of a file: for what concerns the file as a whole.
    public static let start = Place(line: 1, column: 1)

    public static func < (a: Self, b: Self) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

/// A value and the place where somebody wrote it.
struct Placed<Value: Sendable>: Sendable {
    var value: Value
    var place: Place

    init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }
}
