// A reader's key in a file: 32 hexadecimal digits, readable by its owner alone.

import Control
import Glibc
import StationCore

/// Reads and writes the key that `--scbk-file` names. What is in it is never shown.
enum OSDPKeyFile {
    /// 32 digits, spaces, colons, a line's end.
    static let limit = 128

    /// - Throws: why the file cannot be read, or holds no key that is fit for use.
    static func read(_ path: String, _ output: Output) throws(Problem) -> OSDPKey {
        let descriptor = try InputFile.open(path)
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & 0o077 != 0,
            status.st_mode & S_IFMT == S_IFREG, path != "-"
        {
            output.warn(
                TextRecord(
                    zh: "\(path) 别人也能读：请 chmod 600",
                    en: "others can read \(path): chmod 600"))
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .file(path: path, errno: errno) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw bad(path, .count(count / 2)) }
        // HexInput would say where a wrong character is, and with it a part of the key.
        let digits = bytes[..<count].filter { !" :-_\r\n\t".utf8.contains($0) }
        guard let key = Hex.bytes(digits) else {
            throw .badData(
                TextRecord(
                    zh: "\(path)：应为32个十六进制数字", en: "\(path): expected 32 hexadecimal digits"))
        }
        do {
            return try OSDPKey(key)
        } catch {
            throw bad(path, error)
        }
    }

    /// Writes a key into a new file that its owner alone can read, and waits for the disk.
    ///
    /// - Throws: why it could not be written; then no such file is left.
    static func write(_ key: OSDPKey, _ path: String) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : .file(path: path, errno: errno)
        }
        defer { close(descriptor) }
        let text = Array((HexInput.text(key.revealed).lowercased() + "\n").utf8)
        guard Glibc.write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let number = errno
            unlink(path)
            throw .file(path: path, errno: number)
        }
    }

    private static func bad(_ path: String, _ error: OSDPKeyError) -> Problem {
        .badData(
            TextRecord(
                zh: "\(path)：" + error.text(.chinese), en: "\(path): " + error.text(.english)))
    }
}
