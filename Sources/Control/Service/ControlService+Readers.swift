// What a person may have done to one reader: from names and numbers to an order.

import StationCore

extension ControlService {
    /// - Precondition: `method` is one of a reader's.
    func readerQuery(
        _ method: MethodName, _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        switch method {
        case .testReader:
            let test = try ControlCoder.parameters(TestReader.Parameters.self, of: message)
            guard let rhythm = Rhythm(name: test.rhythm) else { throw .invalidParameter("rhythm") }
            return .reader(try reader(test.reader), .play(rhythm), by: person)
        case .resetReader:
            let reset = try ControlCoder.parameters(ResetReader.Parameters.self, of: message)
            return .reader(try reader(reset.reader), .reset, by: person)
        case .installReader:
            let install = try ControlCoder.parameters(InstallReader.Parameters.self, of: message)
            let isOver = install.cancel ?? false
            return .reader(
                try reader(install.reader), isOver ? .cancelInstall : .install, by: person)
        case .moveReader:
            let move = try ControlCoder.parameters(MoveReader.Parameters.self, of: message)
            guard let address = UInt8(exactly: move.address) else {
                throw .invalidParameter("address")
            }
            guard let baud = UInt32(exactly: move.baud) else { throw .invalidParameter("baud") }
            return .reader(
                try reader(move.reader), .move(address: address, baud: baud), by: person)
        case .getInfo, .getInterfaceDescription, .getStation, .listDevices, .readEntries,
            .listUsage, .verifyJournal, .importRoster, .applyRoster, .getRoster, .createKey,
            .installKey, .issuePass,
            .enrolCard, .cancelEnrolment, .withdrawCards, .tellKey,
            .getMetrics, .tap, .watchCard, .commandDoor, .performAction, .resetGuard, .listBoxes,
            .tellBox, .listServices, .tellService, .pauseService, .resumeService, .listHours,
            .changeHours, .setNotice, .clearNotice, .runCommand, .getCommand, .activate:
            preconditionFailure("a method that looks after no reader")
        }
    }

    /// The reader of that name.
    func reader(_ name: String) throws(ControlError) -> DeviceID {
        guard let reader = info.readers.first(where: { info.deviceName($0) == name }) else {
            throw .noSuchReader(reader: name, readers: info.readers.map(info.deviceName))
        }
        return reader
    }
}
