"""The shared database: PostgreSQL, or a SQLite file for one desk. Nothing else knows a driver.

Where to find what:

    engine, address, errors     the way in: what is demanded of a server, and driver errors made into ours
    liveness, kept_connection   connections that rested, and one kept at hand
    rows, *_rows, types         the tables
    schema, migrations, rights, locks, steering_views, differences, sign_ins
                                their versions, who may do what with them, what is other than it should be
    changes, changed_subjects   the change table: what a reader has not seen yet
    feed, wakers, bell, announcer, broker, relay
                                how a reader is woken, and by whom
    one_statement, bare_driver
                                the fast way to write: several tables in one statement
"""
