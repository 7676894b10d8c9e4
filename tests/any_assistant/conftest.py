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
from bot.store.database import Database
from bot.worker.handler import Handler
from bot.worker.process import load_assistant, load_config, now
from tests.support.dialogue import Customer, Shop
from tests.support.process_caches import forget


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The model of the present content (trained if needed), and what its backends need."""
    settings = _at(tmp_path_factory.mktemp("office"))
    train_if_needed(settings)
    database = Database(settings.database_url)
    database.upgrade()
    extension.load().prepare(settings)
    assistant = asyncio.run(load_assistant(settings, database))
    yield Shop(database, assistant, Handler(database, now, load_config(settings)), settings)
    database.dispose()
    forget()


def _at(folder: Path) -> Settings:
    """Has the actions work there, and gives their settings; the environment is put back."""
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOKET_VAR_DIR", str(folder))
        return runtime.settings()


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
