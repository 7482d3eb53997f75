// What the JSON parser is never shown.

import Testing

@testable import Control

@Suite struct `The shape of a message` {
    private func check(_ text: String) throws { try checkShape(Array(text.utf8)) }

    @Test(arguments: ["{}", " \t\r\n{}", "{\"a\":[[{}]]}", "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[\"}"])
    func `is good for an object that is not deep`(text: String) throws { try check(text) }

    @Test func `may be as deep as the limit and no deeper`() throws {
        try check("{\"a\":" + String(repeating: "[", count: 15))
        #expect(throws: MessageFlaw.tooDeep(limit: 16)) {
            try check("{\"a\":" + String(repeating: "[", count: 16))
        }
    }

    @Test func `counts no bracket inside a text, escaped quotes and all`() throws {
        let text = "\"\\\"" + String(repeating: "{", count: 40) + "\\\\\""
        try check("{\"a\":" + text + "}")
        #expect(throws: MessageFlaw.tooDeep(limit: 16)) {
            try check("{\"a\":\"\\\\\"" + String(repeating: "{", count: 40))
        }
    }

    @Test(arguments: ["", " ", "[]", "\"{\"", "null", "method"])
    func `is bad for anything but an object`(text: String) {
        #expect(throws: MessageFlaw.notAnObject) { try check(text) }
    }

    @Test func `is bad for bytes that are no text`() {
        #expect(throws: MessageFlaw.notText) { try checkShape([0x7B, 0xFF, 0x7D]) }
    }
}
