// The methods of docs/io.stationd.varlink, between its types and its errors.

extension ControlInterface {
    static let methods = """
        method GetStation() -> (station: Station)

        # With `more`, as many replies as it takes; without, all must fit in one message.
        method ListDevices() -> (devices: []Device)

        # Entries after a cursor, oldest first; from the oldest there is without one. `wait`
        # milliseconds (at most 60,000) for the first entry when there is none. With `more`: what
        # there is, then what comes, for ever. `next` is the cursor to go on from.
        method ReadEntries(after: ?string, limit: ?int, wait: ?int) -> (
          entries: []Entry,
          store: string,
          oldest: int,
          newest: int,
          next: string,
          tombstones: []Tombstone
        )

        # What was used in the days `from` to `to` (2026-11-01, in station time), both included.
        # `by` is day (unless stated; at most 92 days), service (all days together; 1,096) or hour
        # (7). What was not measured has its record too. With `more`, as many replies as it takes.
        method ListUsage(from: string, to: string, by: ?string) -> (
          from: string,
          to: string,
          by: string,
          usage: []Usage
        )

        # Checks the chain from one sequence to another, the whole store by default.
        method VerifyJournal(from: ?int, to: ?int) -> (
          ok: bool,
          checked: int,
          firstBroken: ?int,
          reason: ?string,
          store: string,
          oldest: int,
          newest: int,
          head: string
        )

        # Replaces the roster by the CSV behind the descriptor that comes with this call. Numbers
        # are hashed inside the station. Nothing is applied if a row is refused, unless `partial`;
        # nothing at all if `dry`. Without `more`, verdicts beyond one message are only counted
        # (`unlisted`); refused rows come first.
        method ImportRoster(partial: ?bool, dry: ?bool) -> (
          applied: bool,
          accepted: int,
          refused: int,
          roster: Roster,
          verdicts: []Verdict,
          unlisted: int
        )

        # Puts the signed bundle behind the descriptor that comes with this call in place: a whole
        # roster, or what has changed since the one in force. All of it or nothing. The signature is
        # its authority, whoever brings it.
        method ApplyRoster() -> (roster: Roster)

        # The roster in force and its keys after one key id, at most 256 at a time, with the keys of
        # cards that were enrolled at the door; `enrolled` says how many those are.
        method GetRoster(after: ?string, limit: ?int) -> (
          roster: Roster,
          enrolled: int,
          keys: []Key,
          next: ?string
        )

        # Makes a key for a station that has no hub. Its epoch begins with "local-".
        method CreateKey() -> (epoch: string)

        # Installs the key behind the descriptor that comes with this call.
        method InstallKey() -> (epoch: string)

        # Asks for a card to be enrolled: within a minute a master or a deputy taps at the reader,
        # then the new card. With `holder` and `doors`, or the name of one of the station file's
        # `rights`, it is a new key, good from the day `from` to the day `to` in station time;
        # without them it is another card of a key that is known.
        # `asItIs` takes a number that looks like half a UID, or like one with its check byte, from
        # a reader that does not say what it read. What comes of it are entries (key.enrolment).
        method EnrolCard(
          reader: string,
          key: string,
          holder: ?string,
          doors: ?[]string,
          rights: ?string,
          from: ?string,
          to: ?string,
          asItIs: ?bool
        ) -> ()

        # Ends the enrolment that is pending.
        method CancelEnrolment() -> ()

        # Takes away the cards that were enrolled for a key.
        method WithdrawCards(key: string) -> ()

        # Issues a day pass, good at this station or in a district, and signed by a key that the
        # station makes for this when it has none. `delay` and `hours` are whole hours: until it is
        # good (0), and for how long (24, at most 744). `quota` are uses at one station (1 to 255).
        # Only where there is no hub: a hub's stations get their passes from it.
        method IssuePass(district: ?string, delay: ?int, hours: ?int, quota: ?int) -> (
          pass: string,
          issuer: string
        )

        # With `more`, as many replies as it takes.
        method GetMetrics() -> (metrics: []Metric)

        # Presents a card at a reader of a simulated station: bits as on the wire, such as
        # "0110...".
        method Tap(reader: string, bits: string) -> ()

        # Tells a door something: access (lets one person in), unlock, lock, block, unblock,
        # lockDown, releaseLockDown, resetFire or forgetPassback (who is inside its area is
        # forgotten). The order is written down whatever comes of it, and a mode survives a
        # restart. `mode` is how the door stands from now on. What frees a lock waits for its entry
        # as a key does; `written` says whether it was durable by then. At a strict station what
        # cannot be written down is refused.
        method CommandDoor(door: string, command: string) -> (mode: string, written: bool)

        # Has a device do one of its actions, with its numbers as text. The order is written
        # down whatever comes of it, and what may make an output active waits for its entry as a
        # door's release does; `written` says whether it was durable by then. The reply comes when
        # the action has ended: confirmed (it was seen to be done), accepted (the device said that
        # it would), failed or unknown. NoAnswer with `device`: it takes longer, and its outcome
        # will be an entry.
        method PerformAction(device: string, action: string, arguments: ?[string]string) -> (
          order: int,
          outcome: string,
          written: bool
        )

        # Resets a guard that stands. Refused while its cause holds or is not known, and while what
        # it had done is not confirmed; either is an entry that names the caller. What it cut off
        # stays off. `blind`: the caller has looked at the place, and does without values where none
        # come, as those of a board that was cut off from its power; refused while what it had done
        # is seen to be active. It is an entry of its own (resetBlind).
        method ResetGuard(device: string, guard: string, blind: ?bool) -> ()

        # Every box of every locker. With `more` in as many messages as it takes.
        method ListBoxes() -> (boxes: []Box)

        # Has something done to a box: open (whose it is stays as it is), clear (somebody looked
        # into it and it is empty: it is nobody's, and known), block or unblock. It is written down
        # with the caller's name; opening waits for that entry as a key's does. Whether its door
        # opened is an entry.
        method TellBox(service: string, box: string, order: string) -> ()

        # Waits for the next card at a reader, or at any: for a crew member on site who wants to
        # know what is on a card and what the door makes of it. The card is treated as always.
        # `wait` is in milliseconds, at most 60,000; without a card in that time there is none in
        # the reply. Whoever asks on within ten seconds, with `next` as `after`, misses none. What
        # the door made of a card is what came of it: a grant is told when it was let go. Whoever
        # is shown a holder is written down (access.cardShown).
        method WatchCard(reader: ?string, wait: ?int, after: ?int) -> (card: ?Card, next: int)

        # Has a reader play a rhythm on its light and sound: comeIn (one long), tryAgain (two short)
        # or askSomeone (three short).
        method TestReader(reader: string, rhythm: string) -> ()

        # Opens a reader's port anew; a reader on a bus is asked from the beginning.
        method ResetReader(reader: string) -> ()

        # Install mode for a reader on a bus: within five minutes it is given a key of its own,
        # which it must be ready for, as its manual says. The key is stored before it goes out. What
        # came of it is an entry (reader.serviced). `cancel` ends it before its time.
        method InstallReader(reader: string, cancel: ?bool) -> ()

        # Gives a reader on a bus another address (0 to 126) and speed (bits a second), for good:
        # change the station file as well. What came of it is an entry (reader.serviced).
        method MoveReader(reader: string, address: int, baud: int) -> ()

        # Ends the process in order, so that its supervisor starts it with the configuration in
        # place. `digest` is that configuration's. Refused while a session would be cut, unless
        # `now`.
        method Activate(digest: ?string, now: ?bool) -> (stopping: bool)


        """
}
