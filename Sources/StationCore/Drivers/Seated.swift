// A driver that stands in room of its own, for those that are fed on a tap's path.

import EventLoop

/// A driver behind a pointer.
///
/// An `any Driver` of more than three words stands in a box, and Swift asks before each change
/// whether anybody else has that box. This one is two words: it is changed where it stands.
/// A copy is the same driver; the station makes none.
struct Seated<Machine: Driver>: Driver, @unchecked Sendable {
    /// Gives the room back with the last of its owners.
    private final class Seat {
        let room: UnsafeMutablePointer<Machine>

        init(_ machine: Machine) {
            room = .allocate(capacity: 1)
            room.initialize(to: machine)
        }

        deinit {
            room.deinitialize(count: 1)
            room.deallocate()
        }
    }

    private let seat: Seat
    private let room: UnsafeMutablePointer<Machine>

    init(_ machine: Machine) {
        seat = Seat(machine)
        room = seat.room
    }

    mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) { room.pointee.handle(input, at: now, into: &outputs) }

    mutating func advance(
        by input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) -> Instant? { room.pointee.advance(by: input, at: now, into: &outputs) }

    mutating func take(_ edges: Span<LineEdge>, into outputs: inout DriverOutputs) -> Int {
        room.pointee.take(edges, into: &outputs)
    }

    mutating func advance(
        by edges: Span<LineEdge>, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        room.pointee.advance(by: edges, into: &outputs)
    }

    mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int { room.pointee.receive(bytes, on: pipe, at: now, into: &outputs) }

    mutating func advance(
        by bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        room.pointee.advance(by: bytes, on: pipe, at: now, into: &outputs)
    }

    mutating func pass(
        _ command: DriverCommand, to member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) { room.pointee.pass(command, to: member, at: now, into: &outputs) }

    mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs
    ) { room.pointee.receive(random: bytes, at: now, into: &outputs) }

    var nextDeadline: Instant? { room.pointee.nextDeadline }
}
