// The method that shows a crew member the next card.

/// Waits for the next card at a reader, or at any. The card is treated as always: a key that may
/// pass passes.
public enum WatchCard: ControlMethod {
    public static let name = MethodName.watchCard

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "wait"]
        public var reader: String?
        /// In milliseconds.
        public var wait: Int?

        public init(reader: String? = nil, wait: Int? = nil) {
            self.reader = reader
            self.wait = wait
        }
    }

    public struct Reply: Codable, Sendable {
        /// Absent when none came.
        public var card: CardRecord?
        public init(card: CardRecord?) { self.card = card }
    }
}
