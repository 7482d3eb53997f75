// The interface's part about keys: rows of a roster, and what the station itself says of a key.

extension ControlInterface {
    /// Between the other types.
    static let rosterTypes = """
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
          # lost or blocked when the station itself says so, whatever the roster says
          told: ?string,
          doors: []string,
          # good from here on and before there, in milliseconds since 1970
          validFrom: ?int,
          validTo: ?int,
          # whether it has cards that were enrolled at the door
          enrolled: bool,
          # of a key that no roster has yet: the template whose rights it has; absent: its own
          rights: ?string,
          # crew, master or deputy; absent: rider
          role: ?string,
          # readers that cannot tell its number from any card: none of their views yields that kind
          cannotMatchAt: []string,
          # services that it may begin, when, and how much as in a roster's file; absent: no bound
          services: ?[]string,
          hours: ?string,
          quota: ?string
        )


        """

    /// Behind the other methods.
    static let rosterMethods = """
        # Says of a key that it is lost or blocked, whatever rosters say, or lifts that (`word`:
        # lost, blocked or lifted). All its cards are refused from then on, over restarts, until it
        # is lifted or a newer roster says it too. It is an entry that names the caller.
        method TellKey(key: string, word: string) -> ()


        """

    /// Behind the other errors.
    static let rosterErrors = """
        # noSuchKey, notMarked (detail: the key), tooManyMarks (detail: the limit) or notWritten
        # (detail: the errno)
        error KeyRefused (reason: string, detail: ?string)

        # `sets` are the templates of rights that there are
        error NoSuchRights (rights: string, sets: []string)

        # The station file leaves this to two masters, and they are asked: when two different
        # holders have tapped at the reader within a minute it is carried out. Entries
        # (approval.changed) tell how far they are, and what came of it is an entry of its own.
        # `operation` is enrol_master, lift_block, hours_today, unlock_door or clear_box
        error TwoMasters (operation: string, reader: string)

        # pendingApproval, enrolling, readerOffline or noRoster: the masters are not asked
        error ApprovalRefused (reason: string, detail: ?string)

        """
}
