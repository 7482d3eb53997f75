// The methods about lockers' boxes: how each stands, and what a person has done to one.

/// Every box of every service.
public enum ListBoxes: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.listBoxes

    public struct Reply: Codable, Sendable {
        public var boxes: [BoxRecord]

        public init(boxes: [BoxRecord]) { self.boxes = boxes }
    }
}

/// Has something done to a box.
public enum TellBox: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.tellBox

    public struct Parameters: ControlParameters {
        public static let names = ["service", "box", "order"]
        public var service: String
        /// What is painted on it.
        public var box: String
        /// `BoxOrder.name`.
        public var order: String

        public init(service: String, box: String, order: String) {
            self.service = service
            self.box = box
            self.order = order
        }
    }
}
