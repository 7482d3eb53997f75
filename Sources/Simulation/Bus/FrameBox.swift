// A simulated board that speaks frames of its profile's drawing, and does what it is told.
//
// What a board does is what its profile says may be seen afterwards: an action that is confirmed by
// `door.3 == open` opens door 3 a moment later, and pushes that if the profile knows such a push.

public import EventLoop
public import StationCore

/// A board whose contacts follow its coils.
public final class FrameBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// From the end of a request to the beginning of its answer.
    public var delay = Interval.milliseconds(20)
    /// From being told to the contact: coils and tongues take their time.
    public var settling = Interval.milliseconds(150)
    /// Doors that are stuck: told, and nothing moves.
    public var isStuck = false
    /// What was done, oldest first: the request's name and its fields.
    public private(set) var done: [(at: Instant, request: String, fields: [String: Int64])] = []
    public private(set) var asked = 0
    private let drawing: FrameDrawing
    private let points: [PointSettings]
    private let actions: [ActionSettings]
    /// Raw numbers by the points' places.
    private var raw: [Int64]
    private var agenda = Agenda<(point: Int, raw: Int64)>()
    private var speaks: [[UInt8]] = []

    public init(_ settings: BusDeviceSettings) {
        let language: FrameLanguageSettings
        if case .frames(let own) = settings.language {
            language = own
        } else {
            // Others have boxes of their own.
            language = FrameLanguageSettings(check: nil, frames: [])
        }
        drawing = FrameDrawing(language, address: Int64(settings.address))
        points = settings.points
        actions = settings.actions
        raw = settings.points.map { point in
            // What no action makes of it: a door rests closed.
            let moved = settings.actions.compactMap { Self.target(of: $0, point, nil)?.state }
            let rest = point.meanings.first { !moved.contains(Int64($0.state)) }
            return rest?.raw ?? (point.otherwise.map { Self.number(not: point, state: $0) } ?? 0)
        }
    }

    /// A raw number that means that state, and no other.
    private static func number(not point: PointSettings, state: Int) -> Int64 {
        (0...255).first { number in !point.meanings.contains { $0.raw == number } } ?? 0
    }

    /// A raw number of a point, by its name.
    public subscript(name: String) -> Int64? {
        get { points.firstIndex { $0.name == name }.map { raw[$0] } }
        set {
            guard let place = points.firstIndex(where: { $0.name == name }), let newValue else {
                return
            }
            raw[place] = newValue
        }
    }

    public func put(_ raw: Double, at point: PointSettings) {
        self[point.name] = Int64(raw.rounded())
    }

    public func raw(of point: PointSettings) -> Double? { self[point.name].map(Double.init) }

    /// A contact changes by itself: somebody closes a door.
    public func change(_ name: String, to value: Int64) {
        self[name] = value
        if let place = points.firstIndex(where: { $0.name == name }) { push(place) }
    }

    // MARK: Time

    public var nextDeadline: Instant? {
        guard isConnected else { return nil }
        return speaks.isEmpty ? agenda.next : Instant(nanoseconds: 0)
    }

    public func live(at now: Instant) -> [UInt8]? {
        while let (_, change) = agenda.take(upTo: now) {
            raw[change.point] = change.raw
            push(change.point)
            hooks.done?(now)
        }
        return speaks.isEmpty ? nil : speaks.removeFirst()
    }

    /// Says a change, if the board does such things.
    private func push(_ point: Int) {
        guard case .fields(let places) = points[point].source else { return }
        for place in places {
            guard let frame = drawing.frame(place.frame, role: .push) else { continue }
            var fields: [String: Int64] = [place.field: raw[point]]
            if let selector = place.selector, let index = place.index {
                fields[selector] = Int64(index)
            }
            speaks.append(drawing.write(frame, fields))
        }
    }

    // MARK: The line

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        for frame in drawing.frames where frame.role == .request {
            guard let fields = drawing.read(bytes, as: frame) else { continue }
            asked += 1
            hooks.asked?(now)
            obey(frame.name, fields, at: now)
            guard let name = frame.reply, let reply = drawing.frame(name, role: .reply) else {
                return nil
            }
            let said = drawing.write(reply, self.fields(of: reply, asked: fields))
            return spoil(BoxSpeech(after: delay, bytes: said), unitAt: 1)
        }
        return nil
    }

    /// What an answer says: the request's own fields, and the points that it carries.
    private func fields(of reply: FrameSettings, asked: [String: Int64]) -> [String: Int64] {
        var fields = asked
        for (point, settings) in points.enumerated() {
            guard case .fields(let places) = settings.source else { continue }
            for place in places where place.frame == reply.name {
                if let selector = place.selector {
                    guard asked[selector] == place.index.map({ Int64($0) }) else { continue }
                    fields[place.field] = raw[point]
                } else if let index = place.index {
                    fields["\(place.field).\(index)"] = raw[point]
                } else {
                    fields[place.field] = raw[point]
                }
            }
        }
        return fields
    }

    private func obey(_ request: String, _ fields: [String: Int64], at now: Instant) {
        for action in actions where action.firstFrame == request {
            done.append((now, request, fields))
            guard !isStuck else { continue }
            for (place, point) in points.enumerated() {
                guard let target = Self.target(of: action, point, fields) else { continue }
                agenda.add((place, target.raw), at: now + settling)
            }
        }
    }

    /// What an action makes of a point: the state that confirms it.
    private static func target(
        of action: ActionSettings, _ point: PointSettings, _ fields: [String: Int64]?
    ) -> (state: Int64, raw: Int64)? {
        for comparison in action.confirmed?.all ?? [] where comparison.relation == .equal {
            var name = comparison.point
            if let index = comparison.index {
                guard let number = point.name.split(separator: ".").last.flatMap({ Int64($0) })
                else { continue }
                if let fields, !action.sends(DecimalNumber(number), as: index, in: fields) {
                    continue
                }
                name += ".\(number)"
            }
            guard name == point.name, comparison.value.argument == nil else { continue }
            let state = comparison.value.plus.mantissa
            let raw = point.meanings.first { Int64($0.state) == state }?.raw
            return (state, raw ?? number(not: point, state: Int(state)))
        }
        return nil
    }
}

extension ActionSettings {
    /// Whether an argument with that number makes the fields that were sent.
    fileprivate func sends(
        _ number: DecimalNumber, as argument: String, in fields: [String: Int64]
    ) -> Bool {
        for step in steps {
            guard case .send(_, let sent) = step else { continue }
            for field in sent where field.value.argument == argument {
                let value = number.multiplied(by: field.value.times)?.adding(field.value.plus)
                return fields[field.name].map { DecimalNumber($0) == value } ?? false
            }
        }
        return false
    }

    /// The frame that it begins with.
    var firstFrame: String? {
        for step in steps {
            if case .send(let frame, _) = step { return frame }
        }
        return nil
    }
}
