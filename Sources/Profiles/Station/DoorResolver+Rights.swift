// Templates of rights: every name in one is a door's, a service's or a set of hours' of this file.

import StationCore

extension DoorResolver {
    /// - Precondition: doors and services are resolved.
    mutating func resolveRights() {
        let doors = file.doors.map(\.name.value)
        for rights in file.rights {
            for door in rights.doors ?? [] where !doors.contains(door.value) {
                checker.report(
                    door.place, .unknownReference(.door, name: door.value, known: doors))
            }
            checkServices(of: rights)
            if let hours = rights.hours { _ = place(ofHours: hours) }
            self.rights.append(
                ResolvedRights(
                    name: rights.name.value, doors: rights.doors?.map(\.value),
                    services: rights.services?.map(\.value), hours: rights.hours?.value,
                    quota: checkedQuota(of: rights), role: rights.role.name))
        }
    }

    /// Services that somebody begins with a card; of all others a right would say nothing.
    private var countedServices: [ResolvedService] {
        services.filter { !$0.quotaMeasures.isEmpty }
    }

    private func checkServices(of rights: StationFile.Rights) {
        let known = countedServices.map(\.name)
        for service in rights.services ?? [] where !known.contains(service.value) {
            checker.report(
                service.place, .unknownReference(.service, name: service.value, known: known))
        }
    }

    /// In its one way of being written.
    private func checkedQuota(of rights: StationFile.Rights) -> String {
        guard let text = rights.quota else { return "" }
        guard let quotas = QuotaText.read(text.value) else {
            checker.report(text.place, .badQuota(found: text.value))
            return ""
        }
        for quota in quotas {
            let counted =
                quota.subject.isEmpty
                ? [.uses] : countedServices.first { $0.name == quota.subject }?.quotaMeasures
            guard let counted else {
                checker.report(
                    text.place,
                    .unknownReference(
                        .service, name: quota.subject,
                        known: countedServices.map(\.name) + [QuotaText.doors]))
                continue
            }
            if !counted.contains(quota.measure) {
                checker.report(text.place, .quotaNotCounted(QuotaText.text([quota])))
            }
        }
        return QuotaText.text(quotas)
    }
}
