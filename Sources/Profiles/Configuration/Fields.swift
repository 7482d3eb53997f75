// The keys of one map: what is asked for is known, what is left over is an error.

/// Hands out a map's values by key and remembers which keys the schema knows.
///
/// Ask for every key before the first early return, then call `finish()`: so the schema stands in
/// the code once, and an unknown key is told with the known ones.
struct Fields {
    let section: Section
    let place: Place
    private let checker: Checker
    private var pairs: [TreeNode.Pair]
    private var known: [String] = []

    /// - Returns: `nil` when the node is no map; that was reported.
    init?(_ node: TreeNode, _ section: Section, _ checker: Checker) {
        guard let pairs = checker.pairs(node) else { return nil }
        self.section = section
        self.checker = checker
        self.pairs = pairs
        place = node.place
    }

    /// The value of a key that may be left out.
    mutating func take(_ key: String) -> TreeNode? {
        known.append(key)
        guard let index = pairs.firstIndex(where: { $0.key == key }) else { return nil }
        return pairs.remove(at: index).value
    }

    /// The value of a key that is not offered and has an explanation of its own.
    mutating func takeUntold(_ key: String) -> TreeNode? {
        defer { known.removeLast() }
        return take(key)
    }

    /// The value of a key that must be there.
    mutating func require(_ key: String) -> TreeNode? {
        let node = take(key)
        if node == nil { missing.append(key) }
        return node
    }

    /// Keys that were required and are not there; `finish` reports them.
    private var missing: [String] = []

    /// Everything that nobody asked for, for schemas whose keys depend on another file.
    mutating func takeRest() -> [TreeNode.Pair] {
        defer { pairs = [] }
        return pairs
    }

    /// Reports missing and unknown keys.
    func finish() {
        for pair in pairs {
            checker.report(pair.place, .unknownKey(pair.key, in: section, known: known))
        }
        for key in missing { checker.report(place, .missingKey(key, in: section)) }
    }
}
