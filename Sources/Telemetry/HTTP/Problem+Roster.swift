// What a client is told when the station does not take a roster: each reason with its own status.

import Control
import StationCore

extension Problem {
    /// Why a signed roster came to nothing. The station changed nothing then.
    init(ofRoster failure: ControlFailure) {
        switch failure {
        case .refused(.badRoster(let reason)): self.init(reason)
        case .refused(.noDescriptor(let reason)): self.init(.rosterUnreadable, reason)
        case .refused(.noKey):
            self.init(
                .rosterEpoch,
                zh: "驿站还没有密钥。请先在现场安装：stationctl key install FILE。",
                en: "The station has no key yet. Install it on site first: stationctl key install "
                    + "FILE.")
            facts.reason = "noKey"
        default: self.init(failure)
        }
    }

    private init(_ reason: ControlReason) {
        let kind: Kind =
            switch ControlReason.Word(rawValue: reason.word) {
            case .signature: .rosterUnsigned
            case .rollback: .rosterRollback
            case .otherBase: .rosterBase
            case .otherStation: .rosterScope
            case .unknownEpoch, .otherKey: .rosterEpoch
            case .collision, .noKeys, .tooMany: .rosterContent
            case .noIssuer, .issuerLines: .rosterIssuer
            case .noRoom, .notWritten, .damaged: .noRoom
            default: .rosterUnreadable
            }
        self.init(kind, reason)
    }

    /// The station's own sentence, which says what to do.
    private init(_ kind: Kind, _ reason: ControlReason) {
        self.init(
            kind,
            zh: "驿站没有更换名册：\(Self.echo(reason.text(.chinese), limit: 256))。",
            en: "The station's roster has not changed: "
                + "\(Self.echo(reason.text(.english), limit: 256)).")
        facts.reason = Self.echo(reason.word)
    }
}
