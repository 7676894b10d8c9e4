"""Each channel in turn, its provider, and a line to one customer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery import courier, doubt_resolution, failure_policy, provider_probe, send_gate
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


@pytest.fixture
def server(adapter: Adapter, provider: Provider, tmp_path: Path) -> Iterator[Server]:
    """The web process with this channel alone."""
    environment = {**settings_of(adapter, provider), "LOKET_BURST_PAUSE": "0"}
    with running(tmp_path, **environment) as server:
        yield server


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
def weather(adapter: Adapter, tmp_path: Path) -> Iterator[Line]:
    """A line with a network between Loket and the provider on which things go wrong."""
    faulty = Faulty(adapter.provider())
    environment = settings_of(adapter, faulty)
    with running(tmp_path, **environment) as server:
        line = Line(adapter, faulty, server)
        yield line
        line.close()
    faulty.close()
