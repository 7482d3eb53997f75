// Settles which form belongs to which key, and puts everything in its order.

extension RosterBuilder {
    /// The roster of all rows that were taken.
    ///
    /// Rows whose match form is on keys of different holders are left out, all of them, and listed.
    /// A form on several keys of one holder goes to the strictest of them (lost before blocked
    /// before active), then to the lowest id. A key without any form left is not in the file.
    ///
    /// A million rows are a lot in a small process: everything is let go as soon as it is written.
    public consuming func build() -> Build {
        keyPlaces = KeyPlaces()
        let collisions = settle()
        var isUsed = [Bool](repeating: false, count: keys.count)
        for form in forms { isUsed[Int(form.key)] = true }
        var order: [UInt32] = []
        order.reserveCapacity(isUsed.count { $0 })
        for place in keys.indices where isUsed[place] { order.append(UInt32(place)) }
        order.sort { keys[Int($0)].id.precedes(keys[Int($1)].id) }
        var places = [UInt32](repeating: 0, count: keys.count)
        for (place, key) in order.enumerated() { places[Int(key)] = UInt32(place) }

        var writer = RosterWriter(
            version: version, epoch: epoch, check: check, issuer: issuer)
        let textBytes = order.reduce(0) {
            $0 + keys[Int($1)].id.count + keys[Int($1)].holder.count
        }
        writer.reserve(forms: forms.count, keys: order.count, textBytes: textBytes)
        for form in forms { writer.take(form: form.form, key: places[Int(form.key)]) }
        forms = []
        places = []
        let (ranks, used) = ranks(order)
        for key in order {
            let key = keys[Int(key)]
            writer.take(key: key, rights: ranks[Int(key.rights)])
        }
        for key in order { writer.take(textOf: keys[Int(key)]) }
        keys = []
        return Build(
            file: writer.finished(rights: used), keyCount: order.count,
            collisions: collisions.sorted { $0.lines.lexicographicallyPrecedes($1.lines) })
    }

    /// Numbers the sets of doors that are used, as they first appear among the keys.
    private func ranks(_ order: [UInt32]) -> (ranks: [UInt16], used: [RosterRights]) {
        var ranks = [UInt16](repeating: .max, count: rights.count)
        var used: [RosterRights] = []
        for key in order {
            let place = Int(keys[Int(key)].rights)
            guard ranks[place] == .max else { continue }
            ranks[place] = UInt16(used.count)
            used.append(rights[place])
        }
        return (ranks, used)
    }

    /// Keeps each match form once, in order. Returns the groups that nobody can settle.
    private mutating func settle() -> [RosterCollision] {
        forms.sort { $0.form != $1.form ? $0.form < $1.form : $0.line < $1.line }
        var collisions: [RosterCollision] = []
        var (start, settled) = (0, 0)
        while start < forms.count {
            var end = start + 1
            while end < forms.count, forms[end].form == forms[start].form { end += 1 }
            switch owner(of: forms[start..<end]) {
            case .one(let form):
                forms[settled] = form
                settled += 1
            case .several(let collision): collisions.append(collision)
            }
            start = end
        }
        forms.removeSubrange(settled...)
        return collisions
    }

    private enum Owner {
        case one(Form)
        case several(RosterCollision)
    }

    private func owner(of group: ArraySlice<Form>) -> Owner {
        let first = group[group.startIndex]
        if group.allSatisfy({ $0.key == first.key }) { return .one(first) }
        let holder = keys[Int(first.key)].holder
        let isOnes = group.allSatisfy { keys[Int($0.key)].holder == holder }
        if allowsSharedForms, !holder.isEmpty, isOnes {
            return .one(strictest(group))
        }
        return .several(collision(group))
    }

    private func strictest(_ group: ArraySlice<Form>) -> Form {
        group.dropFirst().reduce(group[group.startIndex]) { best, next in
            let (a, b) = (keys[Int(best.key)], keys[Int(next.key)])
            if a.state != b.state { return a.state.rawValue > b.state.rawValue ? best : next }
            return b.id.precedes(a.id) ? next : best
        }
    }

    private func collision(_ group: ArraySlice<Form>) -> RosterCollision {
        let ids = group.map { keys[Int($0.key)].id }.sorted { $0.precedes($1) }
        let each = ids.indices.filter { $0 == 0 || ids[$0] != ids[$0 - 1] }.map { ids[$0] }
        return RosterCollision(lines: group.map { Int($0.line) }.sorted(), keys: each)
    }
}
