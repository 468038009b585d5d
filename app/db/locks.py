"""The numbers of PostgreSQL's advisory locks, which hold in one database: each stands for one thing.

None is ever given to anything else: an older program may still be at work beside this one.
"""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    MIGRATIONS = 7301
    GATEWAY = 7302  # held by the active one as long as it leads
    RADAR = 7303
    WAKE = 7304  # by `firstline.wake`
    REMOVAL = 7305  # of old changes, by `firstline.remove_old_changes`
    ROLL_UPS = 7306
