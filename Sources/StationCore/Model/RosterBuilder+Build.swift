// Settles which form belongs to which key, and puts everything in its order.

extension RosterBuilder {
    /// The roster of all rows that were taken.
    ///
    /// Rows whose match form is on keys of different holders are left out, all of them, and listed.
    /// A form on several keys of one holder goes to the strictest of them (lost before blocked
    /// before active), then to the lowest id. A key without any form left is not in the file.
    public func build() -> Build {
        let (settled, collisions) = settle()
        var isUsed = [Bool](repeating: false, count: keys.count)
        for form in settled { isUsed[form.key] = true }
        let order = keys.indices.filter { isUsed[$0] }
            .sorted { keys[$0].row.id.precedes(keys[$1].row.id) }
        var places = [Int](repeating: 0, count: keys.count)
        for (place, key) in order.enumerated() { places[key] = place }

        var writer = RosterWriter(version: version, epoch: epoch, check: check)
        let ranks = writer.take(rights: order.map { rights[keys[$0].rights] })
        for form in settled { writer.take(form: form.form, key: places[form.key]) }
        for (key, rank) in zip(order, ranks) { writer.take(key: keys[key].row, rights: rank) }
        return Build(
            file: writer.finished(), keyCount: order.count,
            collisions: collisions.sorted { $0.lines.lexicographicallyPrecedes($1.lines) })
    }

    /// Each match form once, in order, and the groups that nobody can settle.
    private func settle() -> ([Form], [RosterCollision]) {
        let ordered = forms.sorted { $0.form != $1.form ? $0.form < $1.form : $0.line < $1.line }
        var settled: [Form] = []
        settled.reserveCapacity(ordered.count)
        var collisions: [RosterCollision] = []
        var start = 0
        while start < ordered.count {
            var end = start + 1
            while end < ordered.count, ordered[end].form == ordered[start].form { end += 1 }
            let group = ordered[start..<end]
            let holder = keys[ordered[start].key].row.holder
            if group.allSatisfy({ $0.key == ordered[start].key }) {
                settled.append(ordered[start])
            } else if !holder.isEmpty, group.allSatisfy({ keys[$0.key].row.holder == holder }) {
                settled.append(strictest(group))
            } else {
                collisions.append(collision(group))
            }
            start = end
        }
        return (settled, collisions)
    }

    private func strictest(_ group: ArraySlice<Form>) -> Form {
        group.dropFirst().reduce(group[group.startIndex]) { best, next in
            let (a, b) = (keys[best.key].row, keys[next.key].row)
            if a.state != b.state { return a.state.rawValue > b.state.rawValue ? best : next }
            return b.id.precedes(a.id) ? next : best
        }
    }

    private func collision(_ group: ArraySlice<Form>) -> RosterCollision {
        let ids = group.map { keys[$0.key].row.id }.sorted { $0.precedes($1) }
        let each = ids.indices.filter { $0 == 0 || ids[$0] != ids[$0 - 1] }.map { ids[$0] }
        return RosterCollision(lines: group.map(\.line).sorted(), keys: each)
    }
}
