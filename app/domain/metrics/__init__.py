"""The figures of the centre: each has one definition here, and tile, table, chart, export and alert call it.

Facts go in, exact figures come out (`figures`): integers and fractions, rounded by nobody before they are shown.

    calls         the facts of a call, and what can be true of them
    call_figures  service level, speed of answer, handle time, after-call work, abandonment, transfers
    agents        occupancy
    contacts      first contact resolution
    cases         first-level resolution, escalations, returns, what first level could have solved, links to answers
    backlog       age of what is open
    promises      time to own, time to resolve, due times (business time: `app.domain.calendars`)
    periods       which interval a fact belongs to

Calls and cases are counted in *tallies*. A tally of one call holds nothing but 0 and 1, so the same formula that makes
the figure also says which rows it was made from; and tallies add up, so a day is the sum of its intervals.
"""
