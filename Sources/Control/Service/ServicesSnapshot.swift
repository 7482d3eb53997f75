// Services and hours as the core has them at one instant.

public import StationCore

/// All services, in the order of `ResolvedStation.services`, and all hours, in that of
/// `ResolvedStation.hours`.
public struct ServicesSnapshot: Sendable {
    public struct Service: Sendable {
        public var availability: Availability
        public var pause: ServicePause?
        public var parts: [PartState]

        public init(availability: Availability, pause: ServicePause? = nil, parts: [PartState]) {
            self.availability = availability
            self.pause = pause
            self.parts = parts
        }
    }

    public struct Hours: Sendable {
        public var answer: HoursAnswer
        /// From today on; none while no clock can be believed.
        public var days: [(date: CivilDate, hours: DayHours)]

        public init(answer: HoursAnswer, days: [(date: CivilDate, hours: DayHours)] = []) {
            self.answer = answer
            self.days = days
        }
    }

    public var services: [Service]
    public var hours: [Hours]

    public init(services: [Service], hours: [Hours] = []) {
        self.services = services
        self.hours = hours
    }

    /// What a person decides over a service.
    public enum Word: Equatable, Sendable {
        case tell(PartWord, unit: Int)
        case pause(ServicePause)
        case resume
    }
}
