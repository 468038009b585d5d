"""What can go wrong for a person, in three kinds; each carries a sentence that says what to do.

Anything else that is raised is our own bug: it is logged with its traceback and the program goes on.
"""


class FirstlineError(Exception):
    """Base of the three kinds; `str(error)` is the sentence to show, in the person's language."""


class NotAllowed(FirstlineError):
    """A rule of the centre says no: shown beside the control that asked; never retried by itself."""


class NotFound(FirstlineError):
    """What was asked for is not there, or not any more."""


class Unavailable(FirstlineError):
    """The environment is at fault (database, PBX, disk): a banner, and retried until it works."""


class SignInRefused(Unavailable):
    """The database does not let this person in as they came: no password, a wrong one, or nobody of this name."""


class Untrusted(Unavailable):
    """The database is not what it must be: it did not prove its name, or wants the password in an unsafe way."""


class WrongVersion(Unavailable):
    """The tables are of another version of the program: nothing is read or written before one of both is upgraded."""
