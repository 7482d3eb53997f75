// The daemon's command line: few options, read without a library.

import Glibc

/// What stationd was asked to do.
struct Options {
    var stateDirectory = "/var/lib/stationd"
    var socket = "/run/stationd/control"
    /// Give every output its safe value and end: no journal, no roster, no socket.
    var makeSafe = false
    /// Record every door as locked and end.
    var resetDoors = false
    /// Write readers' keys in the clear again and end.
    var unsealKeys = false
    /// Numbers of groups whose members may read, and may work at the station.
    var readerGroups: [UInt32] = []
    var crewGroups: [UInt32] = []

    enum Problem: Error {
        case unknown(String)
        case missingValue(String)
        case badValue(String, option: String)
        case help
        case version
    }

    init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--state": stateDirectory = try Self.value(of: option, from: &rest)
            case "--socket": socket = try Self.value(of: option, from: &rest)
            case "--make-safe": makeSafe = true
            case "--reset-doors": resetDoors = true
            case "--unseal-keys": unsealKeys = true
            case "--reader-group": readerGroups.append(try Self.group(of: option, from: &rest))
            case "--crew-group": crewGroups.append(try Self.group(of: option, from: &rest))
            case "--help", "-h": throw .help
            case "--version": throw .version
            default: throw .unknown(option)
            }
        }
    }

    private static func value(
        of option: String, from rest: inout ArraySlice<String>
    ) throws(Problem) -> String {
        guard let value = rest.popFirst(), !value.isEmpty else { throw .missingValue(option) }
        return value
    }

    private static func group(
        of option: String, from rest: inout ArraySlice<String>
    ) throws(Problem) -> UInt32 {
        let text = try value(of: option, from: &rest)
        if let number = UInt32(text) { return number }
        // Only here, before there is a second thread: getgrnam answers from a buffer of its own.
        guard let entry = getgrnam(text) else { throw .badValue(text, option: option) }
        return entry.pointee.gr_gid
    }

    static let usage = """
        用法 usage: stationd [--state DIR] [--socket PATH]
                    [--make-safe | --reset-doors | --unseal-keys]
                    [--reader-group GROUP]... [--crew-group GROUP]... [--version]

          --state DIR           状态目录 journal, roster and key (/var/lib/stationd)
          --socket PATH         控制套接字 where stationctl and the gateway meet us
                                (/run/stationd/control)
          --make-safe           所有输出置安全值后退出 give every output its safe value and end
          --reset-doors         停机后把各门记为锁定 record every door as locked, once
                                stationd has stopped and a person has looked
          --unseal-keys         停机后把读卡器密钥改回明文 write readers' keys in the clear
                                again, with the credential stationd.seal at hand
          --reader-group GROUP  只读组 may read over the socket
          --crew-group GROUP    维护组 may besides do a crew's work: rosters, doors,
                                boxes, guards, readers, the journal's check

        退出码 exit codes: 0 已按要求停止 ended on request; 64 命令行不对 bad command line;
          69 状态目录被另一个 stationd 占用 another stationd has the state directory
             (--make-safe: 有输出没够到 an output was not reached);
          71 缺资源或介质读不出 the system refused something, a restart may help;
          75 要求重启，换用新配置 wants to be started again with another configuration;
          78 配置无效或缺失 no valid configuration
        """
}
