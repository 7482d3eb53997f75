// From bytes to a tree: bounded in every direction, and telling every error that it can.

/// Builds a tree from libyaml's events without recursion.
///
/// Anchors, aliases, tags and duplicate keys are refused and reported, and the reading goes on; a
/// syntax error or a limit ends it.
struct TreeReader {
    /// A station of 64 doors is 40 KB; a megabyte is no station file.
    static let sizeLimit = 1 << 20
    /// Our schemas nest five deep.
    static let depthLimit = 16
    /// What a megabyte of real configuration cannot reach.
    static let nodeLimit = 50_000

    /// A list or a map whose end has not come yet.
    private struct Frame {
        var place: Place
        var isMap: Bool
        var items: [TreeNode] = []
        var pairs: [TreeNode.Pair] = []
        var seen: [String: Place] = [:]
        var pending = Pending.key
    }

    /// What the next node of a map is.
    private enum Pending {
        case key
        case value(of: String, at: Place)
        /// The value of a key that was refused.
        case ignored
    }

    private let checker: Checker
    private var frames: [Frame] = []
    private var nodes = 0
    private var root: TreeNode?

    private init(_ checker: Checker) { self.checker = checker }

    /// - Returns: the tree, or `nil` when there is none to go on with; the reason was reported.
    static func read(_ bytes: [UInt8], _ checker: Checker) -> TreeNode? {
        guard bytes.count <= sizeLimit else {
            checker.report(.start, .tooLarge(limitBytes: sizeLimit))
            return nil
        }
        if let (place, kind) = TextFlaw.first(in: bytes) {
            checker.report(place, kind)
            return nil
        }
        var reader = TreeReader(checker)
        return reader.run(EventStream(bytes))
    }

    private mutating func run(_ events: EventStream) -> TreeNode? {
        var documents = 0
        while true {
            let event = events.next()
            switch event.kind {
            case .failed(let problem):
                // libyaml reads ahead and has a limit of its own, far above ours.
                let isDepth = problem.hasPrefix("Maximum nesting level")
                checker.report(
                    event.place,
                    isDepth
                        ? .tooDeep(limit: Self.depthLimit) : .syntax(problem, began: event.began))
                return nil
            case .streamEnded:
                guard documents > 0 else {
                    checker.report(.start, .empty)
                    return nil
                }
                return root
            case .documentBegan:
                documents += 1
                guard documents == 1 else {
                    checker.report(event.place, .secondDocument)
                    return root
                }
            case .streamBegan, .documentEnded:
                break
            default:
                guard take(event) else { return nil }
            }
        }
    }

    /// - Returns: false when a limit was reached.
    private mutating func take(_ event: TreeEvent) -> Bool {
        nodes += 1
        guard nodes <= Self.nodeLimit else {
            checker.report(event.place, .tooManyNodes(limit: Self.nodeLimit))
            return false
        }
        if event.hasAnchor { checker.report(event.place, .anchor) }
        if event.hasTag { checker.report(event.place, .tag) }
        switch event.kind {
        case .scalar(let text, let quoted):
            add(TreeNode(content: .scalar(text, quoted: quoted), place: event.place))
        case .alias:
            checker.report(event.place, .alias)
            add(TreeNode(content: .refused, place: event.place))
        case .listBegan: frames.append(Frame(place: event.place, isMap: false))
        case .mapBegan: frames.append(Frame(place: event.place, isMap: true))
        case .listEnded, .mapEnded: close()
        case .documentBegan, .documentEnded, .streamBegan, .streamEnded, .failed: break
        }
        guard frames.count <= Self.depthLimit else {
            checker.report(event.place, .tooDeep(limit: Self.depthLimit))
            return false
        }
        return true
    }

    private mutating func close() {
        guard let frame = frames.popLast() else { return }
        add(
            TreeNode(
                content: frame.isMap ? .map(frame.pairs) : .list(frame.items), place: frame.place))
    }

    private mutating func add(_ node: TreeNode) {
        // In place: taking a frame out and putting it back would copy its items each time.
        let top = frames.count - 1
        guard top >= 0 else {
            root = node
            return
        }
        guard frames[top].isMap else {
            frames[top].items.append(node)
            return
        }
        switch frames[top].pending {
        case .key: frames[top].pending = key(node, in: top)
        case .ignored: frames[top].pending = .key
        case .value(let key, let place):
            frames[top].pairs.append(TreeNode.Pair(key: key, place: place, value: node))
            frames[top].pending = .key
        }
    }

    private mutating func key(_ node: TreeNode, in top: Int) -> Pending {
        guard case .scalar(let text, _) = node.content else {
            if case .refused = node.content { return .ignored }
            checker.report(node.place, .keyNotWord)
            return .ignored
        }
        if let first = frames[top].seen[text] {
            checker.report(node.place, .duplicateKey(text, first: first))
            return .ignored
        }
        frames[top].seen[text] = node.place
        return .value(of: text, at: node.place)
    }
}
