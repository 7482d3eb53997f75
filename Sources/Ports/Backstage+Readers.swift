// Readers' keys on their way to the state directory, and why a person's orders are refused.

import Control
public import EventLoop
public import StationCore

extension Backstage {
    /// Has a reader's key kept; the answer comes as a post.
    public func keep(_ request: KeyRequest, into station: inout Station, at now: Instant) {
        let name = station.resolved.devices[Int(request.receipt.reader.index)].name
        guard !desk.clerk.keep(request, of: name) else { return }
        station.kept(false, request.receipt, at: now)
    }

    /// A reader's key is on the medium, or could not be put there.
    func readerKeyKept(
        _ isKept: Bool, _ receipt: KeyReceipt, _ station: inout Station, at now: Instant
    ) {
        station.kept(isKept, receipt, at: now)
        guard isKept else { return }
        // What was damaged in the file was set aside, what was not is in it again.
        readerKeys = isSealing ? .sealed : .plain
        station.suffers(.readerKeysUnusable, false, at: now)
    }

    func reason(of refusal: DoorRefusal) -> ControlReason {
        switch refusal {
        case .mode(let mode): ControlReason(.doorMode, mode.name)
        case .lockMissing: ControlReason(.lockMissing)
        case .duty: ControlReason(.lockDuty)
        case .notRecorded: ControlReason(.notRecorded)
        case .overtaken: ControlReason(.overtaken)
        case .outranked: ControlReason(.outranked)
        case .interlock: ControlReason(.interlock)
        case .fire: ControlReason(.fire)
        }
    }

    func reason(of refusal: ReaderRefusal, _ station: ResolvedStation) -> ControlReason {
        switch refusal {
        case .noReader: ControlReason(.noReader)
        case .noReset: ControlReason(.noReset)
        case .notOnBus: ControlReason(.notOnBus)
        case .offline: ControlReason(.readerOffline)
        case .installing(let other):
            ControlReason(.installing, station.devices[Int(other.index)].name)
        case .secured: ControlReason(.readerSecured)
        case .inTheClear: ControlReason(.readerInTheClear)
        case .impossible: ControlReason(.noSuchPlace)
        case .busy: ControlReason(.readerBusy)
        }
    }
}
