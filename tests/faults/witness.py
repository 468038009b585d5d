"""Two who watch the cases from inside the database: a trigger that writes down each change, and a sampler.

Both stand outside of the program: what it believes or writes into its timeline does not reach them.
"""

import threading

import psycopg

SCHEMA = "referee"

_TRIGGER = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.seen (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
    case_id uuid NOT NULL, state text NOT NULL, level int NOT NULL, owner_id uuid);
CREATE FUNCTION {SCHEMA}.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The number is drawn while the row is locked: per case it is the true order, whatever the clocks of desks say.
    INSERT INTO {SCHEMA}.seen (case_id, state, level, owner_id) VALUES (NEW.id, NEW.state, NEW.level, NEW.owner_id);
    RETURN NULL;
END $$;
CREATE TRIGGER referee_sees AFTER INSERT OR UPDATE ON case_file FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.see();
"""

_BROKEN = """
SELECT case_file.id, case_file.state, level, owner_id FROM case_file LEFT JOIN person ON person.id = owner_id
WHERE state <> 'solved' AND NOT CASE state
    WHEN 'open' THEN level = 1 AND owner_id = opened_by
    WHEN 'waiting' THEN level > 1 AND owner_id IS NULL
    WHEN 'claimed' THEN level > 1 AND owner_id IS NOT NULL
        AND person.roles ? CASE level WHEN 2 THEN 'second_level' ELSE 'third_level' END
END
"""


def install(address: str) -> None:
    """Put the trigger into the database at `address` (libpq's form, of a superuser)."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_TRIGGER)


class Sampler:
    """A thread that looks again and again, at one instant each time, for a case without exactly one owning level."""

    def __init__(self, address: str, interval_s: float = 0.2) -> None:
        self.sample_count = 0
        self.broken: set[str] = set()
        self._address = address
        self._interval_s = interval_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_s):
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=3) as connection:
                    while not self._stopping.wait(self._interval_s):
                        self._look(connection)
            except psycopg.OperationalError:
                continue  # the server is away, as planned

    def _look(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        for case_id, state, level, owner_id in connection.execute(_BROKEN):
            self.broken.add(f"case {case_id} is {state} at level {level} with owner {owner_id}")
        self.sample_count += 1
