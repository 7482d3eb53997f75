// Making a token: shown once, kept nowhere.

import ArgumentParser
import Telemetry

struct MakeToken: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token for someone who may read this station. 生成一个令牌。",
        discussion: """
            The token goes to standard output, the line for the token file to standard error:
              station-gateway token hub 2>>tokens >hub-token
            令牌输出到标准输出，令牌文件的一行输出到标准错误。
            """)

    @Argument(help: "Whose it is: a name without spaces. 给谁用（不含空格）。")
    var name: String

    @Option(
        help: "What it is for besides reading: roster. 除读取外还可：roster（送签名名册）。")
    var scope: [Tokens.Scope] = []

    func validate() throws {
        let isPlain =
            !name.isEmpty && name.utf8.count <= 64
            && !name.contains(where: { $0.isWhitespace || $0 == "#" })
        guard isPlain else {
            throw ValidationError("a name without spaces and #, at most 64 bytes / 名称不能含空格和 #")
        }
    }

    func run() {
        let made = Tokens.make(for: name, scopes: scope)
        print(made.token)
        Console.toStandardError(made.line)
    }
}

extension Tokens.Scope: ExpressibleByArgument {}
