// What a call's parameters ask of the core: checked, and turned into values.

import StationCore

extension ControlService {
    func regular(_ passed: PassedFile?) throws(ControlError) -> PassedFile {
        guard let passed else {
            throw .noDescriptor(ControlReason(.noDescriptor))
        }
        guard passed.isRegularFile else {
            throw .noDescriptor(ControlReason(.notRegular))
        }
        return passed
    }

    func rosterQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let page = try ControlCoder.parameters(GetRoster.Parameters.self, of: message)
        var after: ShortText?
        if let text = page.after {
            guard let key = ShortText(text) else { throw .invalidParameter("after") }
            after = key
        }
        let limit = page.limit ?? ControlLimits.keys
        guard limit >= 0 else { throw .invalidParameter("limit") }
        return .roster(after: after, limit: min(limit, ControlLimits.keys))
    }

    func passQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(IssuePass.Parameters.self, of: message)
        var district: ShortText?
        if let text = wanted.district {
            guard let id = ShortText(text), !id.isEmpty else {
                throw .invalidParameter("district")
            }
            district = id
        }
        let (delay, hours) = (wanted.delay ?? 0, wanted.hours ?? 24)
        guard (0...ControlLimits.passHours).contains(delay) else {
            throw .invalidParameter("delay")
        }
        guard (1...ControlLimits.passHours).contains(hours) else {
            throw .invalidParameter("hours")
        }
        guard let quota = UInt8(exactly: wanted.quota ?? 1), quota > 0 else {
            throw .invalidParameter("quota")
        }
        return .issuePass(
            PassOrder(district: district, delay: delay, hours: hours, quota: quota))
    }

    func tapQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let tap = try ControlCoder.parameters(Tap.Parameters.self, of: message)
        guard info.simulated else { throw .notSimulated }
        let reader = try reader(tap.reader)
        let count = tap.bits.utf8.count
        guard (1...ControlLimits.tapBits).contains(count) else {
            throw .badBits(ControlReason(.bitCount, count))
        }
        guard let bits = UInt128(tap.bits, radix: 2), tap.bits.utf8.first != UInt8(ascii: "+")
        else { throw .badBits(ControlReason(.notBits)) }
        return .tap(
            reader, Credential(technology: .wiegand, bitCount: count, bits: bits))
    }
}
