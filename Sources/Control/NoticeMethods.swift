// The methods about the notice: a text for everybody to read, until a time.

import StationCore

/// Has something be read at the station. It takes the place of what was there.
public enum SetNotice: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.setNotice

    public struct Parameters: ControlParameters {
        public static let names = ["zh", "en", "until"]
        public var zh: String
        /// `nil`: the Chinese text is read by everybody.
        public var en: String?
        /// In milliseconds since 1970.
        public var until: Int64

        public init(zh: String, en: String? = nil, until: Int64) {
            self.zh = zh
            self.en = en
            self.until = until
        }
    }
}

public enum ClearNotice: ControlMethod {
    public typealias Parameters = NoParameters
    public typealias Reply = Done
    public static let name = MethodName.clearNotice
}

/// What is to be read at the station.
public struct NoticeRecord: Codable, Equatable, Sendable {
    public var text: TextRecord
    /// Milliseconds since 1970.
    public var until: Int64
    /// The same as RFC 3339, in station time.
    public var time: String

    public init(text: TextRecord, until: Int64, time: String) {
        self.text = text
        self.until = until
        self.time = time
    }
}

extension NoticeRecord {
    init(_ notice: Notice, _ info: ServiceInfo) {
        self.init(
            text: TextRecord(zh: notice.chinese, en: notice.english, orBoth: notice.chinese),
            until: notice.until.milliseconds, time: info.time(notice.until.milliseconds))
    }
}
