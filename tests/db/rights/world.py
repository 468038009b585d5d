"""A centre with two teams, and who signs in there: one person of each role, and rows of which some are not theirs.

Ada is first level of the team Office, which supports the printer. Everything called `far` is of the team Network, and
of no concern to her. Ids come from names: `id_of("case", "waiting")`.
"""

from uuid import UUID, uuid5

from tests import people

_SPACE = UUID("5e0f7a52-4c1c-4d39-9a55-3f4f1f3a6f10")
# Who signs in, by the letter that stands for them in the matrix.
LOGINS = {
    "1": "ada",  # first level, Office
    "2": "ben",  # second level, Network
    "3": "tina",  # third level, Network
    "S": "sue",  # supervisor
    "E": "eva",  # editor
    "A": "adam",  # administrator
    "G": "r_gateway",
    "W": "r_wallboard",
    "H": "r_history",
    "N": "nobody",  # a login of the server that has nothing to do with this database
}
ROLES = {
    "ada": ("office", "first_level"),
    "mia": ("office", "first_level"),  # Ada's team-mate
    "far": ("network", "first_level"),  # of the other team
    "ben": ("network", "second_level"),
    "bea": ("network", "second_level"),  # has a case that is not Ben's
    "ole": ("network", "second_level"),  # has one too, and is not at his desk
    "tina": ("network", "third_level"),
    "sue": ("network", "supervisor"),
    "eva": ("network", "editor"),
    "adam": ("network", "administrator"),
    "gone": ("network",),  # left: may do nothing any more
}
CUSTOMERS = {  # and the product of their contract
    "near": "printer",
    "far": "router",
    "opened": "router",  # Ada opened a case for them
    "looked": "router",  # Ada looked them up an hour ago
    "stale": "router",  # and these yesterday
    "granted": "router",  # third level may see how they are reached
}
# Name: customer, opened by, state, level, owner.
CASES = {
    "open": ("near", "ada", "open", 1, "ada"),
    "opened": ("opened", "ada", "waiting", 2, None),
    "mate": ("near", "mia", "open", 1, "mia"),
    "looked": ("looked", "far", "open", 1, "far"),
    "solved": ("near", "ada", "solved", 1, "ada"),
    "far open": ("far", "far", "open", 1, "far"),
    "far solved": ("far", "far", "solved", 1, "far"),
    "waiting": ("far", "far", "waiting", 2, None),
    "claimed": ("far", "far", "claimed", 2, "ben"),
    "not ben's": ("far", "far", "claimed", 2, "bea"),
    "returned": ("stale", "far", "open", 1, "far"),  # Ben had claimed it
    "solved 2": ("far", "far", "solved", 2, "ben"),
    "waiting 3": ("far", "far", "waiting", 3, None),
    "claimed 3": ("far", "far", "claimed", 3, "tina"),
    "granted 3": ("granted", "far", "claimed", 3, "tina"),  # Ben passed it on
    "ole's": ("far", "far", "claimed", 2, "ole"),
    "consulted": ("far", "far", "claimed", 2, "ben"),  # and third level is asked
}
CLAIMED = {
    "claimed": "ben",
    "not ben's": "bea",
    "returned": "ben",
    "solved 2": "ben",
    "claimed 3": "tina",
    "granted 3": "tina",
    "consulted": "ben",
    "ole's": "ole",
}


def id_of(kind: str, name: str) -> UUID:
    return uuid5(_SPACE, f"{kind}/{name}")


def sign_all_in(url: str) -> dict[str, str]:
    """The address of everybody in LOGINS, by letter."""
    found = {letter: people.sign_in(url, login) for letter, login in LOGINS.items() if login in ROLES}
    found["G"] = people.service(url, LOGINS["G"], "firstline_gateway")
    found["W"] = people.service(url, LOGINS["W"], "firstline_wallboard")
    found["H"] = people.service(url, LOGINS["H"], "firstline_history")
    found["N"] = people.service(url, LOGINS["N"])
    return {letter: found[letter] for letter in LOGINS}
