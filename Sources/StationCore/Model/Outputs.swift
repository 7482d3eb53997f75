// What one transition asks its caller to do: a few outputs by value, in order.

/// At most four outputs, stored inline. A machine that needs more is two machines.
public struct Outputs<Element: Sendable>: Sendable {
    public static var capacity: Int { 4 }

    private var slots: InlineArray<4, Element?>
    public private(set) var count: Int

    public init() {
        slots = InlineArray(repeating: nil)
        count = 0
    }

    public init(_ first: Element) {
        self.init()
        append(first)
    }

    public init(_ first: Element, _ second: Element) {
        self.init(first)
        append(second)
    }

    public init(_ first: Element, _ second: Element, _ third: Element) {
        self.init(first, second)
        append(third)
    }

    public init(_ first: Element, _ second: Element, _ third: Element, _ fourth: Element) {
        self.init(first, second, third)
        append(fourth)
    }

    /// - Precondition: fewer than four outputs so far.
    public mutating func append(_ element: Element) {
        precondition(count < Self.capacity, "a transition has at most four outputs")
        slots[count] = element
        count += 1
    }

    /// The output at a place, `nil` past the last one.
    public subscript(index: Int) -> Element? { index < count ? slots[index] : nil }

    /// For outputs that are kept and used again: what was in it stays where it is, unseen.
    public mutating func removeAll() { count = 0 }

    public var isEmpty: Bool { count == 0 }
    public var first: Element? { self[0] }

    /// All outputs as an array: for tests, since it allocates.
    public var all: [Element] { (0..<count).compactMap { slots[$0] } }
}
