// Sentences for small displays: each decision has one, and it fits.

import StationCore
import Testing

@Suite struct `A sentence for a small display` {
    private let decisions =
        Denial.allCases.map(\.wording) + [.grantedRoom, .grantedGate, .grantedGrace]

    @Test func `is there for every decision, in both languages`() throws {
        for id in decisions {
            for language in Wording.Language.allCases {
                #expect(Wording.short(id, language)?.isEmpty == false, "\(id) \(language)")
            }
        }
    }

    @Test func `fits sixteen columns, and in English every display`() throws {
        for id in Wording.ID.allCases {
            guard let english = Wording.short(id, .english),
                let chinese = Wording.short(id, .chinese)
            else { continue }
            #expect(english.utf8.count <= Wording.shortColumns, "\(english)")
            #expect(english.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(english)")
            #expect(chinese.unicodeScalars.count * 2 <= Wording.shortColumns, "\(chinese)")
            #expect(OSDPDisplay(chinese, seconds: 6) != nil && OSDPDisplay(english) != nil)
            #expect(!english.contains("{") && !chinese.contains("{"))
            for word in ["拒绝", "非法", "无权"] { #expect(!chinese.contains(word)) }
        }
    }

    /// Whoever stands behind must not see whether a card was lost or blocked.
    @Test func `is the same for lost and blocked cards`() {
        for language in Wording.Language.allCases {
            #expect(Wording.short(.deniedLost, language) == Wording.short(.deniedBlocked, language))
        }
    }
}
