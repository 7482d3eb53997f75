// How large a passed file is, before any of it is kept.

import Control
import Glibc

/// A file's bytes and lines, counted through a small window.
struct ImportSize: Equatable {
    private static let window = 65_536

    var bytes = 0
    var rows = 0

    /// What an import needs at its peak: the file, and what is made of its rows.
    var need: Int { bytes + rows * ImportBudget.perRow }

    /// Blocks for the medium: for the clerk.
    ///
    /// - Throws: `noDescriptor` when it is no regular file, cannot be read, or is longer than a
    ///   passed file may be.
    init(of file: PassedFile) throws(ControlError) {
        guard file.isRegularFile else { throw .noDescriptor(ControlReason(.notRegular)) }
        var portion = [UInt8](repeating: 0, count: Self.window)
        while true {
            let count = pread(file.descriptor, &portion, portion.count, off_t(bytes))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .noDescriptor(ControlReason(.unreadable, errno)) }
            if count == 0 { break }
            bytes += count
            rows += portion[..<count].count { $0 == UInt8(ascii: "\n") }
            guard bytes <= ControlLimits.passedFile else {
                throw .noDescriptor(ControlReason(.tooLong, ControlLimits.passedFile))
            }
        }
        // The last row may have no end.
        rows += 1
    }
}
