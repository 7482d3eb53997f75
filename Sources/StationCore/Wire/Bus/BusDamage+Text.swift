// What is wrong with a frame, in words.

extension BusDamage {
    /// Stable: records and `--json` have it.
    public var name: String {
        switch self {
        case .checksum: "checksum"
        case .length: "length"
        case .ending: "ending"
        case .content: "content"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        switch (self, language) {
        case (.checksum, .chinese): "校验不对：检查接线、终端电阻和干扰"
        case (.checksum, .english): "wrong check: look at wires, termination and interference"
        case (.length, .chinese): "长度字节不可能：核对型号和波特率"
        case (.length, .english): "its length cannot be: check model and baud rate"
        case (.ending, .chinese): "帧没有正确结尾：核对型号"
        case (.ending, .english): "the frame does not end as it should: check the model"
        case (.content, .chinese): "内容与所问的不符：核对型号和地址"
        case (.content, .english): "it does not say what was asked for: check model and address"
        }
    }
}
