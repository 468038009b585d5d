"""The terms of a call center and their rules; the standard library only. Times are aware UTC, values are frozen.

Where to find what:

    commands                    what a desk asks the shared database to do
    calls, call_states, call_terms, call_backs, due_times, lines
                                a call, how it goes on, what its customer may have, who is called back
    work, typed_text, search_trail, search_report
                                what an agent does during one call, and what it tells the editors
    customers, entitlement, calendars, clocks, priorities, bookings, money, rules
                                who calls, what they may have, what they are promised, what it costs
    cases, case_filters, case_presence, questions, passing_down
                                a case on its way through the levels
    answers, answer_use, scripts, vocabulary, knowledge, suggestions
                                scripted answers, and how they come to be
    problems, radar             one cause behind many cases
    people, messages            who works here, and what they are told
    board*, day_calls, queue_rules, alerts, notices, wall
                                what supervisors see and do
    metrics, history            each figure of the centre, of now and of the past
    ids, errors, topics, demo   made by the desk; said to people; what a change is about; invented callers
"""
