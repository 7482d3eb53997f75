// Services and opening hours in docs/io.stationd.varlink: after its types, methods and errors.

extension ControlInterface {
    static let serviceTypes = """
        # A service as anybody may see it. One of many parts comes in several pieces of the same
        # name.
        type Service (
          name: string,
          # lockers, charging, dispenser, appliance, cabinet, place, counter, desk, lights or
          # climate
          kind: string,
          label: Text,
          # open, degraded (it can be had), closed or outOfOrder
          availability: string,
          # of degraded and outOfOrder: starting, guarded, deviceMissing, deviceFailed, notSecured,
          # meterMissing, noFlow, leaking, supplyLow, supplyEmpty, filterDue, poorWater, byPerson,
          # restockDue, leftOpen or outOfRange; of a pause: cleaning, repair, weather, staff or
          # other
          reason: ?string,
          # of closed: when it opens, as far as anybody knows
          until: ?int,
          time: ?string,
          # a person has paused it, whatever its hours say
          paused: bool,
          # the set of hours that it keeps; absent: day and night
          hours: ?string,
          # parts that work and that nobody uses, its hours apart; and how many it has
          free: int,
          all: int,
          parts: []Part
        )

        # A part of a service. Who uses it, is nobody's business.
        type Part (
          # what is painted on it
          name: string,
          # working, degraded or outOfOrder, and why: words as of a service
          state: string,
          reason: ?string,
          inUse: bool,
          # words of part.faultRaised
          faults: []string
        )

        # A set of opening hours.
        type Hours (
          name: string,
          label: Text,
          open: bool,
          # what decides it now: week, season, holiday, workedDay, date, today (a master's word),
          # severeWeather or clockUnknown
          cause: string,
          # the first moment of the other state
          until: ?int,
          time: ?string,
          # this day and the six after it, with what a master said of them; none while no clock can
          # be believed
          days: []Day
        )

        type Day (
          # 2026-01-09
          date: string,
          # 08:00-12:00, 13:30-18:00 or closed; an end that is not later lies on the next day
          open: string
        )


        """

    static let serviceMethods = """
        # Every service with its parts. With `more` in as many messages as it takes.
        method ListServices() -> (services: []Service)

        # Tells a part of a service something: stop (the use there ends), reset (somebody looked at
        # what waits for that), restocked, restock-due, out-of-order, in-order, filter-changed, undo
        # or settled; to whoever is on the list of a help button: reached, accept or decline, and of
        # its call helped or cancel. Without `place`: the only part. What comes of it is an entry
        # with the caller's name; a reset whose cause stands is one as well (notReset). Boxes of
        # lockers are told by TellBox.
        method TellService(service: string, place: ?string, word: string) -> ()

        # Lets nobody begin to use a service: cleaning, repair, weather, staff or other. Uses that
        # run end as at the end of its hours, and holders of boxes still get at their things. Until
        # then (milliseconds since 1970, a year at most), or until it is resumed. It survives a
        # restart.
        method PauseService(service: string, reason: string, until: ?int) -> ()

        method ResumeService(service: string) -> ()

        # Every set of opening hours.
        method ListHours() -> (hours: []Hours)

        # Decides something over the written hours, of one set or of all: open (from now until
        # `until`, and closed for the rest of the day), closed (for the rest of the day), today
        # (`open` are this day's, at most two stretches), severeWeather (open until `until`, seven
        # days at most, whatever else was said) or planned (takes all of that back). Doors and
        # services follow at once; it is an entry (hours.changed) and survives a restart.
        method ChangeHours(hours: ?string, word: string, until: ?int, open: ?string) -> ()


        """

    static let serviceErrors = """

        # `places` are those that there are
        error NoSuchPlace (place: string, places: []string)

        # clockUnset (nobody knows what time it is), past, tooFar, notPaused, unknownWord (detail:
        # the words that its kind knows) or starting
        error ServiceRefused (reason: string, detail: ?string)

        # `sets` are those that there are
        error NoSuchHours (hours: string, sets: []string)

        # clockUnset, past, tooFar or tooManyStretches (detail: how many there may be)
        error HoursRefused (reason: string, detail: ?string)

        """
}
