// The methods that look after one reader.

/// Has a reader play a rhythm.
public enum TestReader: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.testReader

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "rhythm"]
        public var reader: String
        /// comeIn, tryAgain or askSomeone.
        public var rhythm: String

        public init(reader: String, rhythm: String) {
            self.reader = reader
            self.rhythm = rhythm
        }
    }
}

/// Opens a reader's port anew, or asks a reader on a bus from the beginning.
public enum ResetReader: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.resetReader

    public struct Parameters: ControlParameters {
        public static let names = ["reader"]
        public var reader: String
        public init(reader: String) { self.reader = reader }
    }
}

/// Puts a reader on a bus into install mode, or ends it.
public enum InstallReader: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.installReader

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "cancel"]
        public var reader: String
        public var cancel: Bool?

        public init(reader: String, cancel: Bool = false) {
            self.reader = reader
            self.cancel = cancel
        }
    }
}

/// Gives a reader on a bus another address, or another speed.
public enum MoveReader: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.moveReader

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "address", "baud"]
        public var reader: String
        /// 0 to 126.
        public var address: Int
        /// In bits a second.
        public var baud: Int

        public init(reader: String, address: Int, baud: Int) {
            self.reader = reader
            self.address = address
            self.baud = baud
        }
    }
}
