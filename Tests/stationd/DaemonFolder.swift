// A state directory of a test's own.

import Glibc
import Journal
import Testing

/// Disappears with the last reference, with everything in it.
final class DaemonFolder: Sendable {
    let disk: DiskDirectory

    init() throws {
        var template = Array("/tmp/stationd-daemon-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template), "no temporary directory")
        disk = DiskDirectory(path: String(cString: made))
    }

    deinit { Self.remove(disk.path) }

    func makeFolder(_ name: String) throws {
        try #require(mkdir(disk.path(of: name), 0o700) == 0)
    }

    func link(_ name: String, to target: String) throws {
        try #require(symlink(target, disk.path(of: name)) == 0)
    }

    /// Links are removed, never followed.
    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
            while let item = readdir(folder) {
                let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        _ = Glibc.remove(path)
    }
}
