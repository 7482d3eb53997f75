// The station daemon: makes outputs safe, then opens doors for the right people.

import Glibc
import Ports
import StationCore

do throws(Options.Problem) {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let code: Int32
    if options.makeSafe {
        code = SafeOutputs.run(options)
    } else if options.resetDoors {
        code = DoorReset.run(options)
    } else if options.unsealKeys {
        code = KeyUnsealing.run(options)
    } else {
        code = Daemon.run(options)
    }
    Console.flush()
    exit(code)
} catch {
    switch error {
    case .help:
        print(Options.usage)
        exit(EX_OK)
    case .version:
        print("stationd \(Release.version)")
        exit(EX_OK)
    case .unknown(let option):
        Console.note("stationd: 未知选项 unknown option \(option)\n\(Options.usage)")
    case .missingValue(let option):
        Console.note("stationd: \(option) 后面要有值 needs a value\n\(Options.usage)")
    case .badValue(let value, let option):
        Console.note("stationd: \(option) \(value): 应为组名或组号 expected a group or its number")
    }
    Console.flush()
    exit(EX_USAGE)
}
