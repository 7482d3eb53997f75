// Who may call what.

import Testing

@testable import Control

@Suite struct `The peer table` {
    let table = PeerTable(ownUser: 990, crewGroups: [27], readerGroups: [991, 992])

    @Test func `knows root and the station's own user as owners`() {
        #expect(table.role(of: Peer(user: 0, groups: [])) == .owner)
        #expect(table.role(of: Peer(user: 990, groups: [])) == .owner)
    }

    @Test func `takes the strongest of a peer's groups`() {
        #expect(table.role(of: Peer(user: 1_000, groups: [100, 992])) == .reader)
        #expect(table.role(of: Peer(user: 1_000, groups: [991, 27])) == .crew)
        #expect(table.role(of: Peer(user: 1_000, groups: [100])) == .stranger)
        #expect(table.role(of: Peer(user: 1_000, groups: [])) == .stranger)
    }

    @Test func `lets a reader read, carry what is signed, and nothing else`() {
        let may = MethodName.allCases.filter { $0.needs <= .reader }
        #expect(
            Set(may) == [
                .getInfo, .getInterfaceDescription, .getStation, .listDevices, .readEntries,
                .getMetrics, .listBoxes, .listUsage, .listServices, .listHours,
                .applyRoster, .runCommand, .getCommand,
            ])
    }

    @Test func `lets a crew tell doors what to do and look after readers`() {
        for method in [
            MethodName.commandDoor, .performAction, .resetGuard, .tellBox, .testReader,
            .resetReader, .installReader, .moveReader, .tellService, .pauseService, .resumeService,
            .changeHours,
        ] {
            #expect(method.needs == .crew)
        }
    }

    @Test func `keeps keys and configuration for owners`() {
        let only = MethodName.allCases.filter { $0.needs == .owner }
        #expect(Set(only) == [.createKey, .installKey, .activate])
    }
}
