// The text of docs/io.stationd.varlink, but for its errors; a test keeps file and text the same.

extension ControlInterface {
    /// The interface `io.stationd`.
    static let stationText = types + errors

    /// Types and methods.
    private static let types = """
        # The station agent: what a station is, what its devices do, what it wrote down, who may
        # come in.
        #
        # One unix socket, one outstanding call per connection, messages of at most 65,536 bytes.
        # Bytes that are secret or large (a roster, a key) are never in a message: they pass as a
        # file descriptor (SCM_RIGHTS) beside it. Times are milliseconds since 1970-01-01 UTC as
        # the station's clock said; how far that clock can be believed is `quality`: none,
        # restored, holdover or synced. Lists of words in comments may grow; a reader keeps what
        # it does not know.
        interface io.stationd

        # The same in Chinese and in English.
        type Text (
          zh: string,
          en: string
        )

        # The wall clock as the station sees it.
        type Clock (
          # none, restored, holdover or synced
          quality: string,
          # whether dates and hours are judged by it
          trusted: bool,
          # milliseconds since 1970, and the same as RFC 3339 in station time
          wall: int,
          time: string,
          # nanoseconds from CLOCK_MONOTONIC to CLOCK_REALTIME
          wallOffset: int,
          # CLOCK_BOOTTIME in nanoseconds
          bootTime: int,
          # seconds east of UTC
          utcOffset: int,
          # it is certainly not earlier than this, in milliseconds since 1970
          floor: int
        )

        # The roster in force. Without one, version is 0 and digest is empty.
        type Roster (
          version: int,
          keys: int,
          forms: int,
          epoch: string,
          digest: string
        )

        type Door (
          name: string,
          label: Text,
          # locked, unlocked, accessed, blocked, lockedDown or lockedOpen
          mode: string,
          # open, closed or unknown
          physical: string,
          # secured or released
          lock: string,
          # forced, heldOpen, tampered or contactFault
          alarm: ?string,
          shared: bool,
          # how people get out when nothing works: hardware (exit button and fire contact cut the
          # lock's supply by wire), handle (the one inside always opens), or not said
          egress: ?string,
          # somebody is let through, or waits for the journal to be: a restart would cut them off
          inUse: bool
        )

        # The journal, and how fast it commits. Latencies in microseconds.
        type Journal (
          # opening, running, slow, failed or silent (its thread does not answer)
          state: string,
          store: ?string,
          oldestSequence: int,
          lastSequence: int,
          # the chain's head, hexadecimal
          head: ?string,
          # true: the medium is dead, entries are in memory only
          volatile: bool,
          # whether grants wait for their commit
          waited: bool,
          commits: int,
          bytes: int,
          commitMedian: ?int,
          commitP99: ?int,
          commitMax: ?int
        )

        type Fault (
          # missing, busy, lost, frozen, contactFlaky, overrun, linesSwapped, journalSlow,
          # journalFailed, stuck, socketClosed, silent, garbled, wrongModel, insecure,
          # snapshotFailed, rosterUnusable, modesUnknown, tampered, powerLow, clerkStuck,
          # passesUnusable, cardsUnusable, repeating, readerKeysUnusable, refusing
          kind: string,
          # milliseconds since 1970
          since: int,
          time: string,
          # of insecure: noKey, downgraded, refused, clearReply, defaultKeyClaimed, installMode,
          # wrongKey, wrongInitialMAC, macFailures or notInInstallMode
          detail: ?string
        )

        type Station (
          id: string,
          name: Text,
          phone: string,
          version: string,
          # true: a simulator answers, no real door moves
          simulated: bool,
          # digest of the resolved configuration that runs
          configuration: string,
          # one run of the kernel, hexadecimal
          boot: string,
          ready: bool,
          uptimeMilliseconds: int,
          clock: Clock,
          roster: Roster,
          keyEpochs: []string,
          doors: []Door,
          journal: Journal,
          devices: int,
          faultyDevices: []string,
          # what is wrong with the station itself (journalSlow, journalFailed, socketClosed,
          # snapshotFailed, rosterUnusable, modesUnknown, stuck, clerkStuck, passesUnusable,
          # cardsUnusable, readerKeysUnusable); devices tell their own
          faults: []Fault,
          # how the keys of readers on OSDP lines lie on the medium: plain, sealed or unusable; null
          # when there are none
          readerKeys: ?string
        )

        # A value of a device, with how far it can be believed.
        type Point (
          name: string,
          # level, total, state or event
          kind: string,
          # as UCUM writes it: V, W.h, Cel; absent without one
          unit: ?string,
          # a decimal number as text, 225.7; absent when nobody knows it, and of a state
          value: ?string,
          # of a state: its name; absent when nobody knows it
          state: ?string,
          # unread, good, estimated, stale, outOfRange or absent
          quality: string,
          # absent when it was never read
          ageMilliseconds: ?int
        )

        type Device (
          name: string,
          label: Text,
          profile: string,
          # wiegand, lock, contact, button, pn532, em4100, keyboard, ccid, osdp-bus, osdp-reader,
          # field-bus or bus-device
          driver: string,
          # of a reader: the views by which the roster is searched, in order
          views: ?[]string,
          # doors that it serves
          doors: []string,
          # ok or faulty
          state: string,
          faults: []Fault,
          counters: [string]int,
          # what it measures and says; absent without any
          points: ?[]Point
        )

        # What happened, in the journal's words. Which fields are there depends on the entry's kind.
        type Detail (
          # the names that the door, its reader or the device had then
          door: ?string,
          reader: ?string,
          device: ?string,
          # access.granted, access.denied: the card number's rendering that was tried (never the
          # number)
          view: ?string,
          # access.granted: what was overlooked (none, grace, clockUntrusted); door.released:
          # journalSlow when the grant was not durable yet
          note: ?string,
          # access.denied: why, and the id of the sentence for the rider
          reason: ?string,
          wording: ?string,
          # door.released: key, exitButton, fire, schedule or command; station.storeReplaced:
          # corrupt, rewound or renamed
          cause: ?string,
          # door.released by a key or a pass: the sequence of its grant; by a command: of the order
          grant: ?int,
          # door.released: from the credential's last edge, or the order, to the line
          latencyMicroseconds: ?int,
          # door.modeChanged
          mode: ?string,
          # door.commanded, door.commandRefused; who gave the order is the entry's key (uid:<the
          # user's number>) and holder (the user's name), and so it is of reader.serviced
          command: ?string,
          # door.commanded, door.commandRefused, door.modeChanged, reader.serviced, key.enrolment,
          # key.cardsWithdrawn, action.ordered: fire, lockdown, crew, hub, schedule or card
          by: ?string,
          # device.faultRaised, device.faultCleared, station.faultRaised, station.faultCleared
          fault: ?string,
          # reader.insecure: noKey, downgraded and so on, as in Fault
          flaw: ?string,
          # reader.serviced: reset, installBegun, installed, installEnded, installRefused,
          # installNotKept, installDoubtful, moveBegun, moved, moveFailed or tested
          service: ?string,
          # key.enrolment: requested, approved, taken, enrolled; known, random, half, checkByte,
          # again, changing or collides of a card that was not taken; lapsed, cancelled or notKept
          step: ?string,
          # reader.diagnosed, with the number of bits that came
          diagnosis: ?string,
          bits: ?int,
          # access.unknownsCounted, reader.misreadsCounted, door.changesCounted, door.exitsCounted,
          # device.edgesLost, point.changesCounted, station.entriesLost
          count: ?int,
          # roster.replaced
          version: ?int,
          keys: ?int,
          refused: ?int,
          # key.installed
          epoch: ?string,
          # station.journalWaiting: whether grants wait for their commit
          waiting: ?bool,
          # station.clockChanged; point.changed, point.sampled: how far the value can be believed
          quality: ?string,
          stepMilliseconds: ?int,
          # access.passGranted: which use of the pass, from 1, and when the pass is over, in
          # milliseconds since 1970; the entry's key is the pass
          use: ?int,
          validToMilliseconds: ?int,
          # access.passWithdrawn: how many uses of the pass do not count by now, `use` the last
          withdrawn: ?int,
          # door.commandRefused: doorMode, lockMissing, lockDuty, notRecorded or overtaken
          refusal: ?string,
          # access.cardShown, key.enrolment, key.cardsWithdrawn: the machine's user who did it
          user: ?int,
          # point.changed, point.sampled, point.totalReset: which one, and what it is: a decimal
          # number as text with its unit, or the name of a state; neither when nobody knows it
          point: ?string,
          value: ?string,
          unit: ?string,
          state: ?string,
          # action.ordered, action.ended: what the device was told, the number that both entries
          # have, and what became of it: confirmed, accepted, failed or unknown
          action: ?string,
          order: ?int,
          outcome: ?string
        )

        # A card as it was presented. Its number is here and nowhere else, in no entry or log.
        type Card (
          reader: string,
          # absent for a reader without a door
          door: ?string,
          # <technology>:<hexadecimal digits>, as stationctl card views takes it; not for a keypad
          card: ?string,
          # of a code, as much as may be seen: the end of a day pass's name, or how long it is
          code: ?string,
          # the Wiegand format that the reader recognised
          format: ?string,
          # the view by which the roster found it, and what it found
          view: ?string,
          key: ?string,
          holder: ?string,
          # granted, denied, or enrolment: it was meant for one, and no door heard of it
          decision: string,
          # of a denial: why, and the id of the sentence for the rider
          reason: ?string,
          wording: ?string,
          # of a grant: what was overlooked (none, grace, clockUntrusted)
          note: ?string
        )

        # One line of the journal.
        type Entry (
          # <store>:<sequence>, unique in the city together with the station's id
          cursor: string,
          store: string,
          sequence: int,
          boot: string,
          # nanoseconds of CLOCK_BOOTTIME
          bootTime: int,
          # the wall clock as read: milliseconds since 1970, and the same as RFC 3339 in station
          # time
          wall: int,
          time: string,
          quality: string,
          # 0 access and commands, 1 alarms and states, 2 health, 3 samples
          class: int,
          kind: string,
          device: ?string,
          door: ?string,
          doorLabel: ?Text,
          # the key and its holder, unless nobody was concerned or their term is over
          key: ?string,
          holder: ?string,
          erased: bool,
          detail: Detail,
          # the chain's digest up to here, hexadecimal
          digest: string
        )

        # Sequences that are no longer there, and why.
        type Tombstone (
          store: string,
          first: int,
          last: int,
          reason: string
        )

        type Sample (
          # bucket, sum or count of a histogram
          suffix: ?string,
          labels: [string]string,
          value: float
        )

        # One metric. A long one comes in several pieces of the same name.
        type Metric (
          name: string,
          help: string,
          # counter, gauge, histogram or info
          type: string,
          # OpenMetrics unit such as seconds or bytes; empty for none
          unit: string,
          samples: []Sample
        )

        # What became of one row of an import. A card number is never repeated here.
        type Verdict (
          line: int,
          key: ?string,
          accepted: bool,
          # stable word, such as duplicate, badNumber or collision
          reason: ?string,
          # the column at fault
          column: ?string,
          text: ?Text
        )

        # One key on the roster, without its match forms.
        type Key (
          key: string,
          holder: string,
          # active, lost or blocked
          state: string,
          doors: []string,
          # good from here on and before there, in milliseconds since 1970
          validFrom: ?int,
          validTo: ?int,
          # whether it has cards that were enrolled at the door
          enrolled: bool,
          # readers that cannot tell its number from any card: none of their views yields that kind
          cannotMatchAt: []string
        )

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
        # then the new card. With `holder` and `doors` it is a new key, good from the day `from` to
        # the day `to` in station time; without them it is another card of a key that is known.
        # `asItIs` takes a number that looks like half a UID, or like one with its check byte, from
        # a reader that does not say what it read. What comes of it are entries (key.enrolment).
        method EnrolCard(
          reader: string,
          key: string,
          holder: ?string,
          doors: ?[]string,
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
        # lockDown, releaseLockDown or resetFire. The order is written down whatever comes of it,
        # and a mode survives a restart. `mode` is how the door stands from now on. What frees a
        # lock waits for its entry as a key does; `written` says whether it was durable by then. At
        # a strict station what cannot be written down is refused.
        method CommandDoor(door: string, command: string) -> (mode: string, written: bool)

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
