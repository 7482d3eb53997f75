// What goes back to the client, before the server turns it into a response.

import HTTPTypes
import Hummingbird
import NIOCore

/// A status, a media type, bytes.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var type: String
    var headers = HTTPFields()
    var body: [UInt8]

    init(status: HTTPResponse.Status = .ok, type: String, _ body: [UInt8]) {
        self.status = status
        self.type = type
        self.body = body
    }

    /// A value as JSON.
    static func json(_ value: some Encodable) throws(Problem) -> Answer {
        let body = JSONText.encode(value)
        guard body.count <= GatewayLimits.response else { throw .tooLong() }
        return Answer(type: "application/json", body)
    }

    var response: Response {
        var fields = headers
        fields[.contentType] = type
        fields[.contentLength] = String(body.count)
        // Nothing here is true for long, and none of it is for a shared cache.
        if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
        fields[.xContentTypeOptions] = "nosniff"
        return Response(
            status: status, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
