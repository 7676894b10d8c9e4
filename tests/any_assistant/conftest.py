"""The really trained assistant of `LOKET_ROOT` (else the shop), on a fresh database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import extension
from bot.dialogue import runtime
from bot.ops.train import train_if_needed
from bot.settings import Settings
from bot.store.sql.database import Database
from bot.worker.handler import Handler
from bot.worker.process import load_assistant, load_config, now
from tests.support.assistant_root import in_its_own_words
from tests.support.dialogue import Customer, Shop
from tests.support.logs import debug_unwritten
from tests.support.process_caches import forget


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The model of the present content (trained if needed), and what its backends need."""
    settings = _at(tmp_path_factory.mktemp("office"))
    train_if_needed(settings)
    database = Database(settings.database_url)
    database.upgrade()
    extension.load().prepare(settings)
    with in_its_own_words():  # as in a worker, which loads them at its start
        assistant = asyncio.run(load_assistant(settings, database))
    yield Shop(database, assistant, Handler(database, now, load_config(settings)), settings)
    database.dispose()
    forget()


def _at(folder: Path, database: str = "") -> Settings:
    """Has the actions work there, and gives their settings; the environment is put back.

    Args:
        folder: where the backends keep their data.
        database: Loket's own, when it is not in that folder.
    """
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOKET_VAR_DIR", str(folder))
        # Every test's customers are the same few; who mistypes must not hold up the next.
        patch.setenv("LOKET_PROOF_FAILURES", "1000")
        if database:
            patch.setenv("LOKET_DATABASE_URL", database)
        return runtime.settings()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Of a test that fails, our own lines are shown."""
    with debug_unwritten():
        yield


@pytest.fixture(autouse=True)
def _own_voice() -> Iterator[None]:
    """Loket speaks as this assistant has it speak, for the length of a test."""
    with in_its_own_words():
        yield


@pytest.fixture
def customers(office: Shop) -> Callable[[], Customer]:
    """As many new customers as wanted."""
    if runtime.settings() != office.settings:  # tests of other folders ran in between
        _at(office.settings.var_dir)
    return office.customer


@pytest.fixture
def customer(customers: Callable[[], Customer]) -> Customer:
    """A new customer."""
    return customers()


@pytest.fixture
def anew(
    office: Shop,
    customers: Callable[[], Customer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Path]]:
    """Has the backends begin with the sample data again, in the folder that it gives."""

    def begin() -> Path:
        folder = tmp_path_factory.mktemp("own")
        extension.load().prepare(_at(folder, office.settings.database_url))
        return folder

    yield begin
    _at(office.settings.var_dir)
