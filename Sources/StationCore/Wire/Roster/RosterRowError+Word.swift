// One stable word for each thing that can be wrong with a row: for programs that read verdicts.

extension RosterRowError {
    /// The word; never changes, words are only added.
    public var word: String {
        switch problem {
        case .fileTooLarge: "fileTooLarge"
        case .tooManyRows: "tooManyRows"
        case .noRows: "noRows"
        case .missingColumn: "missingColumn"
        case .unknownColumn: "unknownColumn"
        case .repeatedColumn: "repeatedColumn"
        case .fields: "fields"
        case .tooLong: "tooLong"
        case .quote: "quote"
        case .encoding: "encoding"
        case .empty: "empty"
        case .notAnIdentifier: "notAnIdentifier"
        case .number: "number"
        case .formNotStated: "formNotStated"
        case .unknownForm: "unknownForm"
        case .date: "date"
        case .fromAfterTo: "fromAfterTo"
        case .state: "state"
        case .role: "role"
        case .answer: "answer"
        case .doorName: "doorName"
        case .unknownDoor: "unknownDoor"
        case .unknownService: "unknownService"
        case .unknownHours: "unknownHours"
        case .quota: "quota"
        case .quotaTwice: "quotaTwice"
        case .notCounted: "notCounted"
        case .contradictsLine: "contradictsLine"
        case .collision: "collision"
        case .tooMany: "tooMany"
        }
    }
}
