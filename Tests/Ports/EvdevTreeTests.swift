// Which input devices hang on which USB socket, in a tree as sysfs shows it.

import Glibc
import StationCore
import Testing

@testable import Ports

@Suite struct `The tree of input devices` {
    /// A folder like sysfs with these event devices, each by the place where it hangs.
    private func tree(
        _ places: [(event: String, place: String)], bus: String = "0003\n"
    ) -> EvdevTree {
        var template = Array("/tmp/stationd-input-XXXXXX".utf8CString)
        let root = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
        func make(_ path: String) {
            var folder = ""
            for part in path.split(separator: "/") {
                folder += "/" + part
                mkdir(folder, 0o755)
            }
        }
        make(root + "/class/input")
        for (event, place) in places {
            make(root + "/devices/" + place + "/id")
            let isUSB = place.contains("/usb") || place.contains("virtual")
            let kind = open(root + "/devices/\(place)/id/bustype", O_WRONLY | O_CREAT, 0o644)
            _ = (isUSB ? bus : "0019\n").withCString { write(kind, $0, strlen($0)) }
            close(kind)
            make(root + "/class/input/" + event)
            symlink(root + "/devices/" + place, root + "/class/input/\(event)/device")
        }
        return EvdevTree(sys: root, dev: "/dev")
    }

    /// Raspberry Pi 4: a reader of two interfaces behind the internal hub, a keyboard elsewhere.
    private var board: EvdevTree {
        tree([
            ("event0", "platform/soc/fe00b840.gpio-keys/input/input0"),
            (
                "event4",
                "platform/scb/pcie/usb1/1-1/1-1.3/1-1.3:1.1/0003:FFFF:0035.0002/input/input4"
            ),
            (
                "event11",
                "platform/scb/pcie/usb1/1-1/1-1.3/1-1.3:1.0/0003:FFFF:0035.0001/input/input3"
            ),
            (
                "event2",
                "platform/scb/pcie/usb1/1-1/1-1.4/1-1.4:1.0/0003:046D:C31C.0003/input/input5"
            ),
            ("mouse0", "platform/scb/pcie/usb1/1-1/1-1.3/1-1.3:1.1/input/input9"),
        ])
    }

    @Test func `finds a socket's devices in the order of their interfaces`() {
        let nodes = board.nodes(at: "1-1.3")
        #expect(nodes.map(\.path) == ["/dev/input/event11", "/dev/input/event4"])
        #expect(nodes.allSatisfy { $0.socket == "1-1.3" })
        #expect(board.nodes(at: "1-1.4").map(\.path) == ["/dev/input/event2"])
    }

    @Test func `finds nothing at a hub, at a free socket, or at half a name`() {
        for socket in ["1-1", "1-1.2", "1-1.33", "1-1.", "2-1", "event4"] {
            #expect(board.nodes(at: socket).isEmpty, "\(socket)")
        }
    }

    @Test func `without a socket finds everything on USB and nothing else`() {
        #expect(
            Set(board.nodes(at: "").map(\.path)) == [
                "/dev/input/event11", "/dev/input/event4", "/dev/input/event2",
            ])
    }

    @Test func `goes by what a device says of itself where nobody named a socket`() {
        let virtual = [("event7", "virtual/input/input9")]
        #expect(tree(virtual).nodes(at: "").map(\.path) == ["/dev/input/event7"])
        for bus in ["0005\n", "", "3\n"] {
            #expect(tree(virtual, bus: bus).nodes(at: "").isEmpty, "\(bus)")
        }
    }

    @Test func `may be empty or absent`() {
        #expect(tree([]).nodes(at: "").isEmpty)
        #expect(EvdevTree(sys: "/nowhere", dev: "/dev").nodes(at: "1-1").isEmpty)
        let missing = KeyboardLink(socket: "1-1").opened(
            in: EvdevTree(sys: "/nowhere", dev: "/dev"))
        #expect(missing == .failure(.missing("USB 1-1")))
    }

    @Test func `holds devices that cannot be opened or do not type for none`() {
        // The nodes are there, the device files are not: unplugged this moment.
        let plan = KeyboardLink(socket: "1-1.3")
        var gone = board
        gone.dev = "/nowhere"
        #expect(plan.opened(in: gone) == .failure(.missing("USB 1-1.3")))
    }
}
