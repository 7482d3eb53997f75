// What a station says of a door or a box that would not, and of a guard.

import Control

extension Catalogue {
    func orderText(_ error: ControlError) -> String {
        switch error {
        case .noSuchDoor(let door, let doors):
            say("没有门 \(door)，有：", "no door \(door); there are: ")
                + doors.joined(separator: say("、", ", "))
        case .doorRefused(let reason):
            say("这扇门不行：\(text(reason))", "not this door: \(text(reason))")
        case .noSuchDevice(let device, let devices):
            say("没有设备 \(device)，能听命令的有：", "no device \(device); those that can be told: ")
                + devices.joined(separator: say("、", ", "))
        case .noSuchAction(let action, let actions):
            say("没有动作 \(action)，有：", "no action \(action); there are: ")
                + actions.joined(separator: say("、", ", "))
        case .actionRefused(let reason):
            say("这台设备不行：\(text(reason))", "not this device: \(text(reason))")
        case .noSuchGuard(let name, let guards):
            say("没有保护 \(name)，有：", "no guard \(name); there are: ")
                + guards.joined(separator: say("、", ", "))
        case .guardRefused(let reason):
            say("不能复位：\(text(reason))", "not reset: \(text(reason))")
        case .noSuchService(let service, let services):
            say("没有服务 \(service)，有：", "no service \(service); there are: ")
                + services.joined(separator: say("、", ", "))
        case .noSuchBox(let box, let boxes):
            say("没有格口 \(box)，有：", "no box \(box); there are: ")
                + boxes.joined(separator: say("、", ", "))
        case .boxRefused(let reason):
            say("这个格口不行：\(text(reason))", "not this box: \(text(reason))")
        case .noSuchPlace(let place, let places):
            (place.isEmpty
                ? say("要说明哪一处，有：", "say which one; there are: ")
                : say("没有 \(place)，有：", "no \(place); there are: "))
                + places.joined(separator: say("、", ", "))
        case .serviceRefused(let reason):
            say("这项服务不行：\(text(reason))", "not this service: \(text(reason))")
        case .noSuchHours(let hours, let sets):
            sets.isEmpty
                ? say("这座驿站没有写开放时间", "this station has no opening hours")
                : say("没有开放时间 \(hours)，有：", "no hours \(hours); there are: ")
                    + sets.joined(separator: say("、", ", "))
        case .hoursRefused(let reason):
            say("开放时间没有改：\(text(reason))", "hours not changed: \(text(reason))")
        default: commandText(error)
        }
    }
}
