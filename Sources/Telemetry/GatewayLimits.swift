// Every bound of the gateway, with its reason.

import Control
public import NIOCore
import StationCore

/// What one client, and all clients together, may ask of the gateway.
///
/// docs/http-api.md lists them for those who write hubs; a test keeps the two the same.
public enum GatewayLimits {
    // MARK: Connections

    /// Open connections: hubs, scrapers, a page or two, and the pool of a proxy before them.
    /// Beyond it new ones wait in the kernel's queue.
    public static let connections = 64
    /// Connections of one client address, so that one cannot take them all.
    public static let connectionsPerClient = 32
    /// Connections that the kernel keeps waiting.
    public static let backlog = 64
    /// How long a connection may send no whole request, however slowly it sends parts of one.
    public static let idle = TimeAmount.seconds(60)
    /// How long a client may leave a response unread: 1 MiB at 17 kB/s.
    public static let unread = TimeAmount.seconds(60)
    /// How long a client whose request was refused unread may take to read why.
    public static let refusal = TimeAmount.seconds(5)

    // MARK: Requests

    /// Bytes of one header field, and of the request's address: a cursor needs 100.
    public static let headerField = 4_096
    /// Bytes of all header fields.
    public static let headers = 16_384
    /// Number of header fields: browsers send about 20.
    public static let headerCount = 64
    /// Requests a second of one client, sustained: 10,000 entries a second.
    public static let requestsPerSecond = 20.0
    /// Requests at once of one client, after a pause.
    public static let requestBurst = 100.0
    /// Clients whose request rate is remembered; the longest idle one is forgotten first.
    public static let clients = 1_024
    /// Characters of a client's own text that an error repeats.
    public static let echo = 64

    // MARK: Uploads

    /// Bytes of a signed roster: what the station takes of a file, and no more.
    public static let roster = ControlLimits.passedFile
    /// Rosters that arrive or are judged at once: a station takes one after the other.
    public static let uploads = 1
    /// How long a roster may take to arrive: 450 kB/s for the longest.
    public static let upload = TimeAmount.seconds(300)
    /// How long the station may take to judge one and put it in place; it gives itself 120 s.
    public static let judgement = TimeAmount.seconds(130)

    // MARK: Events

    /// Entries in one batch when the client does not say.
    public static let defaultBatch = 100
    /// Entries in one batch at most.
    public static let batch = 500
    /// Seconds that a request may wait for a first entry: proxies cut longer silences.
    public static let wait = 30
    /// Requests that wait at once.
    public static let waits = 32
    /// Bytes of one response.
    public static let response = 1 << 20

    // MARK: The station's socket

    /// Threads that talk to the station: a slow answer must not hold up the next question.
    public static let workers = 2
    /// Questions to the station that are under way or wait for a thread.
    public static let questions = 64
    /// How long the station may take for one reply; it gives itself five seconds.
    public static let answer = TimeAmount.seconds(8)
    /// How long the follower waits for something new before it asks again.
    public static let follow = TimeAmount.seconds(25)
    /// The follower's least pause between two questions: many commits wake waiting requests once.
    public static let followPause = TimeAmount.milliseconds(20)
    /// First and longest pause before a new attempt to reach the station.
    public static let firstRetry = TimeAmount.milliseconds(100)
    public static let lastRetry = TimeAmount.seconds(5)

    // MARK: Commands

    /// Bytes of a hub's command.
    public static let command = SignedCommand.limit

    // MARK: The end

    /// How long requests under way may take to end when the gateway is told to stop.
    public static let stop = TimeAmount.seconds(5)
    /// Tokens in a token file.
    public static let tokens = 64
    /// Bytes of a token file.
    public static let tokenFile = 65_536
    /// Bytes of a token that a client shows: more cannot be one of ours.
    public static let token = 512
}
