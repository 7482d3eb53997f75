// A bank of lockers on the wall: which doors stand open, and what lies inside.

import EventLoop
import StationCore

/// One box as it is, whatever the station believes.
struct VirtualBox {
    let twin: FrameBox
    /// The point that shows its door.
    let point: String
    /// What that reads as long as the door is closed.
    let closed: Int64
    /// Whose things lie in it, by their key.
    var contents: ShortText?

    var isOpen: Bool { twin[point] != closed }

    /// Somebody shuts it.
    func shut() { if isOpen { twin.change(point, to: closed) } }
}

/// The boxes of one service, and the readers before them.
struct VirtualLockers {
    let service: Int
    let readers: [Int]
    var boxes: [VirtualBox]
    /// Somebody stands before it; the next one waits somewhere else.
    var isTaken = false
    /// How often somebody was there for each box's contents, once nobody comes any more.
    var attempts: [Int]

    var openBoxes: [Int] { boxes.indices.filter { boxes[$0].isOpen } }

    /// Where somebody's things lie.
    func place(of key: ShortText) -> Int? { boxes.firstIndex { $0.contents == key } }

    /// A station's banks, as far as their boards have twins with doors.
    static func banks(of station: ResolvedStation, _ twins: [any ReaderTwin]) -> [VirtualLockers] {
        station.services.enumerated().compactMap { service, settings in
            guard case .lockers(let lockers) = settings.settings else { return nil }
            let boxes = lockers.boxes.compactMap { box -> VirtualBox? in
                guard let device = box.closed.device, let twin = self.twin(of: device, twins),
                    let closed = twin[box.closed.point]
                else { return nil }
                return VirtualBox(twin: twin, point: box.closed.point, closed: closed)
            }
            guard boxes.count == lockers.boxes.count, !settings.readers.isEmpty else { return nil }
            return VirtualLockers(
                service: service, readers: settings.readers, boxes: boxes,
                attempts: Array(repeating: 0, count: boxes.count))
        }
    }

    private static func twin(of device: Int, _ twins: [any ReaderTwin]) -> FrameBox? {
        for case let twin as FieldBusTwin in twins {
            guard let place = twin.devices.firstIndex(of: DeviceID(device)) else { continue }
            return twin.line.boxes[place] as? FrameBox
        }
        return nil
    }
}
