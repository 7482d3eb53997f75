// The parts of our files, by the names that messages call them.

/// A map or list of one of our schemas.
public enum Section: Sendable, Equatable, CaseIterable {
    case stationFile, station, label, ports, port, devices, device, gpio, doors, door, readers
    case journal, policy
    case profile, link, lines, line, driver, format, params, parameter, examples, example,
        expectation
    case frames, frame, check, points, point, report, map, actions, action, arguments, argument
    case outcome, steps, step, write, with, condition, guards, guardRule, forbid, ask

    var chinese: String {
        switch self {
        case .stationFile: "站点文件"
        case .station: "station 一节"
        case .label: "名称"
        case .ports: "ports 一节"
        case .port: "端口"
        case .devices: "设备"
        case .device: "设备"
        case .gpio: "gpio 接线"
        case .doors: "门"
        case .door: "门"
        case .readers: "readers 一项"
        case .journal: "journal 一节"
        case .policy: "policy 一节"
        case .profile: "设备档案"
        case .link: "link 一节"
        case .lines: "lines 一节"
        case .line: "线"
        case .driver: "driver 一节"
        case .format: "formats 一项"
        case .params: "params 一节"
        case .parameter: "参数"
        case .examples: "tests 一节"
        case .example: "实例"
        case .expectation: "gives 一项"
        case .frames: "frames 一节"
        case .frame: "帧"
        case .check: "check 一项"
        case .points: "points 一节"
        case .point: "数据点"
        case .report: "report 一项"
        case .map: "map 一项"
        case .actions: "actions 一节"
        case .action: "动作"
        case .arguments: "args 一节"
        case .argument: "动作参数"
        case .outcome: "outcome 一项"
        case .steps: "do 一节"
        case .step: "步骤"
        case .write: "write 一项"
        case .with: "with 一项"
        case .condition: "条件"
        case .guards: "guards 一节"
        case .guardRule: "保护"
        case .forbid: "forbid 一节"
        case .ask: "ask 一项"
        }
    }

    /// With its article.
    var english: String {
        switch self {
        case .stationFile: "a station file"
        case .station: "`station`"
        case .label: "a name in two languages"
        case .ports: "`ports`"
        case .port: "a port"
        case .devices: "`devices`"
        case .device: "a device"
        case .gpio: "`gpio`"
        case .doors: "`doors`"
        case .door: "a door"
        case .readers: "`readers`"
        case .journal: "`journal`"
        case .policy: "`policy`"
        case .profile: "a profile"
        case .link: "`link`"
        case .lines: "`lines`"
        case .line: "a line"
        case .driver: "`driver`"
        case .format: "an item of `formats`"
        case .params: "`params`"
        case .parameter: "a parameter"
        case .examples: "`tests`"
        case .example: "a worked example"
        case .expectation: "`gives`"
        case .frames: "`frames`"
        case .frame: "a frame"
        case .check: "`check`"
        case .points: "`points`"
        case .point: "a point"
        case .report: "`report`"
        case .map: "`map`"
        case .actions: "`actions`"
        case .action: "an action"
        case .arguments: "`args`"
        case .argument: "an argument"
        case .outcome: "`outcome`"
        case .steps: "`do`"
        case .step: "a step"
        case .write: "`write`"
        case .with: "`with`"
        case .condition: "a condition"
        case .guards: "`guards`"
        case .guardRule: "a guard"
        case .forbid: "`forbid`"
        case .ask: "`ask`"
        }
    }
}
