// Which release this is, and when it was made: the oldest that any clock can honestly be.

/// The release.
public enum Release {
    public static let version = "0.1.0"
    /// 2026-11-21 00:00 UTC. No clock that shows less is right.
    public static let built = WallTime(seconds: 1_795_219_200)
}
