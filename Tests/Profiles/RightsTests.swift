// Templates of rights: what is read, and what is refused with its place.

import Profiles
import StationCore
import Testing

@Suite struct `Templates of rights in a station file` {
    private static let rights = """
        hours:
          - name: day
            week: "08:00-20:00"
        rights:
          - name: visitor
            doors: [front]
            services: []
            hours: day
            quota: entry 4/d
          - name: helper
            doors: all
            role: deputy
        doors:
        """
    private static let text = StationText.right.replacing("doors:", with: rights)

    @Test func `are read with doors, services, hours, quota and role`() throws {
        let station = try StationText.resolve(Self.text).station
        #expect(
            station.rights == [
                ResolvedRights(
                    name: "visitor", doors: ["front"], services: [], hours: "day",
                    quota: "entry 4/d"),
                ResolvedRights(name: "helper", doors: nil, role: "deputy"),
            ])
        let visitor = try #require(station.rights(named: "visitor")?.granted)
        #expect(visitor.doors == .named(["front"]) && visitor.role == .rider)
        #expect(visitor.terms.quotas == [RosterQuota("", .uses, per: .day, limit: 4)])
        #expect(station.rightsName(of: visitor) == "visitor")
        #expect(station.rightsName(of: EnrolledRights(doors: .every)) == nil)
    }

    @Test func `are the same after a way through the resolved file`() throws {
        let resolution = try StationText.resolve(Self.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
        // A file without any is byte for byte what it was before there were any.
        let plain = try StationText.resolve(StationText.right)
        #expect(!String(decoding: plain.json, as: UTF8.self).contains("rights"))
        #expect(plain.station.rights == nil)
    }

    @Test(arguments: [
        ("doors: [front]", "doors: [back]", "28:13", "back"),
        ("services: []", "services: [soup]", "29:16", "soup"),
        ("hours: day", "hours: night", "30:12", "night"),
        ("quota: entry 4/d", "quota: entry many", "31:12", "entry many"),
        ("quota: entry 4/d", "quota: entry 2L/d", "31:12", "entry 2000mL/d"),
        ("quota: entry 4/d", "quota: soup 4/d", "31:12", "soup"),
        ("name: helper", "name: visitor", "32:11", "visitor"),
        ("doors: all", "doors: every", "33:12", "every"),
        ("role: deputy", "role: boss", "34:11", "boss"),
        ("role: deputy", "duty: deputy", "34:5", "duty"),
    ])
    func `are refused with their place when they name what is not there`(
        _ right: String, _ wrong: String, _ place: String, _ word: String
    ) {
        let errors = StationText.errors(in: Self.text.replacing(right, with: wrong))
        #expect(
            errors.contains { $0.hasPrefix(place + " ") && $0.contains("`\(word)`") }, "\(errors)")
    }
}
