// The method that shows a crew member the next card.

/// Waits for the next card at a reader, or at any. The card is treated as always: a key that may
/// pass passes.
public enum WatchCard: ControlMethod {
    public static let name = MethodName.watchCard

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "wait", "after"]
        public var reader: String?
        /// In milliseconds.
        public var wait: Int?
        /// `next` of the reply before: then no card is missed in between.
        public var after: Int64?

        public init(reader: String? = nil, wait: Int? = nil, after: Int64? = nil) {
            self.reader = reader
            self.wait = wait
            self.after = after
        }
    }

    public struct Reply: Codable, Sendable {
        /// Absent when none came.
        public var card: CardRecord?
        /// What to ask on from.
        public var next: Int64

        public init(card: CardRecord?, next: Int64) {
            self.card = card
            self.next = next
        }
    }
}
