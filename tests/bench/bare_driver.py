"""Our statements through the bare driver, with nothing of ours around them: the most that a client in Python can do."""

from uuid import UUID

import psycopg

from app.domain.ids import new_id
from tests.bench.pgbench import NEW_IDS, statements_of_a_pair
from tests.bench.queue_systems import Begin, Firstline, counted, plain, worker_id


class BareDriver(Firstline):
    name = "bare psycopg"

    def work(self, url: str, number: int, begin: Begin) -> int:
        statements = statements_of_a_pair(url, worker_id(number))
        with psycopg.connect(plain(url), autocommit=True) as connection:
            cursors = [connection.cursor() for _ in statements]  # as ours: one that runs the same again is faster

            def pair() -> None:
                for cursor, (text, values) in zip(cursors, statements, strict=True):
                    fresh: dict[str, UUID | str] = {name: new_id() for name in NEW_IDS if name in values}
                    if "new_number" in values:
                        fresh["new_number"] = str(new_id())[-12:]
                    assert cursor.execute(text, {**values, **fresh}).fetchone()

            return counted(pair, begin)
