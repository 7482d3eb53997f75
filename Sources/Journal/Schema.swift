// The tables of a journal file, version by version.

/// The file's layout. A file of a later version, or of none that we know, is not ours to write.
enum Schema {
    /// "STND", so that `file` and a puzzled person can tell what this is.
    static let applicationID: Int64 = 0x5354_4E44
    static let version: Int64 = 2
    static let pageSize: Int64 = 4_096

    /// The columns of an entry in the order that readers and verifiers select them.
    static let entryColumns =
        "sequence, epoch, boot, boottime, wall, quality, class, kind, device, key, holder, "
        + "payload, salt, commitment, digest"

    /// Run inside one transaction on an empty file.
    ///
    /// There is no index on `entry`: the rowid is the sequence, and readers follow it. Each index
    /// would cost a page of flash per commit.
    static let create = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- The ids under which entries of this file are known, newest last. A new epoch begins when
        -- the file turns out to have forgotten entries that a hub may have seen.
        CREATE TABLE store(
            epoch INTEGER PRIMARY KEY, id TEXT NOT NULL, first INTEGER NOT NULL,
            created INTEGER NOT NULL, cause TEXT NOT NULL) STRICT;

        -- boottime: nanoseconds of CLOCK_BOOTTIME; wall: milliseconds since 1970, as read.
        -- key, holder and salt are erased together when their retention ends.
        CREATE TABLE entry(
            sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, boot BLOB NOT NULL,
            boottime INTEGER NOT NULL, wall INTEGER NOT NULL, quality INTEGER NOT NULL,
            class INTEGER NOT NULL, kind TEXT NOT NULL, device TEXT, key TEXT, holder TEXT,
            payload TEXT NOT NULL, salt BLOB, commitment BLOB NOT NULL, digest BLOB NOT NULL
        ) STRICT;

        -- What retention or the failure ladder dropped: a range, and the digest it ended with.
        CREATE TABLE tombstone(
            first INTEGER PRIMARY KEY, last INTEGER NOT NULL, class INTEGER NOT NULL,
            reason TEXT NOT NULL, count INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;

        -- Where a boot's clock met the true time: entries of that boot are dated by it.
        CREATE TABLE clock_anchor(
            number INTEGER PRIMARY KEY, boot BLOB NOT NULL, boottime INTEGER NOT NULL,
            wall INTEGER NOT NULL, source TEXT NOT NULL, error INTEGER NOT NULL) STRICT;

        -- The head, signed now and then with the station's identity key.
        CREATE TABLE head_signature(
            sequence INTEGER PRIMARY KEY, digest BLOB NOT NULL, signer TEXT NOT NULL,
            signature BLOB NOT NULL, wall INTEGER NOT NULL) STRICT;

        -- How far each reader of the journal has acknowledged.
        CREATE TABLE cursor(
            reader TEXT PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            wall INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Entries rescued from a file that was set aside, under the store id they had there.
        CREATE TABLE salvaged(
            store TEXT NOT NULL, sequence INTEGER NOT NULL, boot BLOB NOT NULL,
            boottime INTEGER NOT NULL, wall INTEGER NOT NULL, quality INTEGER NOT NULL,
            class INTEGER NOT NULL, kind TEXT NOT NULL, device TEXT, key TEXT, holder TEXT,
            payload TEXT NOT NULL, salt BLOB, commitment BLOB NOT NULL, digest BLOB NOT NULL,
            PRIMARY KEY(store, sequence)) STRICT, WITHOUT ROWID;

        """ + createUsage

    /// From version 1, which had a table of totals that nothing was ever written into.
    static let fromVersion1 = "DROP TABLE usage;\n" + createUsage
}
