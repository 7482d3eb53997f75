// What is wrong with a service although each of its parts is right.

import StationCore

func serviceTexts(_ flaw: ServiceFlaw) -> (chinese: String, english: String) {
    switch flaw {
    case .ebikeRoom:
        (
            "电动车充电要在防火分隔的专用区：写 fire_separated: true，或改 type: phone。",
            "E-bikes are charged in an area of their own with a fire wall: say "
                + "`fire_separated: true` if it is one, or use `type: phone`."
        )
    case .ebikeSmoke:
        (
            "电动车充电区要有烟感：写 smoke。",
            "An e-bike charging area needs a smoke detector: name it in `smoke`."
        )
    case .order(let low, let high):
        (
            "\(low.rawValue) 不能大于 \(high.rawValue)。",
            "`\(low.rawValue)` may not be more than `\(high.rawValue)`."
        )
    case .noBounds:
        (
            "lowest 和 highest 至少写一个。",
            "Say at least one of `lowest` and `highest`."
        )
    case .oneProbe:
        (
            "要算脱盐率（rejection），滤芯前后都要有探头：tds_in 和 tds_out。",
            "`rejection` needs a probe on either side of the filter: `tds_in` and `tds_out`."
        )
    case .halfBell:
        (
            "铃要能响也能停：switch_on 和 switch_off 都写。",
            "A bell rings and is silent again: say both `switch_on` and `switch_off`."
        )
    case .portion(let most):
        (
            "portion 不能大于动作里写的 ml（\(most)）：每杯都会算作故障。",
            "`portion` may not be more than the \(most) `ml` of its action: every cup would end "
                + "as a fault."
        )
    }
}
