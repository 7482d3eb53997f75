// An entry in one line, for traces: names, not places.

import EventLoop
public import StationCore

/// Words of an event for a trace; people get sentences elsewhere.
public struct EventText: Sendable {
    private let devices: [String]
    private let doors: [String]

    public init(_ station: ResolvedStation) {
        devices = station.devices.map(\.name)
        doors = station.doors.map(\.name)
    }

    public func device(_ id: DeviceID) -> String {
        Int(id.index) < devices.count ? devices[Int(id.index)] : "device-\(id.index)"
    }

    public func door(_ id: DoorID) -> String {
        Int(id.index) < doors.count ? doors[Int(id.index)] : "door-\(id.index)"
    }

    /// What is particular to the event, after its name.
    public func details(_ event: Event) -> String {
        switch event {
        case .granted(let door, let reader, let view, let note):
            "\(self.door(door)) \(device(reader)) \(view.name) \(note.name)"
        case .passGranted(let door, let reader, let use, let end, let note):
            "\(self.door(door)) \(device(reader)) use \(use) to \(end.milliseconds) \(note.name)"
        case .passWithdrawn(let door, let reader, let use, let withdrawn, _):
            "\(self.door(door)) \(device(reader)) use \(use), \(withdrawn) withdrawn"
        case .denied(let door, let reader, let view, let reason):
            "\(self.door(door)) \(device(reader)) \(view?.name ?? "-") \(reason.name)"
        case .unknownsCounted(let reader, let count), .misreadsCounted(let reader, let count):
            "\(device(reader)) \(count)"
        case .released(let door, let cause, let grant, let latency, let note):
            "\(self.door(door)) \(cause.name) \(grant?.number ?? 0) \(latency.microseconds) us "
                + note.name
        case .rosterReplaced(let version, let keys, let refused):
            "version \(version), \(keys) keys, \(refused) refused"
        case .keyInstalled(let epoch): "\(epoch)"
        case .commanded(let door, let command, let authority):
            "\(self.door(door)) \(command.name) \(authority.name)"
        case .commandRefused(let door, let command, let authority, let reason):
            "\(self.door(door)) \(command.name) \(authority.name) \(reason.name)"
        case .cardShown(let reader, let user): "\(device(reader)) to \(user)"
        case .secured(let door), .opened(let door), .closed(let door), .forced(let door),
            .heldOpenSoon(let door), .heldOpen(let door), .alarmEnded(let door),
            .exitRequested(let door), .grantUnused(let door), .closingVetoed(let door),
            .fireCleared(let door):
            self.door(door)
        case .changesCounted(let door, let count), .exitsCounted(let door, let count),
            .passbackForgotten(let door, let count):
            "\(self.door(door)) \(count)"
        case .modeChanged(let door, let mode, let authority):
            "\(self.door(door)) \(mode.name) \(authority.name)"
        case .faultRaised(let device, let fault), .faultCleared(let device, let fault):
            "\(self.device(device)) \(fault.name)"
        case .readerInsecure(let reader, let flaw): "\(device(reader)) \(flaw.name)"
        case .readerServiced(let reader, let service, let authority):
            "\(device(reader)) \(service.name) \(authority.name)"
        case .enrolment(let reader, let step, _, _, let authority):
            "\(device(reader)) \(step.name) \(authority.name)"
        case .cardsWithdrawn, .cardsConfirmed, .approval, .keyTold: keys(event)
        case .actionOrdered(let device, let action, let number, let authority):
            "\(self.device(device)) action \(action) order \(number) \(authority.name)"
        case .actionEnded(let device, let action, let number, let outcome):
            "\(self.device(device)) action \(action) order \(number) \(outcome.name)"
        case .pointChanged(let device, let point, let value, let quality),
            .pointSampled(let device, let point, let value, let quality):
            "\(self.device(device)) point \(point) \(value?.description ?? "-") \(quality.name)"
        case .totalReset(let device, let point, let value):
            "\(self.device(device)) point \(point) \(value?.description ?? "-")"
        case .guarded(let device, let rule, let step, let authority, let count):
            "\(self.device(device)) guard \(rule) \(step.name) \(authority?.name ?? "-") \(count)"
        case .useBegan, .useEnded, .useRefused, .compartment, .servicePart, .serviceFault,
            .hoursChanged, .commandTaken, .commandEnded, .noticeSet, .noticeEnded:
            use(event)
        case .pointsCounted(let device, let count): "\(self.device(device)) \(count)"
        case .started, .stopped: ""
        case .stationFaultRaised(let fault), .stationFaultCleared(let fault): fault.name
        case .journalWaiting(let isWaiting): isWaiting ? "waits" : "does not wait"
        case .entriesLost(let count): "\(count)"
        case .storeReplaced(let cause): cause.name
        case .readerDiagnosed(let reader, let diagnosis, let bits):
            "\(device(reader)) \(diagnosis.name) \(bits) bits"
        case .edgesLost(let device, let count): "\(self.device(device)) \(count)"
        case .clockChanged(let quality, let step): "\(quality.name) \(step) ms"
        }
    }

    /// What became of a key.
    private func keys(_ event: Event) -> String {
        switch event {
        case .cardsWithdrawn(_, let authority): authority.name
        case .cardsConfirmed(let count, let authority): "\(count) \(authority.name)"
        case .approval(let operation, let step, _, let authority):
            "\(operation.name) \(step.name) \(authority.name)"
        case .keyTold(let word, let count, _, let authority):
            "\(word.name) \(count) \(authority.name)"
        default: ""
        }
    }

    private func words(of note: HoursNote) -> String {
        switch note {
        case .planned: note.name
        case .today(let date, let stretches): "\(note.name) \(date) \(stretches.hours)"
        case .severeWeather(let until): "\(note.name) to \(until.milliseconds)"
        }
    }

    /// What somebody got, or did not get.
    private func use(_ event: Event) -> String {
        switch event {
        case .hoursChanged(let hours, let note, let authority):
            "hours \(hours) \(words(of: note)) \(authority.name)"
        case .commandTaken(let subject, let expires, _): "\(subject.name) \(expires.seconds)"
        case .commandEnded(let outcome): outcome.name
        case .noticeSet(let until, let authority): "until \(until.seconds) \(authority.name)"
        case .noticeEnded(let authority): authority.name
        case .useBegan(let service, let unit, let source):
            "service \(service.index) unit \(unit) \(source.name)"
        case .useEnded(let service, let unit, let source, let end, let seconds, let amount):
            "service \(service.index) unit \(unit) \(source.name) \(end.name) \(seconds) s "
                + "\(amount.value) \(amount.unit.name)\(amount.isEstimated ? " estimated" : "")"
        case .useRefused(let service, let reader, let view, let reason):
            "service \(service.index) \(device(reader)) \(view?.name ?? "-") \(reason.name)"
        case .compartment(let service, let unit, let step, let authority):
            "service \(service.index) unit \(unit) \(step.name) \(authority?.name ?? "-")"
        case .servicePart(let service, let unit, let step, let value, let authority):
            "service \(service.index) unit \(unit) \(step.name) \(value) "
                + "\(authority?.name ?? "-")"
        case .serviceFault(let service, let unit, let fault, let stands):
            "service \(service.index) unit \(unit) \(fault.name) \(stands ? "stands" : "over")"
        default: ""
        }
    }
}
