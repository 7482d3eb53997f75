// The text of docs/io.stationd.varlink, but for its errors; a test keeps file and text the same.

extension ControlInterface {
    /// The interface `io.stationd`.
    static let stationText =
        types + rosterTypes + serviceTypes + commandTypes + methods + serviceMethods + rosterMethods
        + commandMethods + errors + serviceErrors + rosterErrors + commandErrors

    /// What methods take and give.
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
          digest: string,
          # the id of whoever signed it; absent for one of a CSV file
          issuer: ?string,
          # keys with cards that were enrolled at the door, and keys that the station itself says
          # are lost or blocked; absent where a roster was just put in place
          enrolled: ?int,
          told: ?int
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
          # passesUnusable, cardsUnusable, repeating, readerKeysUnusable, refusing, guardStands,
          # notSecured, usesUnknown, marksUnusable
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
          # cardsUnusable, readerKeysUnusable, usesUnknown, marksUnusable); devices tell their own
          faults: []Fault,
          # how OSDP readers' keys lie on the medium: plain, sealed or unusable; null without any
          readerKeys: ?string,
          # what is to be read here now
          notice: ?Notice
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

        # Something that a device can be told, with the numbers that go with it.
        type Action (
          name: string,
          arguments: []Argument
        )

        # Decimal numbers as text.
        type Argument (
          name: string,
          lowest: string,
          highest: string
        )

        # A safety rule of a device.
        type Guard (
          name: string,
          # whether it has tripped and is neither over nor reset, and since when
          stands: bool,
          since: ?int,
          time: ?string,
          # whether it has anything done; else it only tells
          acts: bool,
          # whether what it had done is confirmed
          secured: bool,
          # it was told, and nothing shows whether that was obeyed
          unseen: ?bool,
          # whether the outer actuator had to act
          escalated: bool
        )

        # A box of a locker. Whose it is, is nobody's business.
        type Box (
          service: string,
          # what is painted on it
          name: string,
          # whether it is somebody's, and since when; missing where no clock could be believed
          held: bool,
          since: ?int,
          time: ?string,
          # whether anybody knows whose it is: one that nobody knows is given to nobody
          known: bool,
          # out of use by a person's word
          blocked: bool,
          # whether it may be given to somebody now
          free: bool,
          # open, closed or unknown
          door: string,
          # jammed, forced, leftOpen, itemForgotten, overtime
          troubles: []string
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
          points: ?[]Point,
          # what it can be told, and its safety rules; absent without any
          actions: ?[]Action,
          guards: ?[]Guard
        )

        # What happened, in the journal's words. Which fields are there depends on the entry's kind.
        type Detail (
          # the names that the door, its reader or the device had then
          door: ?string,
          reader: ?string,
          device: ?string,
          # access.granted, access.denied: the rendering that was tried, never the number
          view: ?string,
          # access.granted: what was overlooked (none, grace, clockUntrusted, passback);
          # door.released: journalSlow when the grant was not durable yet
          note: ?string,
          # access.denied: why, and the id of the sentence for the rider; part.changed that is
          # paused: cleaning, repair, weather, staff or other
          reason: ?string,
          wording: ?string,
          # door.released: key, exitButton, fire, schedule or command; station.storeReplaced:
          # corrupt, rewound or renamed
          cause: ?string,
          # door.released by a key or a pass: the sequence of its grant; by a command: of the order
          grant: ?int,
          # door.released: from the credential's last edge, or the order, to the line
          latencyMicroseconds: ?int,
          mode: ?string,
          # door.commanded, door.commandRefused; who gave the order is the entry's key (uid:<the
          # user's number>) and holder (the user's name), and so it is of reader.serviced
          command: ?string,
          # door.commanded, door.commandRefused, door.modeChanged, reader.serviced, key.enrolment,
          # key.cardsWithdrawn, key.told, action.ordered, device.guard, hours.changed, notice.set,
          # notice.ended: fire, lockdown, crew, hub, schedule or card
          by: ?string,
          # device.faultRaised, device.faultCleared, station.faultRaised, station.faultCleared;
          # part.faultRaised, part.faultCleared: noFlow, notClosed, flowsClosed, notOpened,
          # relayStuck, notOff, warm, burning, broken, leftOpen, forced, restockDue, overstay,
          # poorWater, filterDue, tooCold, tooWarm, lampsFail, uncounted, jammed, notSwitched,
          # linkDown or bellFails
          fault: ?string,
          # reader.insecure: noKey, downgraded and so on, as in Fault
          flaw: ?string,
          # reader.serviced: reset, installBegun, installed, installEnded, installRefused,
          # installNotKept, installDoubtful, moveBegun, moved, moveFailed or tested
          service: ?string,
          # key.enrolment: requested, approved, taken, enrolled; known, random, half, checkByte,
          # again, changing or collides of a card that was not taken; lapsed, cancelled or notKept;
          # device.guard: tripped, silent, recalled, secured, escalated, outerSecured, notSecured,
          # activeAgain, ended, reset, notReset, resetBlind, unseen (told, and nothing shows whether
          # that was obeyed) or outerUnseen; box.changed: reopened, opening, opened, closed, jammed,
          # unreachable, forced, leftOpen, itemForgotten, overtime, unknown, cleared, blocked,
          # unblocked or flapping; part.changed: charging, suspended, resumed, cut, reset,
          # notReset, hotReleased, hotLocked, overrun, unclaimed, openAgain, notOpened, restocked,
          # filterChanged, claimed, undone, outOfOrder, inOrder, unlocked, stopAsked, resetAsked,
          # restockAsked, putIn, wasPutIn, takeBack, take, wasTaken, owed, tryingAnother, settled,
          # helpAsked, helpReached, helpAccepted, helpDeclined, helpUnanswered, helpOverdue,
          # helpNotNeeded, helpNobody, helpCalledAgain, helpGoesOn, helped, helpCancelled or
          # flapping; of the service itself paused or unpaused
          step: ?string,
          # reader.diagnosed, with the number of bits that came
          diagnosis: ?string,
          bits: ?int,
          # access.unknownsCounted, reader.misreadsCounted, door.changesCounted, door.exitsCounted,
          # device.edgesLost, point.changesCounted, station.entriesLost; device.guard: how often it
          # was activeAgain since the entry before, when that is more than once
          count: ?int,
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
          # door.commandRefused: doorMode, lockMissing, lockDuty, notRecorded, overtaken,
          # outranked, interlock or fire
          refusal: ?string,
          # access.cardShown, key.enrolment, key.cardsWithdrawn, key.told: the machine's user who
          # did it
          user: ?int,
          # key.told: lost, blocked, lifted or confirmed (the roster says so too); with a count,
          # of so many keys
          told: ?string,
          # approval.changed: what two masters are asked for (enrol_master and so on); requested,
          # agreed (one of them), approved, lapsed or cancelled
          operation: ?string,
          approval: ?string,
          # point.changed, point.sampled, point.totalReset: which one, and what it is: a decimal
          # number as text with its unit, or the name of a state; neither when nobody knows it
          point: ?string,
          value: ?string,
          unit: ?string,
          state: ?string,
          # action.ordered, action.ended: what the device was told, the number that both entries
          # have, and what became of it: confirmed, accepted, failed or unknown; command.ended:
          # words as of Command
          action: ?string,
          order: ?int,
          outcome: ?string,
          # command.taken: what it is about, and the first 16 digits of the SHA-256 of its text;
          # the entry's key is the command, its holder the hub (hub:<16 digits of its key>)
          subject: ?string,
          textDigest: ?string,
          # device.guard: the guard's name
          guard: ?string,
          # use.began, use.ended, use.refused, box.changed, part.changed, part.faultRaised,
          # part.faultCleared: the service, and what is painted on its part
          serviceName: ?string,
          place: ?string,
          # use.began, use.ended: key, pass, button, sensor or command
          source: ?string,
          # use.ended: why, how long, how much (times, mL, W.h); `estimated`: in part not seen
          end: ?string,
          seconds: ?int,
          amount: ?int,
          amountUnit: ?string,
          estimated: ?bool,
          # part.changed paused, hours.changed for severe weather: until then, in ms since 1970;
          # command.taken, notice.set: good until then
          untilMilliseconds: ?int,
          # hours.changed: which set, and what was decided: today (these are the hours of that
          # date), severeWeather or planned (the written hours again)
          hours: ?string,
          change: ?string,
          date: ?string,
          open: ?string
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
          # of a grant: what was overlooked (none, grace, clockUntrusted, passback)
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
          # the wall clock as read: milliseconds since 1970, and as RFC 3339 in station time
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

        # Uses that were asked for in one way and counted in one unit.
        type UsageTotal (
          # key, pass, button, sensor or command; missing: nobody asked
          source: ?string,
          # those that came about; of a pass's use that was taken back, one less
          uses: int,
          # those that came to nothing
          failed: int,
          # how long they took together; a use counts whole where it ended
          seconds: int,
          # how much they were; of visits: how often those people passed an entrance
          quantity: int,
          # times, mL or W.h
          unit: string,
          # uses of which part of the amount was not seen
          estimated: int
        )

        # What was counted of one thing in one day, one hour, or the whole span.
        type Usage (
          # missing: all days together; of what is not dated: the last day known before it
          day: ?string,
          # 0 to 23; missing: the whole day
          hour: ?int,
          # service, door (who was let in there), visits (of people with a key or a pass, the same
          # within 30 minutes merged) or lostEntries (never written: the rest lacks them)
          kind: string,
          # the service's or the door's; empty for the station's
          name: string,
          label: ?Text,
          # how many it can serve at once, as the station file has it now
          places: ?int,
          # no clock could be believed then
          undated: bool,
          # whether anybody looked: false is no data, and not 0
          measured: bool,
          # in how many hours the station was up and had it
          measuredHours: int,
          totals: []UsageTotal
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


        """
}
