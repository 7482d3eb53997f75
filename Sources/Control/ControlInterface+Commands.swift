// A hub's signed commands in docs/io.stationd.varlink: after its types, methods and errors.

extension ControlInterface {
    static let commandTypes = """
        # A command that was taken up. One that was refused is none.
        type Command (
          id: string,
          # door, box, part, service, hours, guard, reader or notice
          subject: string,
          # good until then, in milliseconds since 1970
          expires: int,
          time: string,
          # how it ended: done, interrupted (the station stopped while it was under way; it never
          # acts again), notRecorded (it could not be written down in time, so it did not act), or
          # the reason why not: of a door doorMode, lockMissing, lockDuty, outranked, fire,
          # interlock or overtaken; of a service or hours clockUnset, past, tooFar,
          # tooManyStretches, notPaused, unknownWord or starting; of a guard notTripped,
          # causeHolds, causeUnknown or notConfirmed; of a reader noReset, readerOffline or
          # readerBusy; noNotice; notHere. Absent: it is under way
          outcome: ?string
        )

        # What is to be read at the station until then. Without an English text both are the
        # Chinese one.
        type Notice (
          text: Text,
          # in milliseconds since 1970
          until: int,
          time: string
        )


        """

    static let commandMethods = """
        # Brings a hub's signed command: its text, as docs/commands.md has it. Whoever brings it
        # has no say in it. Answered when it has ended; on NoAnswer ask GetCommand. Brought again,
        # it answers with what became of it, and does not act twice.
        method RunCommand(command: string) -> (command: Command)

        # A command that was taken up lately.
        method GetCommand(id: string) -> (command: Command)

        # Has something be read at the station until then (milliseconds since 1970, 31 days at
        # most): one line of at most 360 bytes in either language. It takes the place of what was
        # there, is an entry (notice.set) with the caller's name, and survives a restart.
        method SetNotice(zh: string, en: ?string, until: int) -> ()

        # Takes it down.
        method ClearNotice() -> ()


        """

    static let commandErrors = """

        # The command was not taken up: notACommand, noCommandIssuer, commandIssuerLines,
        # unreadable (detail: the errno), signature, otherStation (detail: whose it is), line
        # (detail: its number), unknownCommand (detail: the words), badField (detail: its number
        # in the command's line), expired, notYet, validTooLong, otherBoot, clockUnset, sameID
        # (another command has its id), starting, forgotten (the station does not know what it did
        # before, and this is from then) or tooManyCommands
        error CommandRefused (reason: string, detail: ?string)

        # noticeText (detail: the limit in bytes), clockUnset, past, tooFar or noNotice
        error NoticeRefused (reason: string, detail: ?string)

        # It was never taken up, or too long ago.
        error NoSuchCommand (id: string)

        """
}
