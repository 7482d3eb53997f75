// `stationd --unseal-keys`: readers' keys in the clear again, for a board whose seal is to go.

import Glibc
import Journal
import Ports

/// The way back from sealed keys: by a person, with the seal at hand and the daemon stopped.
enum KeyUnsealing {
    /// - Returns: the exit code.
    static func run(_ options: Options) -> Int32 {
        let directory = DiskDirectory(path: options.stateDirectory)
        do {
            let lock = try StateLock(directory)
            defer { withExtendedLifetime(lock) {} }
            let file = ReaderKeyFile(in: directory, seal: SealCredential.read())
            let wasSealed = try file.unseal()
            Console.note(
                wasSealed
                    ? "stationd: 读卡器密钥不再封印 readers' keys are in the clear from now on"
                    : "stationd: 读卡器密钥本来就没有封印 readers' keys were not sealed")
            return EX_OK
        } catch {
            Console.note("stationd --unseal-keys: \(ReaderKeyFile.name): \(error)")
            return EX_UNAVAILABLE
        }
    }
}
