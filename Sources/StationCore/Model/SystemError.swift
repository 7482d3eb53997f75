// The operating system's errors in both languages: what a person meets when a file or socket fails.

/// An error number of Linux (include/uapi/asm-generic/errno-base.h and errno.h).
public struct SystemError: Equatable, Sendable, CustomStringConvertible {
    public let number: Int32

    public init(_ number: Int32) { self.number = number }

    /// The error in words; a number that nobody here expected stays a number.
    public func text(_ language: Wording.Language) -> String {
        let words = Self.words[number] ?? ("系统错误 \(number)", "system error \(number)")
        return language == .chinese ? words.chinese : words.english
    }

    /// Both languages, for logs.
    public var description: String {
        "\(text(.chinese)) \(text(.english)) (errno \(number))"
    }

    /// The English ones are the C library's own.
    private static let words: [Int32: (chinese: String, english: String)] = [
        1: ("操作不被允许", "Operation not permitted"),
        2: ("没有这个文件或目录", "No such file or directory"),
        5: ("读写出错", "Input/output error"),
        6: ("没有这个设备", "No such device or address"),
        11: ("暂时不可用", "Resource temporarily unavailable"),
        12: ("内存不足", "Cannot allocate memory"),
        13: ("权限不够", "Permission denied"),
        16: ("正被占用", "Device or resource busy"),
        17: ("已经存在", "File exists"),
        19: ("没有这个设备", "No such device"),
        20: ("不是目录", "Not a directory"),
        21: ("是一个目录", "Is a directory"),
        22: ("参数无效", "Invalid argument"),
        23: ("系统打开的文件太多", "Too many open files in system"),
        24: ("打开的文件太多", "Too many open files"),
        27: ("文件太大", "File too large"),
        28: ("存储空间已满", "No space left on device"),
        30: ("文件系统只读", "Read-only file system"),
        32: ("对方已断开", "Broken pipe"),
        36: ("路径太长", "File name too long"),
        40: ("链接层次太多", "Too many levels of symbolic links"),
        88: ("不是套接字", "Socket operation on non-socket"),
        97: ("不支持这种地址", "Address family not supported by protocol"),
        98: ("地址已被占用", "Address already in use"),
        99: ("没有这个地址", "Cannot assign requested address"),
        104: ("连接被对方重置", "Connection reset by peer"),
        110: ("连接超时", "Connection timed out"),
        111: ("连接被拒绝", "Connection refused"),
        122: ("配额已用完", "Disk quota exceeded"),
    ]
}
