// Bytes of a 125 kHz reader's serial line and what they mean, by the codec that the station uses.

import Control
import EventLoop
import StationCore

/// A stretch of a line as reads, in order.
struct SerialCardDecoding: Codable, Equatable {
    struct Read: Codable, Equatable {
        var card: CardReport?
        /// Why not: `checksum`, `ending` ...
        var diagnosis: String?
    }

    var framing: String
    var reads: [Read]

    /// Whether there are cards and nothing else.
    var isUnderstood: Bool { !reads.isEmpty && reads.allSatisfy { $0.card != nil } }

    init(_ bytes: [UInt8], framing: EM4100Framing) {
        self.framing = framing.name
        var reader = EM4100Reader(framing)
        let start = Instant(nanoseconds: 0)
        var reads: [Read] = []
        func note(_ read: EM4100Read) {
            switch read {
            case .credential(let credential): reads.append(Read(card: CardReport(credential)))
            case .diagnosed(let diagnosis): reads.append(Read(diagnosis: diagnosis.name))
            }
        }
        for byte in bytes {
            if let read = reader.receive(byte, at: start) { note(read) }
        }
        if let deadline = reader.nextDeadline, let read = reader.expire(at: deadline) { note(read) }
        self.reads = reads
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        reads.flatMap { read in
            read.card?.lines(catalogue)
                ?? [read.diagnosis.flatMap(Self.diagnosis)?.text(catalogue.language) ?? ""]
        }
    }

    /// Why the bytes are not understood.
    var reason: TextRecord {
        guard let diagnosis = reads.compactMap(\.diagnosis).first.flatMap(Self.diagnosis) else {
            return TextRecord(zh: "没有卡", en: "no card in it")
        }
        return TextRecord(zh: diagnosis.text(.chinese), en: diagnosis.text(.english))
    }

    private static func diagnosis(_ name: String) -> EM4100Diagnosis? {
        EM4100Diagnosis.allCases.first { $0.name == name }
    }
}
