"""The pages behind a customer's link, over HTTP, from the real web process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.catalogue import say
from bot.messages import Inbound, Notice, Text
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.conversation import channel_switch_codes, conversations
from bot.store.delivery import outbox
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.transcripts.transcript_links import TranscriptLinks
from channels import wiping
from tests.support import assistant_root
from tests.support.webchat import DISCLOSURE, ROOT, Server, running

pytestmark = pytest.mark.usefixtures("own_words")

AT = datetime(2026, 8, 4, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("transcripts")) as started:
        yield started


@pytest.fixture
def settings(server: Server) -> Settings:
    environment = {key: value for key, value in server.env.items() if value}
    return load_settings(environment, assistant_root.ROOT)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.database_url)
    yield opened
    opened.dispose()


def talk(database: Database, address: str, *lines: str, channel: str = "webchat") -> str:
    """A conversation in which each line is answered with its own words; one line a minute."""
    with database.begin() as conn:
        for minute, line in enumerate(lines):
            at = AT + timedelta(minutes=minute)
            accepted = inbox.accept(conn, Inbound(channel, address, f"{address}.{line}", line), at)
            first = () if minute else (("bot", DISCLOSURE),)
            replies = [*first, ("bot", Text(f"Antwoord op {line}"))]
            outbox.add(conn, accepted.conversation_id, accepted.inbox_id, replies, at)
            conversation = conversations.get(conn, accepted.conversation_id)
            conversations.save(conn, replace(conversation, disclosed=True))
    return accepted.conversation_id


def fetch(server: Server, link: str, suffix: str = "") -> httpx.Response:
    return httpx.get(server.url + httpx.URL(link).path + suffix)


def test_a_link_shows_the_conversation(
    server: Server, settings: Settings, database: Database
) -> None:
    """As a page and as a text, with headers that keep it to whoever holds the link."""
    link = TranscriptLinks.of(settings).make(
        talk(database, "a", "waar is mijn pakket"), datetime.now(UTC)
    )
    page, text = fetch(server, link), fetch(server, link, ".txt")
    for answer in (page, text):
        assert answer.status_code == 200
        assert "waar is mijn pakket" in answer.text
        assert "Antwoord op waar is mijn pakket" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert text.headers["Content-Disposition"].startswith("attachment")
    assert httpx.get(f"{server.url}/gesprek.css").headers["Content-Type"].startswith("text/css")


def test_expired_forged_and_erased_links_say_so(
    server: Server, settings: Settings, database: Database
) -> None:
    """Each in a sentence, with the way to a new one; the log never holds a token."""
    conversation = talk(database, "b", "hoi")
    old = TranscriptLinks.of(settings).make(conversation, datetime.now(UTC) - timedelta(days=9))
    forged = replace(TranscriptLinks.of(settings), secret="x" * 40).make(
        conversation, datetime.now(UTC)
    )
    erased = TranscriptLinks.of(settings).make("f" * 32, datetime.now(UTC))
    for link, status, sentence in (
        (old, 410, "Deze link is verlopen."),
        (forged, 404, "Deze link klopt niet."),
        (erased, 410, "Dit gesprek is er niet meer."),
    ):
        answer = fetch(server, link)
        assert answer.status_code == status
        assert sentence in answer.text
        assert "nieuwe link" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert link.rpartition("/")[2] not in server.log.read_text()
    assert fetch(server, forged, ".pdf").status_code == 404


def test_a_link_to_what_was_wiped_opens_nothing(
    server: Server, settings: Settings, database: Database
) -> None:
    """It may be in the history of a computer that others use; no new link would show it either."""
    link = TranscriptLinks.of(settings).make(talk(database, "w", "geheim"), datetime.now(UTC))
    assert fetch(server, link).status_code == 200
    with database.begin() as conn:
        wiping.wipe(conn, "webchat", "w", AT + timedelta(hours=1))
    for suffix in ("", ".txt"):
        answer = fetch(server, link, suffix)
        assert answer.status_code == 410
        assert say("transcript.refused.wiped") in answer.text
        assert "nieuwe link" not in answer.text
        assert "geheim" not in answer.text


def test_a_conversation_that_went_on_elsewhere_is_one(
    server: Server, settings: Settings, database: Database
) -> None:
    """In order of time; what was said on the old channel after that stays out of it."""
    old = talk(database, "c", "op de website", "vlak voor de overstap", "veel later")
    new = talk(database, "+31600000001", "op whatsapp", channel="whatsapp")
    with database.begin() as conn:
        now = AT + timedelta(minutes=1)
        channel_switch_codes.add(conn, "0" * 64, old, "whatsapp", now, now + timedelta(minutes=15))
        assert channel_switch_codes.use(conn, "0" * 64, "whatsapp", new, now) == old
        outbox.add(
            conn, new, None, [("system", Notice("Wij gaan hier verder."))], AT + timedelta(hours=1)
        )
    text = fetch(server, TranscriptLinks.of(settings).make(new, datetime.now(UTC)), ".txt").text
    assert "op de website" in text
    assert "Hierna via WhatsApp" in text
    assert "vlak voor de overstap" in text
    assert "veel later" not in text
    assert text.rindex("Wij gaan hier verder.") > text.rindex("vlak voor de overstap")
    alone = fetch(server, TranscriptLinks.of(settings).make(old, datetime.now(UTC)), ".txt").text
    assert "veel later" in alone
    assert "op whatsapp" not in alone


def test_a_conversation_of_thousands_of_messages(
    server: Server, settings: Settings, database: Database
) -> None:
    """All of it, as it is read."""
    lines = [f"regel {number:04d}" for number in range(2500)]
    link = TranscriptLinks.of(settings).make(talk(database, "d", *lines), datetime.now(UTC))
    with httpx.stream("GET", server.url + httpx.URL(link).path + ".txt") as answer:
        whole = "".join(answer.iter_text())
        assert "content-length" not in answer.headers
    assert [whole.count(f"{say('name.customer')}: {line}") for line in lines] == [1] * len(lines)


def test_the_command_line_writes_the_same(server: Server, database: Database) -> None:
    """`loket transcript ID`, whole or by its first digits; what there is not is told."""
    conversation = talk(database, "e", "via de opdrachtregel")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", "transcript", *arguments]
        env = {**os.environ, **server.env}
        return subprocess.run(
            command, check=False, env=env, cwd=ROOT, capture_output=True, text=True
        )

    done = run(conversation[:10])
    assert done.returncode == 0
    assert f"{say('name.customer')}: via de opdrachtregel\n" in done.stdout
    assert run(conversation, "--format", "json").stdout.count('"author"') == 3
    unknown = run("0" * 32)
    assert unknown.returncode == 1
    assert "There is no conversation" in unknown.stderr
