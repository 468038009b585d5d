"""Opens what a wallboard reads: a database, as a role that is no person's, and no desk."""

from pathlib import Path

from app import settings
from app.bootstrap.sign_in import SignIn, access, refuse_password
from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.wall import WallNow
from app.i18n import tr
from app.services.wallboards import Wallboards


class WallSource:
    """Reads for the wallboard; a connection that was lost is made anew with the next read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wallboards = Wallboards(database)

    def now(self) -> WallNow:
        return self._wallboards.now()

    def close(self) -> None:
        self._database.close()


def open_wall(*, is_demo: bool, database: str = "", login: str = "", folder: Path | None = None) -> WallSource:
    """From the command line or the settings; nothing is read yet, so the database may come later.

    Raises:
        NotAllowed: nobody said which database.
    """
    chosen = settings.load()
    refuse_password(database)
    if is_demo and not database:
        file = (folder or settings.desk_folder() / "demo") / "demo.db"
        return WallSource(Database(f"sqlite:///{file}"))
    url = database or chosen.database
    if not url:
        raise NotAllowed(
            tr("No database is set up on this desk. Try “firstline demo”, or give --database and --login.")
        )
    return WallSource(Database(url, access(url, chosen, SignIn(login=login or chosen.login))))
