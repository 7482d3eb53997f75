// What a text between two Enters is: by its rhythm, its length, its format.

extension KeyboardReader {
    /// The meaning of everything up to Enter.
    mutating func judgement() -> KeyboardRead {
        let keys = keys
        if eventsLost { return .diagnosed(.eventsLost, keys: keys) }
        if keys > KeyedText.capacity { return .diagnosed(.overflow, keys: keys) }
        if isStrange { return .diagnosed(.strangeKey, keys: keys) }
        if isSlow { return .diagnosed(.typed, keys: keys) }
        if let sentinels = settings.sentinels {
            guard text.count >= 2, text[0] == sentinels.first,
                text[text.count - 1] == sentinels.last
            else { return .diagnosed(.sentinel, keys: keys) }
            text.strip()
        }
        for format in settings.formats where format.length == text.count {
            if let (credential, wiegand) = format.credential(of: text) {
                return .credential(credential, wiegand)
            }
            return settings.takesText ? .text : .diagnosed(.content, keys: keys)
        }
        return settings.takesText ? .text : .diagnosed(.length, keys: keys)
    }
}
