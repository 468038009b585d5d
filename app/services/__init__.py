"""What is done with the shared database: a service a subject, a method a transaction.

Where to find what:

    commands, once              the door for what desks ask; each command is done exactly once
    calls, call_backs           calls as they are recorded, and who is to be called
    customers, callers, contracts, phones
                                who may be calling, and what they have
    cases, case_*, hand_overs, questions, contact_grants
                                what happens to a case, and how queues and cases are read
    levels, leases, absences    one queue or two; whose desk died, who is not there
    bookings, booked, rules, centre_rules, reckoning, alarms
                                what is promised: the rules, the books, the clocks, who is told
    answers, answer_*, words, knowledge, knowledge_lists, search_reports, gap_groups
                                scripted answers: published, copied to desks, written, asked in vain
    problem*, solved_call_backs, radar*
                                known problems, and how they are noticed
    messages, people, staff     what people are told, who they are and how they sign in
    board*, wallboards, queue_rules, alerts, alert_rules, notices, hands, supervision
                                what supervisors see and do
    past, histories, roll_up*, works_council, person_records, anonymis*
                                the past, from its sums, and who may see what of it
    lines, telephones, gateway_*
                                the line that desks share: both sides of the gateway
    demo_*                      the demo centre
    upsert                      one row, added or changed
"""
