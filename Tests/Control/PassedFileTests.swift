// A passed file is read whole or refused, and closed with its last owner.

import Glibc
import Testing

@testable import Control

@Suite struct `A passed file` {
    @Test func `is read from its beginning, whatever its position is`() throws {
        let text = String(repeating: "warm key\n", count: 20_000)
        let file = try TestFile.regular(text)
        #expect(try file.contents() == Array(text.utf8))
        #expect(try file.contents() == Array(text.utf8))
    }

    @Test func `is refused when it is longer than it may be`() throws {
        let file = try TestFile.regular("123456")
        #expect(try file.contents(limit: 6).count == 6)
        #expect(throws: ControlError.noDescriptor(ControlReason(.tooLong, 5))) {
            try file.contents(limit: 5)
        }
    }

    @Test func `is refused when it could make a reader wait for ever`() throws {
        let file = try TestFile.pipe()
        #expect(!file.isRegularFile)
        #expect(throws: ControlError.self) { try file.contents() }
    }

    @Test func `is closed when nobody has it any more`() throws {
        var file: PassedFile? = try TestFile.regular("x")
        let descriptor = try #require(file?.descriptor)
        let other = dup(descriptor)
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let inode = status.st_ino
        file = nil
        // The number may have been taken by another test since; never by this file again.
        #expect(fstat(descriptor, &status) != 0 || status.st_ino != inode)
        close(other)
    }
}
