// A code at a reader: a day pass that is good here and now, or why it is not.

import EventLoop

extension Station {
    /// Decides a scanned code.
    mutating func scanned(_ text: Packet, reader: Int, at now: Instant) {
        misread(.unreadable, 0, reader: reader, at: now)
    }
}
