"""One row with its key: added, or changed where it is there."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.db.one_statement import insert_into
from app.db.rows import Row


def put(session: Session, row: type[Row], values: Mapping[str, object]) -> None:
    """`values` has the key's columns too."""
    keys = [column.name for column in row.__table__.primary_key]
    insert = insert_into(session.get_bind().dialect.name, row).values(**values)
    changed = {name: insert.excluded[name] for name in values if name not in keys}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))
