// libyaml's events, one at a time, each with its place.
//
// Yams carries libyaml as its module CYaml, and this reads its events rather than Yams' own tree:
// that tree expands aliases before anybody can refuse them, stops at the first duplicate key, and
// recurses as deep as its input says.

internal import CYaml

/// One step through a YAML file.
struct TreeEvent {
    enum Kind {
        case scalar(String, quoted: Bool)
        case listBegan
        case listEnded
        case mapBegan
        case mapEnded
        case alias
        case documentBegan
        case documentEnded
        case streamBegan
        case streamEnded
        /// libyaml's sentence; nothing comes after it.
        case failed(String)
    }

    var kind: Kind
    var place: Place
    /// The node carries an anchor, `&name`.
    var hasAnchor = false
    /// The node carries an explicit tag, `!!str`.
    var hasTag = false
    /// Of a failure: where the list, map or text began that did not end well.
    var began: Place?
}

/// Owns a libyaml parser and the bytes it reads.
final class EventStream {
    // libyaml keeps a pointer to the parser inside the parser, so it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: [UInt8]) {
        bytes = .allocate(capacity: text.count)
        _ = bytes.initialize(from: text)
        parser = .allocate(capacity: 1)
        let made = yaml_parser_initialize(parser)
        precondition(made == 1, "no memory left for a YAML parser")
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// The next event; after `.streamEnded` or `.failed` there is none to ask for.
    func next() -> TreeEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { return failure() }
        defer { yaml_event_delete(&event) }
        let place = Place(event.start_mark)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE
            return TreeEvent(
                kind: .scalar(String(decoding: text, as: UTF8.self), quoted: quoted),
                place: place, hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            return TreeEvent(
                kind: .listBegan, place: place, hasAnchor: list.anchor != nil,
                hasTag: list.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let map = event.data.mapping_start
            return TreeEvent(
                kind: .mapBegan, place: place, hasAnchor: map.anchor != nil,
                hasTag: map.tag != nil)
        case YAML_SEQUENCE_END_EVENT: return TreeEvent(kind: .listEnded, place: place)
        case YAML_MAPPING_END_EVENT: return TreeEvent(kind: .mapEnded, place: place)
        case YAML_ALIAS_EVENT: return TreeEvent(kind: .alias, place: place)
        case YAML_DOCUMENT_START_EVENT: return TreeEvent(kind: .documentBegan, place: place)
        case YAML_DOCUMENT_END_EVENT: return TreeEvent(kind: .documentEnded, place: place)
        case YAML_STREAM_START_EVENT: return TreeEvent(kind: .streamBegan, place: place)
        default: return TreeEvent(kind: .streamEnded, place: place)
        }
    }

    private func failure() -> TreeEvent {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unreadable"
        let began = parser.pointee.context == nil ? nil : Place(parser.pointee.context_mark)
        return TreeEvent(
            kind: .failed(problem), place: Place(parser.pointee.problem_mark), began: began)
    }
}

extension Place {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
