"""One conversation, the same on every channel: the same words, the same end.

`loket run` with all channels at once, the trained model, and a fake provider behind each channel.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import pytest

from bot.messages import Outbound, decode
from channels.sms import Sms
from tests.contract.adapters.base import Adapter
from tests.contract.adapters.sms import PUBLIC
from tests.support.lines import Choose, Line, Outcome, ProviderLine, Say, Step, WebLine, play
from tests.support.webchat import ROOT, Server

pytestmark = [pytest.mark.model, pytest.mark.slow]

ADAPTERS: Final[tuple[Adapter, ...]] = tuple(
    adapter
    for name in ("whatsapp", "sms", "telegram")
    for adapter in importlib.import_module(f"tests.contract.adapters.{name}").ADAPTERS
)
#: One customer for each; two gateways carry the same channel.
SENDERS: Final = {adapter.id: adapter.sender for adapter in ADAPTERS} | {
    "sms-kannel": "+31687654321"
}
SCORE: Final = '/rate{"score": 4, "of": "bot"}'
#: What a customer reads of the place in the queue.
PLACE: Final = re.compile(
    r"Er wacht nog 1 klant voor u\.|Er wachten nog \d klanten voor u\.|"
    r"U bent als eerste aan de beurt\."
)
#: A question by choice and in words, a task that is left, a score, and a person.
SCRIPT: Final[tuple[Step, ...]] = (
    Say("hoi"),
    Choose("/track_order"),
    Say("PP-100234"),
    Say("1234 ab"),
    Say("ik wil een andere bezorgdag"),
    Choose("/cancel_task"),
    Say("wat zijn jullie openingstijden?"),
    Say("doei"),
    Choose(SCORE),
    Say("medewerker"),
)


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, tuple[Outcome, str]]]:
    """The script on every channel at once: what came of it, and what the customer read."""
    folder: Path = tmp_path_factory.mktemp("script")
    command = [sys.executable, "-m", "bot.cli"]
    subprocess.run([*command, "train", "--quiet"], cwd=ROOT, check=True)
    with ExitStack() as stack:
        providers = {adapter.id: adapter.provider() for adapter in ADAPTERS}
        environment = {"LOKET_ROOT": str(ROOT), "LOKET_PUBLIC_URL": PUBLIC}
        environment["LOKET_BURST_PAUSE"] = "0"  # the script has one sentence at a time
        for adapter in ADAPTERS:
            stack.callback(providers[adapter.id].close)
            environment |= adapter.environment(providers[adapter.id])
        server = Server(folder, **environment)
        server.command = [*command, "run"]
        server.start()
        stack.callback(server.stop)
        browser = stack.enter_context(WebLine(server.url))
        lines: list[tuple[Line, str | None]] = [(browser, None)]
        for adapter in ADAPTERS:
            sender = SENDERS[adapter.id]
            line = ProviderLine(server.url, adapter, providers[adapter.id], sender)
            lines.append((line, sender))
        url = f"sqlite:///{folder / 'loket.db'}"
        with ThreadPoolExecutor(len(lines)) as pool:
            played = [pool.submit(play, line, address, SCRIPT, url) for line, address in lines]
            results = [each.result() for each in played]
        yield {
            line.id: (outcome, line.read())
            for (line, _), outcome in zip(lines, results, strict=True)
        }
        logged = server.log.read_text()
        assert "Traceback" not in logged
        for private in ("PP-100234", "1234 ab", *SENDERS.values()):
            assert private not in logged


@pytest.mark.parametrize("channel", [adapter.id for adapter in ADAPTERS])
def test_the_same_outcome(outcomes: Mapping[str, tuple[Outcome, str]], channel: str) -> None:
    """Understood alike, answered alike, rated alike, and handed over alike."""
    expected = _wherever_in_the_queue(outcomes["webchat"][0])
    found = _wherever_in_the_queue(outcomes[channel][0])
    for step, wanted, turn in zip(SCRIPT, expected.turns, found.turns, strict=True):
        assert turn == wanted, step
    assert found == expected


def test_what_it_comes_to(outcomes: Mapping[str, tuple[Outcome, str]]) -> None:
    """The script does what it is meant to show."""
    outcome, _ = outcomes["webchat"]
    assert outcome.owner == "queued"
    assert outcome.scores == (4,)
    assert [reason for reason, _ in outcome.reasons] == ["asked"]
    assert outcome.disclosed
    assert [intent for intent, _ in outcome.turns][:2] == ["greet", "track_order"]


@pytest.mark.parametrize("channel", [adapter.id for adapter in ADAPTERS])
def test_the_customer_read_all_of_it(
    outcomes: Mapping[str, tuple[Outcome, str]], channel: str
) -> None:
    """Each sentence reached the phone, in order; SMS has a few words of its own."""
    outcome, read = outcomes[channel]
    rest = _letters(read)
    for _, said in outcome.turns:
        for message in said:
            for words in map(_letters, _texts(channel, message, rest)):
                assert words in rest, message["kind"]
                rest = rest[rest.index(words) :]


def _wherever_in_the_queue(outcome: Outcome) -> Outcome:
    """The outcome without the place: while the team is there, all five stand in one queue."""
    turns = tuple(
        (intent, tuple({**message, "text": PLACE.sub("", message["text"])} for message in said))
        for intent, said in outcome.turns
    )
    return replace(outcome, turns=turns)


def _texts(channel: str, message: Mapping[str, Any], read: str) -> list[str]:
    if not channel.startswith("sms"):
        return [message["text"]]
    texts = [part["text"] for part in Sms().render(cast(Outbound, decode(message)))]
    if all(_letters(text) in read for text in texts):
        return texts
    # Above another list in one text message: not numbered, and still named, each of them.
    return [message["text"], *(option["title"] for option in message["options"])]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
