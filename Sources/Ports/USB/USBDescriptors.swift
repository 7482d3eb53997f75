// A device's descriptors as the kernel keeps them: which interface is a card reader, and its pipes.

import StationCore

/// An interface of class 0B (smart card), with what is needed to talk to it.
struct USBCardInterface: Equatable, Sendable {
    /// One end of a pipe.
    struct Endpoint: Equatable, Sendable {
        /// Bit 7 set: towards the host.
        var address: UInt8
        /// The longest packet, in bytes.
        var packet: Int
    }

    var number: UInt8
    var bulkIn: Endpoint
    var bulkOut: Endpoint
    /// Readers may do without.
    var interrupt: Endpoint?
    var descriptor: CCIDClassDescriptor
    /// The same as bytes.
    var classBytes: [UInt8]
}

/// Takes descriptors apart (USB 2.0, 9.6): device, configurations, and what they hold, in a row.
///
/// Every length is a stranger's: nothing is read beyond the bytes, and what makes no sense is no
/// interface.
enum USBDescriptors {
    /// Smart card (USB-IF class codes).
    static let cardClass: UInt8 = 0x0b
    /// More than any device has; the kernel gives at most this.
    static let mostBytes = 65_536

    private enum Kind {
        static let configuration: UInt8 = 2
        static let interface: UInt8 = 4
        static let endpoint: UInt8 = 5
    }

    /// The card interfaces of one configuration (its `bConfigurationValue`), first setting only.
    static func cardInterfaces(
        _ bytes: [UInt8], configuration wanted: UInt8
    ) -> [USBCardInterface] {
        var found: [USBCardInterface] = []
        var draft: Draft?
        var isWanted = false
        var place = 0
        while place + 2 <= bytes.count {
            let length = Int(bytes[place])
            guard length >= 2, place + length <= bytes.count else { break }
            let descriptor = bytes[place..<place + length]
            switch descriptor[place + 1] {
            case Kind.configuration where length >= 9:
                finish(&draft, into: &found)
                isWanted = descriptor[place + 5] == wanted
            case Kind.interface where length >= 9:
                finish(&draft, into: &found)
                if isWanted, descriptor[place + 3] == 0, descriptor[place + 5] == cardClass {
                    draft = Draft(number: descriptor[place + 2])
                }
            case Kind.endpoint where length >= 7:
                draft?.add(descriptor)
            case CCIDClassDescriptor.type:
                draft?.add(class: descriptor)
            default: break
            }
            place += length
        }
        finish(&draft, into: &found)
        return found
    }

    private static func finish(_ draft: inout Draft?, into found: inout [USBCardInterface]) {
        if let interface = draft?.interface { found.append(interface) }
        draft = nil
    }

    /// An interface whose descriptors are still coming; some readers put the class after the pipes.
    private struct Draft {
        var number: UInt8
        var bulkIn: USBCardInterface.Endpoint?
        var bulkOut: USBCardInterface.Endpoint?
        var interrupt: USBCardInterface.Endpoint?
        var `class`: CCIDClassDescriptor?
        var classBytes: [UInt8] = []

        mutating func add(_ endpoint: ArraySlice<UInt8>) {
            let start = endpoint.startIndex
            let size = (Int(endpoint[start + 4]) | Int(endpoint[start + 5]) << 8) & 0x7ff
            guard size > 0 else { return }
            let pipe = USBCardInterface.Endpoint(address: endpoint[start + 2], packet: size)
            switch (endpoint[start + 3] & 3, pipe.address & 0x80 != 0) {
            case (2, true): bulkIn = bulkIn ?? pipe
            case (2, false): bulkOut = bulkOut ?? pipe
            case (3, true): interrupt = interrupt ?? pipe
            default: break
            }
        }

        mutating func add(class descriptor: ArraySlice<UInt8>) {
            guard `class` == nil, let found = try? CCIDClassDescriptor(Array(descriptor)) else {
                return
            }
            `class` = found
            classBytes = Array(descriptor)
        }

        var interface: USBCardInterface? {
            guard let bulkIn, let bulkOut, let `class` else { return nil }
            return USBCardInterface(
                number: number, bulkIn: bulkIn, bulkOut: bulkOut, interrupt: interrupt,
                descriptor: `class`, classBytes: classBytes)
        }
    }
}
