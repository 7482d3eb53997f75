// A YAML document as a tree in which every node knows its place.

/// A scalar, a list or a map with unique keys, as written; no type was guessed yet.
struct TreeNode: Sendable {
    enum Content: Sendable {
        /// The text; `quoted` tells `"on"` from `on`.
        case scalar(String, quoted: Bool)
        case list([TreeNode])
        case map([Pair])
        /// Something that was reported already: readers pass over it in silence.
        case refused
    }

    struct Pair: Sendable {
        var key: String
        var place: Place
        var value: TreeNode
    }

    var content: Content
    var place: Place

    /// What a message calls this node.
    var shape: Shape {
        switch content {
        case .scalar("", quoted: false): .nothing
        case .scalar: .text
        case .list: .list
        case .map: .map
        case .refused: .nothing
        }
    }
}

/// The shapes that a message can name.
public enum Shape: String, Sendable, Equatable {
    case nothing, text, list, map
}
