// A roster from a hub: judged by its signature first, then put in place whole or not at all.

import CLinux
import Control
import EventLoop
import Journal
import StationCore

extension Clerk {
    /// Reads, judges and applies a signed bundle. The loop gets a roster that is ready.
    func applyRoster(_ file: PassedFile) throws(ControlError) -> CoreAnswer {
        guard let key else { throw .noKey }
        let issuer = try rosterIssuer()
        // What went into it is given back to the system, where other allocations lie between.
        defer { station_trim_memory() }
        let bytes = try contents(of: file, besides: roster?.formCount ?? 0)
        let built = try judged(
            bytes,
            RosterBundle.Circumstances(
                station: station.station.id, issuer: issuer, keys: [key] + keysBefore,
                present: roster, newest: version))
        let made = try decode(built.file)
        Self.tellUnknownHours(of: made)
        try putInPlace(made, built.file, removed: built.removed)
        return .applied(RosterSnapshot(made))
    }

    /// The key of the roster in force, while a newer one waits for its first roster. Once that has
    /// come, taps are asked with the newer key alone.
    private var keysBefore: [StationKey] {
        guard let contents = try? KeyFile.read(in: directory, KeyFile.previousName),
            let previous = contents.key, let roster, roster.isMade(with: previous)
        else { return [] }
        return [previous]
    }

    private func judged(
        _ bytes: [UInt8], _ circumstances: RosterBundle.Circumstances
    ) throws(ControlError) -> (file: [UInt8], removed: [ShortText]) {
        do throws(RosterBundleRefusal) {
            return try RosterBundle.judged(bytes, in: circumstances)
        } catch {
            throw .badRoster(ControlReason(of: error))
        }
    }

    private func rosterIssuer() throws(ControlError) -> RosterIssuer {
        let issuer: RosterIssuer?
        do throws(RosterIssuerFile.Failure) {
            issuer = try RosterIssuerFile.read(in: directory)
        } catch {
            switch error {
            case .malformed: throw .badRoster(ControlReason(.issuerLines))
            case .unreadable(let error): throw .badRoster(ControlReason(.unreadable, error.code))
            }
        }
        guard let issuer else { throw .badRoster(ControlReason(.noIssuer)) }
        return issuer
    }
}

extension ControlReason {
    fileprivate init(of refusal: RosterBundleRefusal) {
        switch refusal {
        case .notABundle: self.init(.notABundle)
        case .noIssuer: self.init(.noIssuer)
        case .signature: self.init(.signature)
        // Cut to what fits a line.
        case .otherStation(let name): self.init(.otherStation, String(name.prefix(64)))
        case .unknownEpoch(let epoch): self.init(.unknownEpoch, epoch)
        case .otherKey(let epoch): self.init(.otherKey, epoch)
        case .rollback(let version, let newest): self.init(.rollback, "\(version), \(newest)")
        case .otherBase(let base, let present): self.init(.otherBase, "\(base), \(present)")
        case .line(let line): self.init(.line, line)
        case .collision(let keys):
            self.init(.collision, keys.prefix(4).map { "\($0)" }.joined(separator: ", "))
        case .noKeys: self.init(.noKeys)
        case .tooMany(let limit): self.init(.tooMany, limit)
        }
    }
}
