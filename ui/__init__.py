"""The window; Qt only. A folder a screen, and here what the screens have in common.

Where to find what:

    main, application, window, shell, context
                                how the program starts, and what each screen is given
    screens, agent, call_backs, workbench, knowledge, problems, supervisor, history, wallboard
                                the screens, and who has them
    pages, person_pages, sign_in, messages, undelivered, about_me, council, suggestions
                                what stands in the place of a screen until it is left
    strips, notice_strip, hand_strip, hand_lines, state_line, alarm_bell, ring_alerts, delivery
                                what is seen whatever screen is shown
    call_desk, call_commands, line_commands, other_calls, who_calls, case_outcome, presence, wrap_up_limit
                                the agent's call, work and state in this window; no widget
    background, bridge, refresh, garbage
                                work in other threads, and how its results come back
    models, widgets, answer_text, call_back_row, kept_field, script_walk
                                lists and small parts that more than one screen has
    theme, colours, style_sheet, icons, looks, problem_looks
                                how it looks
    language, labels, *_words, plain_text, shortcuts, remember, switches
                                what it says, its keys, and what the person chose of it
    tour, keys                  the tour through the main job, and its hands
"""
