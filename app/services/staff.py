"""The people of the centre as administrators change them: their rows, and on PostgreSQL how they sign in."""

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import sign_ins
from app.db.engine import Database
from app.db.rows import PersonRow, TeamRow
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.i18n import tr
from app.services.absences import put_back_of

SHORTEST_PASSWORD = 12  # characters

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_RESERVED = ("pg_", "firstline_")


class Staff:
    """Each method is one transaction: the row and the right to sign in go together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def has_sign_ins(self) -> bool:
        """Whether people sign in to the database; a file of one desk has nobody to keep out."""
        return not self._database.is_sqlite

    def everybody(self) -> tuple[Person, ...]:
        """By login; who has no role any more has left."""
        query = select(PersonRow, TeamRow.name).join(TeamRow, TeamRow.id == PersonRow.team_id).order_by(PersonRow.login)
        with self._database.read() as session:
            return tuple(_person(row, team_name) for row, team_name in session.execute(query))

    def add(
        self, login: str, name: str, team: str, roles: Collection[Role], password: str, *, makes_team: bool = False
    ) -> None:
        """A new person; NotAllowed or NotFound with what to do instead."""
        _refuse_bad_login(login)
        self._refuse_bad_password(password)
        with self._database.write() as session:
            if session.scalar(select(PersonRow.id).where(PersonRow.login == login)):
                raise NotAllowed(tr("There is a person “{login}” already. Use: firstline-admin person change {login}",
                                    login=login))  # fmt: skip
            team_id = _team(session, team, makes_team=makes_team)
            session.add(PersonRow(id=new_id(), login=login, name=name, team_id=team_id, roles=sorted(roles)))
            session.flush()
            self._let_sign_in(session, login, password)

    def change(
        self, login: str, *, name: str = "", team: str = "", roles: Collection[Role] = (), makes_team: bool = False
    ) -> None:
        """What is given replaces what was; roles as a whole."""
        with self._database.write() as session:
            _refuse_unknown(session, login)
            values: dict[str, object] = {"name": name} if name else {}
            values |= {"team_id": _team(session, team, makes_team=makes_team)} if team else {}
            values |= {"roles": sorted(roles)} if roles else {}
            if values:
                session.execute(update(PersonRow).where(PersonRow.login == login).values(**values))
            self._let_sign_in(session, login)

    def remove(self, login: str) -> None:
        """Take all roles and the sign-in away; the name stays in what they did, the cases go back to the queues."""
        with self._database.write() as session:
            _refuse_unknown(session, login)
            session.execute(update(PersonRow).where(PersonRow.login == login).values(roles=[]))
            put_back_of(session, login)
            self._let_sign_in(session, login)

    def set_password(self, login: str, password: str) -> None:
        """Of anybody as an administrator, of oneself as anybody."""
        if not self.has_sign_ins:
            raise NotAllowed(tr("A SQLite file has no passwords: whoever may open the file may use it."))
        self._refuse_bad_password(password)
        with self._database.write() as session:
            _refuse_unknown(session, login)
            sign_ins.set_password(session, login, password)

    def _let_sign_in(self, session: Session, login: str, password: str = "") -> None:
        if not self.has_sign_ins:
            return
        if sign_ins.is_taken(session, login):
            sentence = tr("The server has a role “{login}” that is no person's. Choose another login.", login=login)
            raise NotAllowed(sentence)
        sign_ins.give(session, login)
        if password:
            sign_ins.set_password(session, login, password)

    def _refuse_bad_password(self, password: str) -> None:
        if self.has_sign_ins and len(password) < SHORTEST_PASSWORD:
            raise NotAllowed(
                tr("The password is too short. Choose one of {n} characters or more.", n=SHORTEST_PASSWORD)
            )


def _refuse_bad_login(login: str) -> None:
    if not _LOGIN.fullmatch(login) or login.startswith(_RESERVED):
        raise NotAllowed(
            tr("“{login}” cannot be a login. Use small letters a to z, digits, dot, hyphen and underscore; it begins "
               "with a letter or digit, and not with pg_ or firstline_.", login=login)
        )  # fmt: skip


def _refuse_unknown(session: Session, login: str) -> None:
    if session.scalar(select(PersonRow.id).where(PersonRow.login == login)) is None:
        raise NotFound(tr("There is no person “{login}”. See who there is: firstline-admin person list", login=login))


def _team(session: Session, name: str, *, makes_team: bool) -> UUID:
    team_id = session.scalar(select(TeamRow.id).where(TeamRow.name == name))
    if team_id is None and makes_team:
        team_id = new_id()
        session.add(TeamRow(id=team_id, name=name))
        session.flush()
    if team_id is None:
        known: Sequence[str] = session.scalars(select(TeamRow.name).order_by(TeamRow.name)).all()
        raise NotFound(tr("There is no team “{team}”. There are: {teams}. Or give --new-team to make it.",
                          team=name, teams=", ".join(known) or "–"))  # fmt: skip
    return team_id


def _person(row: PersonRow, team_name: str) -> Person:
    roles = frozenset(Role(role) for role in row.roles)
    return Person(id=row.id, login=row.login, name=row.name, team_id=row.team_id, team_name=team_name, roles=roles)
