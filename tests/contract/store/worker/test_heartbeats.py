"""Which workers are there, and which of them have their model."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.store.sql.database import Database
from bot.store.worker import heartbeats
from bot.store.worker.heartbeats import KEPT, Heartbeat, Role

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def beat(
    conn: Connection, worker: str, now: datetime = NOW, *, ready: bool = True, role: Role = "worker"
) -> None:
    heartbeats.beat(conn, Heartbeat(worker, role, NOW, now, ready))


def test_a_beat_is_one_row_per_worker(database: Database) -> None:
    """The last one counts, with whether the model is there."""
    with database.begin() as conn:
        beat(conn, "w-1", ready=False)
        beat(conn, "w-2", ready=False)
        beat(conn, "w-1", NOW + SECOND)
        assert heartbeats.alive(conn, NOW) == (
            Heartbeat("w-1", "worker", NOW, NOW + SECOND, ready=True),
            Heartbeat("w-2", "worker", NOW, NOW, ready=False),
        )
        assert [each.worker for each in heartbeats.alive(conn, NOW + SECOND)] == ["w-1"]


def test_who_sends_answers_nobody(database: Database) -> None:
    """Each role is looked for by itself."""
    with database.begin() as conn:
        beat(conn, "d-1", role="delivery")
        assert not heartbeats.any_ready(conn, NOW)
        assert heartbeats.any_ready(conn, NOW, role="delivery")
        beat(conn, "w-1")
        assert heartbeats.any_ready(conn, NOW)
        assert not heartbeats.any_ready(conn, NOW, "d-1", "delivery")


def test_who_stopped_as_it_should_is_not_missed(database: Database) -> None:
    with database.begin() as conn:
        beat(conn, "w-1")
        heartbeats.stopped(conn, "w-1")
        heartbeats.stopped(conn, "never-there")
        assert heartbeats.alive(conn, NOW) == ()
        assert not heartbeats.any_ready(conn, NOW)


def test_rows_of_long_ago_go_when_a_worker_comes(database: Database) -> None:
    """Names hold a process id by default: without this the table would grow with each restart."""
    with database.begin() as conn:
        beat(conn, "w-1", NOW - KEPT - SECOND)
        beat(conn, "w-2", NOW - KEPT)
        beat(conn, "w-3")
        assert [each.worker for each in heartbeats.alive(conn, NOW - 2 * KEPT)] == ["w-2", "w-3"]


ages = st.integers(min_value=0, max_value=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    workers=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(ages, st.booleans())),
    patience=ages,
    me=st.sampled_from([None, "a", "b", "x"]),
)
def test_somebody_ready_is_who_beat_lately_has_its_model_and_is_not_me(
    database: Database, workers: dict[str, tuple[int, bool]], patience: int, me: str | None
) -> None:
    since = NOW - patience * SECOND
    with database.begin() as conn:
        for name in ("a", "b", "c"):
            heartbeats.stopped(conn, name)
        for name, (age, ready) in workers.items():
            beat(conn, name, NOW - age * SECOND, ready=ready)
    with database.read() as conn:
        assert heartbeats.any_ready(conn, since, me) == any(
            ready and age <= patience and name != me for name, (age, ready) in workers.items()
        )
        alive = {each.worker: each.ready for each in heartbeats.alive(conn, since)}
        assert alive == {name: ready for name, (age, ready) in workers.items() if age <= patience}


def test_two_first_beats_of_one_name_at_once_are_one_row(
    database: Database, other: Database
) -> None:
    """A worker that was restarted while its former self still ends."""
    ready = threading.Barrier(2)

    def first(of: Database) -> None:
        ready.wait(10)
        with of.begin() as conn:
            beat(conn, "w-1")

    threads = [threading.Thread(target=first, args=(each,)) for each in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.read() as conn:
        assert len(heartbeats.alive(conn, NOW)) == 1
