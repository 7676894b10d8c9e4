"""What every push channel does, whoever its provider is.

The web process and the provider are real servers; `tests/contract/adapters` says what each
provider's requests look like.
"""

from __future__ import annotations

import importlib
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels import registry
from tests.contract.adapters.base import Accepted, Adapter, Call, Provider
from tests.contract.adapters.sms import PUBLIC
from tests.support.mailbox import Mailbox
from tests.support.webchat import Server, running

ADAPTERS: Final[tuple[Adapter, ...]] = tuple(
    adapter
    for name in (
        "tests.contract.adapters.whatsapp",
        "tests.contract.adapters.sms",
        "tests.contract.adapters.telegram",
        "tests.own_channel.adapter",
    )
    for adapter in importlib.import_module(name).ADAPTERS
)


@pytest.fixture(scope="module", params=ADAPTERS, ids=lambda adapter: adapter.id)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each channel in turn."""
    found: Adapter = request.param
    return found


def settings_of(adapter: Adapter, provider: Any) -> dict[str, str]:
    """The environment of a process that has this channel."""
    own = adapter.environment(provider)
    return {"LOKET_PUBLIC_URL": PUBLIC, "LOKET_ROOT": str(adapter.root()), **own}


@pytest.fixture(scope="module")
def provider(adapter: Adapter) -> Iterator[Provider]:
    """Its provider."""
    provider = adapter.provider()
    yield provider
    provider.close()


@pytest.fixture(scope="module")
def server(
    adapter: Adapter, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The web process with this channel alone."""
    environment = settings_of(adapter, provider)
    folder: Path = tmp_path_factory.mktemp(adapter.id)
    with running(folder, **environment) as server:
        yield server


@pytest.fixture(scope="module")
def web(server: Server) -> Iterator[httpx.Client]:
    """Somebody who calls it."""
    with httpx.Client(base_url=server.url, timeout=20) as client:
        yield client


@pytest.fixture
def mailbox(server: Server) -> Iterator[Mailbox]:
    """What has been kept since the test began."""
    mailbox = Mailbox(server.folder)
    yield mailbox
    mailbox.close()


def call(web: httpx.Client, request: Call) -> int:
    """The status of the answer."""
    headers = {name: value.encode("latin-1") for name, value in request.headers.items()}
    content = request.body or None
    return web.request(request.method, request.path, headers=headers, content=content).status_code


def test_fifty_deliveries_make_one_message(
    adapter: Adapter, web: httpx.Client, mailbox: Mailbox
) -> None:
    """At once; each is acknowledged, so that the provider stops."""
    request = adapter.text("50", "vijftig keer")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: call(web, request), range(50)))
    assert set(answers) == {200}
    assert mailbox.texts() == ["vijftig keer"]
    assert call(web, request) == 200
    assert mailbox.texts() == ["vijftig keer"]


def test_forgeries_leave_no_trace_but_a_count(
    adapter: Adapter, server: Server, web: httpx.Client, mailbox: Mailbox
) -> None:
    """403, nothing kept, and nothing of the message in the log."""
    for request in adapter.forged():
        assert call(web, request) == 403, request
    assert mailbox.texts() == []
    log = server.log.read_text()
    assert "webhook_rejected" in log
    for request in adapter.forged():
        assert "ik ben het echt" not in log
        assert request.body.decode("utf-8", "replace") not in log or not request.body


def test_the_unknown_is_acknowledged(
    adapter: Adapter, web: httpx.Client, server: Server, mailbox: Mailbox
) -> None:
    """Else the provider sends it for days, and stops sending anything in the end.

    What a customer did is no message: it wakes no bot.
    """
    for request in adapter.unknown():
        assert call(web, request) in (200, 204), request
        assert mailbox.texts() == [], request
    assert "request_failed" not in server.log.read_text()


def test_a_message_of_an_unknown_kind_is_kept_and_named(
    adapter: Adapter, web: httpx.Client, server: Server, mailbox: Mailbox
) -> None:
    """Whoever wrote it gets an answer, and whoever runs Loket reads what kind that was."""
    for name, request in adapter.strange().items():
        kept = len(mailbox.texts())
        assert call(web, request) == 200
        assert mailbox.texts()[kept:] == [""], name
        named = [line for line in server.log.read_text().splitlines() if name in line]
        assert ["message_kind_unknown" in line for line in named] == [True]


def test_a_changed_message_is_for_agents_alone(
    adapter: Adapter, web: httpx.Client, mailbox: Mailbox
) -> None:
    """Whoever reads the conversation sees it, as such and once; no bot is woken by it."""
    changed = adapter.edit("7100", "ik bedoel 4321")
    if changed is None:
        pytest.skip("this provider never tells")
    assert call(web, adapter.text("7101", "mijn nummer is 1234")) == 200
    for _ in range(2):
        assert call(web, changed) == 200
    assert mailbox.texts() == ["mijn nummer is 1234", "Gewijzigd: ik bedoel 4321"]
    assert mailbox.waiting()[-1:] == ["mijn nummer is 1234"]


def test_all_of_a_batch_is_kept(adapter: Adapter, web: httpx.Client, mailbox: Mailbox) -> None:
    """In order, over entries, changes and messages; and once when it comes again."""
    texts = [(f"70{number}", f"bericht {number}") for number in range(7)]
    for _ in range(2):
        for request in adapter.batch(texts):
            assert call(web, request) == 200
    assert mailbox.texts() == [text for _, text in texts]


def test_an_answer_waits_for_the_rest_of_a_thought(
    adapter: Adapter, web: httpx.Client, mailbox: Mailbox
) -> None:
    """Where its customers write in pieces; the escape word has all of them answered."""
    bursts = registry.profiles(adapter.root())[adapter.channel].bursts
    sender = adapter.senders(7)[-1]
    assert call(web, adapter.text("8001", "hallo", sender)) == 200
    waits = mailbox.waits()
    assert waits == (timedelta(seconds=3) if bursts else None)
    assert call(web, adapter.text("8002", "MEDEWERKER", sender)) == 200
    assert mailbox.waits() == (timedelta(0) if bursts else None)
    assert call(web, adapter.text("8003", "en snel graag", sender)) == 200
    assert (mailbox.waits() or timedelta(0)) <= timedelta(0)


def test_a_killed_web_process_loses_and_doubles_nothing(
    adapter: Adapter, server: Server, mailbox: Mailbox
) -> None:
    """What got its 200 is there after the start, and the provider's next try changes nothing."""
    request = adapter.text("9000", "net voor de klap")
    with httpx.Client(base_url=server.url, timeout=20) as web:
        assert call(web, request) == 200
    server.stop(signal.SIGKILL)
    server.start()
    with httpx.Client(base_url=server.url, timeout=20) as web:
        assert call(web, request) == 200
    assert mailbox.texts() == ["net voor de klap"]


def test_a_tap_comes_back_as_its_payload(
    adapter: Adapter, web: httpx.Client, mailbox: Mailbox
) -> None:
    """By the row it stands in; one that is nobody's is stale, with its words."""
    assert call(web, adapter.text("100", "hoi")) == 200
    row = mailbox.asks("Klopt dit?", ("Ja, klopt", "/affirm"), ("Nee", "/deny"))
    shown = Accepted(adapter.sender, "Klopt dit?", ("Ja, klopt", "Nee"), (f"{row}.0", f"{row}.1"))
    shown = replace(shown, provider_id="12")
    tapped = adapter.tap("101", shown, 1)
    if tapped is None:
        pytest.skip("this channel has nothing to tap on")
    assert call(web, tapped) == 200
    stranger = adapter.tap("102", replace(shown, callbacks=("999999.0", "999999.1")), 0)
    assert stranger is not None
    assert call(web, stranger) == 200
    assert mailbox.payloads() == [None, "/deny", "stale"]
    assert mailbox.texts() == ["hoi", "Nee", "Ja, klopt"]


_NAMES = st.sampled_from(
    "from id type text body message chat date timestamp entry changes value interactive update_id"
    " callback_query data contacts statuses status From Body MessageSid key".split()
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_NAMES | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)
_BODIES = st.binary(max_size=300) | _JSON
_QUIETLY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def _survives(adapter: Adapter, web: httpx.Client, body: Any) -> None:
    signed = adapter.signed(body)
    assert call(web, signed) < 500, signed
    assert call(web, replace(signed, headers={})) < 500, signed


@settings(max_examples=150, suppress_health_check=_QUIETLY)
@given(body=_BODIES)
def test_malformed_bodies_are_no_fault_of_ours(
    adapter: Adapter, web: httpx.Client, body: Any
) -> None:
    """Signed or not: never a 5xx."""
    _survives(adapter, web, body)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(max_examples=10_000, suppress_health_check=_QUIETLY)
@given(body=_BODIES)
def test_ten_thousand_malformed_bodies(adapter: Adapter, web: httpx.Client, body: Any) -> None:
    """The same, at length."""
    _survives(adapter, web, body)
