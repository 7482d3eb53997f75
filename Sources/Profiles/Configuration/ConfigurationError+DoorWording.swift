// The catalogue of errors in what a door does besides opening for keys.

import StationCore

extension ConfigurationError.Kind {
    var doorRuleSentence: Sentence? {
        guard case .doorRule(let flaw) = self else { return nil }
        return flaw.sentence
    }
}

extension DoorRuleFlaw {
    fileprivate var sentence: ConfigurationError.Kind.Sentence {
        switch self {
        case .passbackWithoutReaders(let kind):
            kind == .timed
                ? (
                    "防返传要有读卡器，才知道谁进去了。",
                    "Passback needs a reader: else nobody knows who came in."
                )
                : (
                    "防返传 \(kind.rawValue) 要有出门读卡器（readers: {out: […]}），否则没人能“出来”；"
                        + "没有的话写 rule: timed。",
                    "Passback `\(kind.rawValue)` needs a reader outward somewhere in its area "
                        + "(readers: {out: […]}), or nobody ever goes out; without one write "
                        + "rule: timed."
                )
        case .frostWithoutStrike:
            ("frost 只用于电锁（strike）：磁力锁不会冻住。", "`frost` is for strikes: a maglock does not freeze.")
        case .frostWithoutContact:
            (
                "frost 要有门磁：否则看不出门动没动。",
                "`frost` needs a contact: else nobody sees whether the door moved."
            )
        case .frostTooShort:
            (
                "frost 要 release 至少 5s：三次点动要这么久。",
                "`frost` needs a `release` of at least 5s: three pulses take that long."
            )
        case .firstPersonWithoutUnlock:
            (
                "first_person 说的是谁先进门后按时间常开：要先写 unlock。",
                "`first_person` is about hours that unlock the door: write `unlock` as well."
            )
        case .interlockAlone(let name):
            (
                "互锁“\(name)”只有一扇门：至少要两扇。",
                "Only one door has the interlock `\(name)`: it takes two."
            )
        case .interlockUnlocked:
            (
                "互锁的门不能按时间常开（unlock）：别的门会一直打不开。",
                "A door of an interlock cannot stand unlocked by the hours (`unlock`): the others "
                    + "would stay shut all day."
            )
        }
    }
}
