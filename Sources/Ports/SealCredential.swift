// The seal's key as the service manager hands it over: a credential, unsealed by the board.

import Glibc
import Journal

/// Finds `stationd.seal` among the service's credentials (systemd.exec, LoadCredentialEncrypted=).
public enum SealCredential {
    public static let name = "stationd.seal"
    /// 64 digits and a line end are less; anything longer is no key.
    private static let limit = 256

    /// The seal, if there is one. What is there and is none is told, and done without.
    public static func read(
        in folder: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) -> StateSeal? {
        guard let folder else { return nil }
        do throws(JournalError) {
            let content = try DiskDirectory(path: folder).read(name, limit: limit)
            guard var secret = content else { return nil }
            defer { secret.wipe() }
            if let seal = StateSeal(secret: secret) { return seal }
            Console.note(
                "stationd: \(name): 应为32字节或64个十六进制数字 is to be 32 bytes or 64 hexadecimal "
                    + "digits")
        } catch {
            Console.note("stationd: \(name): \(error)")
        }
        return nil
    }
}
