// Readers' keys at the start: sealed where there is a seal, handed over, and missed aloud.

import Control
import EventLoop
import Journal
import StationCore

extension Memory {
    /// Seals what lay in the clear, once there is a seal. Nothing that is sealed is overwritten.
    static func settleReaderKeys(_ file: ReaderKeyFile) -> ReaderKeyState {
        do throws(JournalError) {
            if try file.settle() {
                Console.note(
                    "stationd: \(ReaderKeyFile.name): 已封印 sealed from now on; 旧的明文可能还留在卡上 "
                        + "the medium may still hold what was there in the clear")
            }
        } catch {
            Console.note("stationd: \(ReaderKeyFile.name): \(error)")
        }
        guard let contents = try? file.read() else { return .unusable }
        switch contents.isSealed {
        case nil: return .none
        case true?: return .sealed
        case false?: return .plain
        }
    }

    /// Hands over the keys of readers on buses. Without them those readers stay offline.
    func teachReaders(
        _ station: inout Station, from directory: any StateDirectory, at now: Instant
    ) {
        var contents = ReaderKeyFile.Contents()
        var isUsable = true
        do throws(ReaderKeyFile.Failure) {
            contents = try ReaderKeyFile(in: directory, seal: seal).read()
            if !contents.damaged.isEmpty {
                isUsable = false
                let lines = contents.damaged.map { "\($0)" }.joined(separator: ", ")
                Console.note(
                    "stationd: \(ReaderKeyFile.name): 不是密钥的行 lines that are no key: \(lines); "
                        + "其余照用 the others are used")
            }
        } catch {
            isUsable = false
            Console.note("stationd: \(ReaderKeyFile.name): \(error)")
        }
        for (place, device) in station.resolved.devices.enumerated()
        where device.driver.bus != nil {
            guard let known = contents.readers.first(where: { $0.name == device.name }) else {
                continue
            }
            station.learned(known.keys, of: DeviceID(place), at: now)
        }
        station.suffers(.readerKeysUnusable, !isUsable, at: now)
    }
}
