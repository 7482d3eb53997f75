// `extends`: a profile that says only what is different from another.

import StationCore

/// The other profiles of the folder, for those that extend one.
struct ProfileFamily {
    let directory: String
    let known: [String]

    /// Keys of a point that change no number.
    private static let harmless = ["count", "every", "report", "range"]

    /// What is merged under a profile: its own keys win, key by key and map by map; lists and
    /// values are replaced. Places are those of the word after `extends`.
    ///
    /// - Returns: `nil` when there is nothing to extend; it was reported. `proven`: the points that
    ///   the parent's worked bytes give and that the child does not change.
    func merge(
        _ root: TreeNode, _ extends: TreeNode, fileID: String, _ checker: Checker
    ) -> (root: TreeNode, proven: Set<String>)? {
        guard let name = checker.word(extends) else { return nil }
        let others = known.filter { $0 != fileID }
        guard others.contains(name) else {
            checker.report(
                extends.place, .unknownReference(.profile, name: name, known: others))
            return nil
        }
        // Its own mistakes are told where it is read for itself.
        let aside = Checker(file: "\(directory)/\(name).yaml", findings: Findings())
        guard let parent = FileText.read(aside).flatMap({ TreeReader.read($0, aside) }),
            case .map(let pairs) = parent.content
        else {
            checker.report(extends.place, .brokenParent(name))
            return nil
        }
        guard !pairs.contains(where: { $0.key == "extends" }) else {
            checker.report(extends.place, .extendsChain(name))
            return nil
        }
        let profile = ProfileReader(checker: aside).read(parent, fileID: name)
        guard let profile, aside.findings.isClean, profile.box != nil else {
            checker.report(
                extends.place,
                profile?.box == nil && aside.findings.isClean
                    ? .extendsNoBox(name) : .brokenParent(name))
            return nil
        }
        // Worked bytes prove one model; another needs its own.
        let kept = pairs.filter { !["schema", "id", "tests"].contains($0.key) }
        let merged = root.over(
            TreeNode(content: .map(kept), place: parent.place).moved(to: extends.place),
            without: "extends")
        let changed = (root["points"].map { $0.entries } ?? []).filter { point in
            point.value.entries.contains { !Self.harmless.contains($0.key) }
        }
        return (merged, profile.provenPoints.subtracting(changed.map(\.key)))
    }
}

extension DeviceProfile {
    /// The points, counted ones by their family, of which a worked example says a value.
    var provenPoints: Set<String> {
        var names: Set<String> = []
        for case .bus(let example) in examples.map(\.value) {
            guard case .points(let gifts) = example.outcome else { continue }
            for gift in gifts { names.insert(BoxScope.family(of: gift.point)) }
        }
        return names
    }
}

extension TreeNode {
    /// The pairs of a map; none of anything else.
    fileprivate var entries: [Pair] {
        if case .map(let pairs) = content { pairs } else { [] }
    }

    /// The text of a scalar.
    var word: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The value of a key, if it is a map that has it.
    subscript(key: String) -> TreeNode? {
        guard case .map(let pairs) = content else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// The same, said elsewhere.
    func moved(to place: Place) -> TreeNode {
        switch content {
        case .scalar, .refused: TreeNode(content: content, place: place)
        case .list(let items):
            TreeNode(content: .list(items.map { $0.moved(to: place) }), place: place)
        case .map(let pairs):
            TreeNode(
                content: .map(
                    pairs.map {
                        Pair(key: $0.key, place: place, value: $0.value.moved(to: place))
                    }), place: place)
        }
    }

    /// The items of both lists, ours first.
    private func joined(with other: TreeNode) -> TreeNode {
        guard case .list(let mine) = content, case .list(let theirs) = other.content else {
            return self
        }
        return TreeNode(content: .list(mine + theirs), place: place)
    }

    /// Maps are laid over maps; everything else replaces, but for `forbid`.
    func over(_ other: TreeNode, without key: String? = nil) -> TreeNode {
        guard case .map(let mine) = content, case .map(let theirs) = other.content else {
            return self
        }
        var merged = theirs.map { pair in
            var pair = pair
            if let own = mine.first(where: { $0.key == pair.key }) {
                // What a parent forbids, no child allows.
                let value =
                    pair.key == "forbid"
                    ? own.value.joined(with: pair.value) : own.value.over(pair.value)
                pair = Pair(key: pair.key, place: own.place, value: value)
            }
            return pair
        }
        merged += mine.filter { own in !theirs.contains { $0.key == own.key } }
        return TreeNode(content: .map(merged.filter { $0.key != key }), place: place)
    }
}
