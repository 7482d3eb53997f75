// The page about the station: what it is, and what it offers now. Never who uses it.

public import Control

/// A station's services and opening hours at one time.
public struct StationOffer: Sendable {
    public var services: [ServiceRecord]
    public var hours: [HoursRecord]

    public init(services: [ServiceRecord], hours: [HoursRecord]) {
        self.services = services
        self.hours = hours
    }
}

/// A station with what a map shows of it.
struct StationPage: Encodable, Sendable {
    /// A service without its parts.
    struct Service: Encodable, Sendable {
        var name: String
        var kind: String
        var label: TextRecord
        var availability: String
        var reason: String?
        var until: Int64?
        var time: String?
        var paused: Bool
        var hours: String?
        var free: Int
        var all: Int

        init(_ service: ServiceRecord) {
            name = service.name
            kind = service.kind
            label = service.label
            availability = service.availability
            reason = service.reason
            until = service.until
            time = service.time
            paused = service.paused
            hours = service.hours
            free = service.free
            all = service.all
        }
    }

    var station: StationRecord
    /// `nil`: the station is of a version before there were any.
    var offer: StationOffer?

    private enum Name: String, CodingKey { case services, hours }

    func encode(to encoder: any Encoder) throws {
        try station.encode(to: encoder)
        guard let offer else { return }
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(offer.services.map(Service.init), forKey: .services)
        try container.encode(offer.hours, forKey: .hours)
    }
}
