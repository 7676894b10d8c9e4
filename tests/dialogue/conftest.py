"""The really trained assistant, on a fresh database and sample data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from actions.backends import sample
from actions.backends.tables import METADATA
from bot.dialogue import runtime
from bot.ops.train import train_if_needed
from bot.settings import Settings
from bot.store.sql.database import Database
from bot.worker.handler import Handler
from bot.worker.process import load_assistant, load_config, now
from tests.support.dialogue import Customer, Shop, attended
from tests.support.logs import debug_unwritten
from tests.support.process_caches import forget


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The model of the present content (trained if needed), a fresh database and sample data."""
    folder: Path = tmp_path_factory.mktemp("shop")
    settings = _at(folder)
    train_if_needed(settings)
    sample.ensure(settings.own["shop_database_url"])
    database = Database(settings.database_url)
    database.upgrade()
    assistant = asyncio.run(load_assistant(settings, database))
    config = attended(load_config(settings))
    yield Shop(database, assistant, Handler(database, now, config), settings)
    database.dispose()
    forget()


def _at(folder: Path) -> Settings:
    """Has the actions work there, and gives their settings; the environment is put back."""
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOKET_VAR_DIR", str(folder))
        # Every test's customers share these few orders; who mistypes must not hold up the next.
        patch.setenv("LOKET_PROOF_FAILURES", "1000")
        return runtime.settings()


@pytest.fixture(autouse=True, scope="module")
def _sample_as_delivered(shop: Shop) -> None:
    """Each module's customers find the orders as they are, whatever other modules did with them."""
    fill_anew(shop)


def fill_anew(shop: Shop) -> None:
    """Puts the sample data back as it was delivered."""
    url = shop.settings.own["shop_database_url"]
    engine = create_engine(url)
    METADATA.drop_all(engine)
    engine.dispose()
    sample.ensure(url)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Of a test that fails, our own lines are shown."""
    with debug_unwritten():
        yield


@pytest.fixture(autouse=True)
def _at_home(shop: Shop) -> None:
    """Tests of other folders run in between, with settings of their own."""
    if runtime.settings() != shop.settings:
        _at(shop.settings.var_dir)


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A new customer."""
    return shop.customer()


@pytest.fixture
def customers(shop: Shop) -> Callable[[], Customer]:
    """As many new customers as wanted."""
    return shop.customer
