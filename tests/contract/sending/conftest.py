"""Each channel in turn, its provider, and a line to one customer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from bot.delivery import courier, doubt_resolution, failure_policy, provider_probe, send_gate
from bot.store.sql.database import Database
from bot.store.sql.tables import metadata
from tests.contract.adapters.base import Adapter, Provider
from tests.contract.sending.line import Line
from tests.contract.test_channels import ADAPTERS, settings_of
from tests.providers.faults import Faulty
from tests.support.webchat import Server, running


@pytest.fixture(params=ADAPTERS, ids=lambda adapter: adapter.id)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each channel in turn."""
    found: Adapter = request.param
    return found


@pytest.fixture
def provider(adapter: Adapter) -> Iterator[Provider]:
    """Its provider, new for each test."""
    provider = adapter.provider()
    yield provider
    provider.close()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Adapter], Server]]:
    """Web processes, one for each channel: a start takes longer than most of these tests."""
    known: dict[str, Server] = {}
    with ExitStack() as stack:

        def server_of(adapter: Adapter) -> Server:
            if adapter.id not in known:
                provider = stack.enter_context(closing(adapter.provider()))
                folder = tmp_path_factory.mktemp(f"sending-{adapter.id}")
                environment = {**settings_of(adapter, provider), "LOKET_BURST_PAUSE": "0"}
                known[adapter.id] = stack.enter_context(running(folder, **environment))
            return known[adapter.id]

        yield server_of


@pytest.fixture
def server(adapter: Adapter, servers: Callable[[Adapter], Server]) -> Server:
    """The web process with this channel alone, and nobody who ever wrote to it."""
    server = servers(adapter)
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    with database.begin() as conn:
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())
    database.dispose()
    return server


@pytest.fixture
def line(adapter: Adapter, provider: Provider, server: Server) -> Iterator[Line]:
    """See `Line`."""
    line = Line(adapter, provider, server)
    yield line
    line.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that a test can sit out."""
    monkeypatch.setattr(failure_policy, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(failure_policy, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(send_gate, "FIRST_REST", 0.05)
    monkeypatch.setattr(provider_probe, "FIRST_PROBE", 0.1)
    monkeypatch.setattr(doubt_resolution, "POLL", 0.1)
    monkeypatch.setattr(courier, "SEND_TIMEOUT", 2.0)


@pytest.fixture
def weather(adapter: Adapter, server: Server) -> Iterator[Line]:
    """A line with a network between Loket and the provider on which things go wrong."""
    faulty = Faulty(adapter.provider())
    line = Line(adapter, faulty, server)
    yield line
    line.close()
    faulty.close()
