// Bytes that are written, read and written again in the same memory.

/// A growing buffer that keeps its memory between uses, so that a steady state allocates nothing.
struct ByteBuffer: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        start = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { start.deallocate() }

    /// Valid until the next append.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// A part of the bytes, valid until the next append.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    mutating func removeAll() { count = 0 }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard let source = more.baseAddress else { return }
        reserve(more.count)
        (start + count).copyMemory(from: source, byteCount: more.count)
        count += more.count
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Text as UTF-8; native strings are copied without a detour.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    mutating func append(bigEndian value: some FixedWidthInteger) {
        var value = value.bigEndian
        withUnsafeBytes(of: &value) { append($0) }
    }

    /// A decimal number, as JSON writes it.
    mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    mutating func append(decimal value: UInt64) {
        reserve(20)
        var rest = value
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = value
        for offset in stride(from: length - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
            start.storeBytes(of: digit, toByteOffset: count + offset, as: UInt8.self)
            rest /= 10
        }
        count += length
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        grown.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = grown
    }
}
