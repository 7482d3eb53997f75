// Which action lets go of what another one has switched on.

extension ActionSettings {
    /// Whether it ends what `other` has switched on, both told with these numbers: `other` names
    /// it, it is seen to be done when `other` is seen to be undone, or it writes something else to
    /// the same place, or sends the same frame with another number in it.
    ///
    /// What makes nothing active and is about something else, a lamp or a counter, ends nothing.
    public func letsGo(
        _ own: [ArgumentValue], of other: ActionSettings, _ arguments: [ArgumentValue]
    ) -> Bool {
        guard own.mayMeet(arguments) else { return false }
        if other.renewedUntil == name { return true }
        guard !mayActivate else { return false }
        return undoes(own, other, arguments) || overwrites(own, other, arguments)
    }

    /// The same, and besides: it is named as the end of an action of the same device that does to
    /// the same place what `other` does. A box that times a pulse at a place of its own may be
    /// told to keep it up there, and what ends the keeping ends the pulse.
    ///
    /// - Parameter actions: their device's.
    public func letsGo(
        _ own: [ArgumentValue], of other: ActionSettings, _ arguments: [ArgumentValue],
        among actions: [ActionSettings]
    ) -> Bool {
        guard own.mayMeet(arguments) else { return false }
        if letsGo(own, of: other, arguments) { return true }
        return actions.contains { kept in
            kept.renewedUntil == name
                && kept.steps.contains { mine in
                    other.steps.contains { mine.isAtPlace(of: $0, arguments) }
                }
        }
    }

    /// Whether what shows that it is done shows that the other one is not.
    private func undoes(
        _ own: [ArgumentValue], _ other: ActionSettings, _ arguments: [ArgumentValue]
    ) -> Bool {
        guard let mine = confirmed?.all, let theirs = other.confirmed?.all else { return false }
        return theirs.contains { theirs in
            guard let seen = theirs.sight(arguments) else { return false }
            return mine.contains { mine in
                guard let sight = mine.sight(own), sight.point == seen.point else { return false }
                return mine.relation.implies(sight.value, theirs.relation.opposite, seen.value)
            }
        }
    }

    /// Whether it writes something else to where the other one writes.
    private func overwrites(
        _ own: [ArgumentValue], _ other: ActionSettings, _ arguments: [ArgumentValue]
    ) -> Bool {
        other.steps.contains { theirs in
            steps.contains { mine in
                switch (mine, theirs) {
                case (.write(let table, let at, let values), .write(let other, let to, let others)):
                    guard table == other, let at = at.number(own), at == to.number(arguments) else {
                        return false
                    }
                    return values.map { $0.number(own) } != others.map { $0.number(arguments) }
                case (.set(let terminal, let isActive), .set(let other, let wasActive)):
                    return terminal == other && isActive != wasActive
                case (.send(let frame, let fields), .send(let other, let others)):
                    return frame == other && fields.overwrite(own, others, arguments)
                case (.write, _), (.raw, _), (.send, _), (.wait, _), (.read, _), (.set, _),
                    (.until, _), (.perform, _):
                    return false
                }
            }
        }
    }
}

extension ActionStep {
    /// Whether both write to the same place, told with these numbers.
    fileprivate func isAtPlace(of other: ActionStep, _ arguments: [ArgumentValue]) -> Bool {
        switch (self, other) {
        case (.write(let table, let at, _), .write(let other, let to, _)):
            guard table == other, let at = at.number(arguments) else { return false }
            return at == to.number(arguments)
        case (.set(let terminal, _), .set(let other, _)): return terminal == other
        case (.write, _), (.raw, _), (.send, _), (.wait, _), (.read, _), (.set, _), (.until, _),
            (.perform, _):
            return false
        }
    }
}

extension [FrameArgument] {
    /// The field of a DL/T 645 write that says where it writes.
    private static let place = "item"

    /// Whether a frame with these fields says something else of what one with `others` was about:
    /// one of their numbers alone differs. With two, one of them may say where.
    fileprivate func overwrite(
        _ own: [ArgumentValue], _ others: [FrameArgument], _ arguments: [ArgumentValue]
    ) -> Bool {
        guard count == others.count else { return false }
        var different: String?
        for field in self {
            guard let other = others.first(where: { $0.name == field.name }),
                let mine = field.value.number(own), let theirs = other.value.number(arguments)
            else { return false }
            guard mine != theirs else { continue }
            guard different == nil else { return false }
            different = field.name
        }
        return different.map { $0 != Self.place } ?? false
    }
}

extension Comparison {
    /// The point and value that it looks at now, with these numbers.
    fileprivate func sight(
        _ arguments: [ArgumentValue]
    ) -> (point: String, value: DecimalNumber)? {
        device == nil && riseMilliseconds == nil ? told(with: arguments) : nil
    }
}

extension Comparison.Relation {
    /// What holds whenever this does not.
    fileprivate var opposite: Self {
        switch self {
        case .equal: .unequal
        case .unequal: .equal
        case .less: .atLeast
        case .atMost: .greater
        case .greater: .atMost
        case .atLeast: .less
        }
    }
}

extension Expression {
    fileprivate func number(_ arguments: [ArgumentValue]) -> DecimalNumber? {
        guard let argument else { return plus }
        return arguments.first { $0.name == argument }?.value.multiplied(by: times)?.adding(plus)
    }
}
