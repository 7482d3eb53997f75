// What journals and hubs call what is wrong with a part of a service.

extension ServiceFault {
    public var name: String {
        switch self {
        case .noFlow: "noFlow"
        case .notClosed: "notClosed"
        case .flowsClosed: "flowsClosed"
        case .notOpened: "notOpened"
        case .relayStuck: "relayStuck"
        case .notOff: "notOff"
        case .warm: "warm"
        case .burning: "burning"
        case .broken: "broken"
        case .leftOpen: "leftOpen"
        case .forced: "forced"
        case .restockDue: "restockDue"
        case .overstay: "overstay"
        case .poorWater: "poorWater"
        case .filterDue: "filterDue"
        case .tooCold: "tooCold"
        case .tooWarm: "tooWarm"
        case .lampsFail: "lampsFail"
        case .uncounted: "uncounted"
        case .jammed: "jammed"
        case .notSwitched: "notSwitched"
        case .linkDown: "linkDown"
        case .bellFails: "bellFails"
        }
    }
}
