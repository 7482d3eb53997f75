// What can be wrong with a resolved station that somebody else wrote.

extension ResolvedStation {
    /// Why a resolved file is refused. `index` counts from 0 in the list that the case names.
    public enum Flaw: Error, Equatable, Sendable {
        public enum List: String, Sendable {
            case lines, devices, doors, formats, views, readers, members, hours, seasons, dates,
                holidays, guards, services, totals, rights
        }
        public enum Field: String, Sendable {
            case id, name, label, phone, utcOffset, chip, line, debounce, settle, release, open
            case preAlarm, commitWait, lapse, graceDays, format, view, profile, port, link
            case framing, technology, sentinels, keyInterval, family, slot, address
            case timing, point, frame, action, rule, hours, service, rules, rights
            case twoMasters
        }

        /// Written by another version: schemas N and N-1 can be read.
        case schema(found: Int, known: ClosedRange<Int>)
        case tooMany(List, count: Int, limit: Int)
        case empty(List, device: Int)
        case value(Field, index: Int)
        case duplicate(Field, index: Int)
        /// A line names a device or terminal that is not there.
        case strayLine(index: Int)
        case wrongDirection(line: Int)
        case missingTerminal(device: Int, terminal: Int)
        /// A channel belongs to no device, or to one that has another or needs none.
        case strayChannel(index: Int)
        /// A device that speaks on a channel has none.
        case missingChannel(device: Int)
        /// A device's bus is no bus.
        case strayMember(device: Int)
        /// Lines of one request lie on different chips, go different ways or serve two devices.
        case mixedRequest(line: Int)
        /// The data lines of a reader are not in one request: their edges would lose their order.
        case splitReader(device: Int)
        /// A door names a device that is not there, or one of the wrong kind.
        case wrongDevice(door: Int, device: Int)
        case sharedDevice(door: Int, device: Int)
        case preAlarm(door: Int)
        case relockWithoutContact(door: Int)
        /// A maglock whose door does not say that its supply is cut by wire.
        case maglockWithoutEgress(door: Int)

        /// One sentence for the log and the crew: what is wrong and what to do.
        public func text(_ language: Wording.Language) -> String {
            switch language {
            case .chinese: "解析文件有误（\(place)）：请用 stationctl resolve 重新生成。"
            case .english:
                "The resolved file is wrong (\(place)): make it again with stationctl resolve."
            }
        }

        /// The short technical place, the same in every language.
        public var place: String {
            switch self {
            case .schema(let found, let known):
                "schema \(found), known \(known.lowerBound)-\(known.upperBound)"
            case .tooMany(let list, let count, let limit):
                "\(list.rawValue): \(count), at most \(limit)"
            case .empty(let list, let device): "devices[\(device)]: no \(list.rawValue)"
            case .value(let field, let index): "\(field.rawValue) [\(index)]"
            case .duplicate(let field, let index): "duplicate \(field.rawValue) [\(index)]"
            case .strayLine(let index): "lines[\(index)]: no such device or terminal"
            case .wrongDirection(let line): "lines[\(line)]: wrong direction"
            case .missingTerminal(let device, let terminal):
                "devices[\(device)]: terminal \(terminal) has no line"
            case .strayChannel(let index): "channels[\(index)]: no device that needs it"
            case .missingChannel(let device): "devices[\(device)]: no channel"
            case .strayMember(let device): "devices[\(device)]: no such bus"
            case .mixedRequest(let line): "lines[\(line)]: request mixes devices or chips"
            case .splitReader(let device): "devices[\(device)]: d0 and d1 in two requests"
            case .wrongDevice(let door, let device): "doors[\(door)]: device \(device)"
            case .sharedDevice(let door, let device):
                "doors[\(door)]: device \(device) serves another door"
            case .preAlarm(let door): "doors[\(door)]: preAlarm is not before open"
            case .relockWithoutContact(let door): "doors[\(door)]: relock on close, no contact"
            case .maglockWithoutEgress(let door): "doors[\(door)]: maglock, egress not by hardware"
            }
        }
    }
}
