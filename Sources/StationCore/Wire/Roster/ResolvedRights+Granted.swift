// A template's rights as a roster has them: its quota is text.

extension ResolvedRights {
    /// What a card gets by it; `nil`: its quota or role cannot be read.
    public var granted: EnrolledRights? {
        guard let role = KeyRole.allCases.first(where: { $0.name == role }),
            let quotas = try? QuotaText.quotas(quota)
        else { return nil }
        return EnrolledRights(
            doors: doors.map(RosterNames.named) ?? .every,
            terms: RosterTerms(
                services: services.map(RosterNames.named) ?? .every, hours: hours, quotas: quotas),
            role: role)
    }
}

extension ResolvedStation {
    /// The template of that name.
    public func rights(named name: String) -> ResolvedRights? {
        rights?.first { $0.name == name }
    }

    /// The first template that gives these rights; `nil`: none does.
    public func rightsName(of rights: EnrolledRights) -> String? {
        guard let wanted = rights.canonical else { return nil }
        return self.rights?.first { $0.granted?.canonical == wanted }?.name
    }
}
