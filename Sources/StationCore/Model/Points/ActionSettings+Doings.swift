// What an action has its device do, and whether that may let go of another one's output.

extension ActionSettings {
    /// Whether an order of it may let go of the output of another one of the same device: what
    /// `letsGo` says, and besides what nothing is known of, such as a write that may be for all
    /// coils. Whoever says that all is off must not have it come on again.
    ///
    /// - Parameter actions: their device's.
    public func mayLetGo(
        _ own: [ArgumentValue], of other: ActionSettings, _ arguments: [ArgumentValue],
        among actions: [ActionSettings]
    ) -> Bool {
        guard own.mayMeet(arguments) else { return false }
        if letsGo(own, of: other, arguments) { return true }
        let doings = doings(among: actions)
        guard !mayActivate, !doings.isEmpty else { return false }
        // The end that the other one names shows where its output is as well as itself does.
        let known = [other] + actions.filter { $0.name == other.renewedUntil }
        let seen = known.reduce(into: Set<String>()) {
            $0.formUnion($1.pointsSeen(with: arguments))
        }
        let mine = pointsSeen(with: own)
        if !mine.isEmpty, !seen.isEmpty, mine.isDisjoint(with: seen) { return false }
        // Another register is something else; another coil may be the one for all of them.
        let places = known.flatMap { $0.doings(among: actions) }
        return doings.contains { doing in places.contains { !doing.isApart(from: $0) } }
    }

    /// The lines that it sets, by their terminals.
    ///
    /// - Parameter actions: its device's.
    public func linesSet(among actions: [ActionSettings]) -> [Int] {
        doings(among: actions).compactMap { step in
            if case .set(let terminal, _) = step { terminal } else { nil }
        }
    }

    /// What its steps have the device do, those of the actions within it included.
    private func doings(
        among actions: [ActionSettings], depth: Int = Self.depth
    ) -> [ActionStep] {
        steps.flatMap { step in
            switch step {
            case .write, .raw, .send, .set: return [step]
            case .wait, .read, .until: return []
            case .perform(let name, _):
                guard depth > 0, let inner = actions.first(where: { $0.name == name }) else {
                    return []
                }
                return inner.doings(among: actions, depth: depth - 1)
            }
        }
    }

    /// The points that its outcome is read from.
    private func pointsSeen(with arguments: [ArgumentValue]) -> Set<String> {
        let all = (confirmed?.all ?? []) + (failed?.all ?? [])
        return Set(all.map { $0.told(with: arguments)?.point ?? $0.point })
    }
}

extension ActionStep {
    /// Whether they can have nothing to do with one another.
    fileprivate func isApart(from other: ActionStep) -> Bool {
        switch (self, other) {
        case (.write(let table, _, _), .write(let theirs, _, _)): table != theirs
        case (.set(let terminal, _), .set(let theirs, _)): terminal != theirs
        case (.write, _), (.set, _), (.raw, _), (.send, _), (.wait, _), (.read, _), (.until, _),
            (.perform, _):
            false
        }
    }
}
