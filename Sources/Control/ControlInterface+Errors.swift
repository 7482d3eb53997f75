// The errors of docs/io.stationd.varlink, which ends with them.

extension ControlInterface {
    static let errors = """
        # A `reason` is a stable word; what goes with it is its `detail`, where there is something:
        # a count, a limit, a system error's number or a name.

        # The message is not a call: notText, notObject, tooDeep (detail: the limit), notJSON,
        # noMethod or tooLong (the limit in bytes). The connection is closed.
        error BadMessage (reason: string, detail: ?string)

        # The caller may not do this; `needs` is the role that may (reader, crew or owner).
        error NotAllowed (method: string, needs: string)

        # Only a simulated station can do this.
        error NotSimulated ()

        error NoSuchReader (reader: string, readers: []string)

        # bitCount (detail: how many there are) or notBits
        error BadBits (reason: string, detail: ?string)

        # `doors` are those that there are
        error NoSuchDoor (door: string, doors: []string)

        # doorMode (detail: the mode that does not allow it), lockMissing, lockDuty, notRecorded
        # (a strict station whose journal does not write), overtaken (by a later order), outranked
        # (somebody with more say holds it), interlock (another door of it is open) or fire (its
        # input is not quiet)
        error DoorRefused (reason: string, detail: ?string)

        # `devices` are those that can be told something
        error NoSuchDevice (device: string, devices: []string)

        # `actions` are those that there are, with their numbers: open lock=1...12
        error NoSuchAction (action: string, actions: []string)

        # badArgument (detail: what it should be told with), deviceBusy, deviceOffline, notNow
        # (what it needs does not hold), guardStands or notRecorded
        error ActionRefused (reason: string, detail: ?string)

        # `guards` are those that there are
        error NoSuchGuard (guard: string, guards: []string)

        # notTripped, causeHolds, causeUnknown (its values do not come) or notConfirmed (what it had
        # done)
        error GuardRefused (reason: string, detail: ?string)

        # `services` are those that there are
        error NoSuchService (service: string, services: []string)

        # `boxes` are those that there are
        error NoSuchBox (box: string, boxes: []string)

        # notRecorded (a strict station whose journal does not write)
        error BoxRefused (reason: string, detail: ?string)

        # noReader, noReset (it is on lines of the board), notOnBus, readerOffline, installing
        # (detail: the reader that is in install mode), readerSecured, readerInTheClear, noSuchPlace
        # (address or speed), readerBusy
        error ReaderRefused (reason: string, detail: ?string)

        # The call needs one file descriptor beside it, a regular file: noDescriptor, notRegular,
        # unreadable (detail: the errno) or tooLong (the limit in bytes)
        error NoDescriptor (reason: string, detail: ?string)

        # The station has no key, so nothing can be matched: create or install one.
        error NoKey ()

        error KeyExists (epoch: string)

        # keyLines, keyEpoch or keySecret say what is not as in a key's file; notWritten (detail:
        # the errno): it was good and could not be kept
        error BadKey (reason: string, detail: ?string)

        # damaged, noRoom (detail: memory needed and free), or notWritten (detail: the errno); of a
        # signed one notABundle, noIssuer, issuerLines, signature, otherStation, unknownEpoch,
        # otherKey, rollback, otherBase, line, collision, noKeys or tooMany
        error BadRoster (reason: string, detail: ?string)

        # hubIssues (detail: the epoch of the hub's key), longID (detail: the limit), clockUnset,
        # passKeyLines, unreadable or notWritten (detail: the errno)
        error NoPass (reason: string, detail: ?string)

        # pending (detail: the reader at which one is), nonePending, beingKept, noReader,
        # readerOffline, noRoster, unknownKey or knownKey (detail: the key)
        error EnrolmentRefused (reason: string, detail: ?string)

        # No card was enrolled for that key.
        error NoCards (key: string)

        # The cursor names another store, or no place in it.
        error BadCursor (cursor: string, store: string, oldest: int, newest: int)

        # opening or failed
        error JournalUnavailable (state: string)

        # Too much is going on in core, journal, clerk or loop: try again shortly.
        error Busy (what: string)

        # A part of the station did not answer in time.
        error NoAnswer (what: string)

        # A restart now would cut these.
        error SessionsOpen (sessions: []string)

        """
}
