"""`loket outbox`, `loket doctor` and `loket webhook` from the command line."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands, doctor, service_checks
from bot.messages import Notice, Text
from bot.store.conversation import conversations
from bot.store.delivery import deliveries, delivery_planning, outbox
from bot.store.sql.database import Database
from channels.protocol import Check
from channels.telegram import Telegram

ROOT = Path(__file__).parents[3]
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own with all channels in its file and none configured."""
    shutil.copy(ROOT / "credentials.yml", tmp_path)
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    return tmp_path


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands.main, arguments, prog_name="loket")
    return result.exit_code, result.output


def lose(
    folder: Path, text: str, error: str, minutes: int = 180, address: str = "+31612345678"
) -> None:
    """A message that was given up so long ago."""
    database = Database(f"sqlite:///{folder / 'var' / 'loket.db'}")
    database.upgrade()
    now = datetime.now(UTC) - timedelta(minutes=minutes)
    with database.begin() as conn:
        conversation = conversations.open_(conn, "sms", address, now)
        (said,) = outbox.add(conn, conversation.id, None, [("human", Text(text))], now)
        planned = delivery_planning.Planned((said.id,), [{"text": text}])
        delivery_planning.plan(
            conn, "sms", [conversation.id], lambda _: [planned], now, timedelta()
        )
        (claimed,) = deliveries.claim(conn, "sms", now, timedelta(minutes=1), 1).messages
        if error.startswith("ambiguous"):
            deliveries.unsure(conn, claimed.id, now, error, now)
        deliveries.give_up(conn, claimed.id, error, now)
    database.dispose()


def test_all_is_well() -> None:
    """In a sentence."""
    code, out = invoke("outbox")
    assert code == 0
    assert "Everything was delivered" in out


def test_what_was_lost_is_listed_and_sent_again(project: Path) -> None:
    """With ids, channel, age and meaning; texts and numbers only when asked for."""
    lose(project, "uw pakket is er", "opted_out")
    lose(project, "tot ziens", "30005")
    code, out = invoke("outbox")
    assert code == 0
    first, second, _ = out.splitlines()
    assert first.split()[:5] == ["1", "sms", "dead", "3", "h"]
    assert "the customer said STOP" in first
    assert second.endswith("30005")
    assert "pakket" not in out
    assert "31612345678" not in out
    assert "uw pakket is er" in invoke("outbox", "--show")[1]
    code, out = invoke("outbox", "resend", "1", "99")
    assert code == 1
    assert "not sent again: 99" in out
    assert invoke("outbox", "resend", "--all") == (0, "1 queued; the worker sends them.\n")
    assert "Everything was delivered" in invoke("outbox")[1]
    assert invoke("outbox", "resend")[0] == 2


def doubt(folder: Path, text: str, minutes: int, address: str = "+31612345678") -> None:
    """A message that may have arrived."""
    lose(folder, text, "ambiguous timeout", minutes, address)


def test_what_is_unsure_is_decided_on(project: Path) -> None:
    """One by one: it arrived, or it is not needed any more."""
    doubt(project, "een", 60)
    doubt(project, "twee", 60)
    code, out = invoke("outbox")
    assert code == 0
    assert out.splitlines()[0].split()[:3] == ["1", "sms", "unsure"]
    assert "loket outbox arrived ID" in out
    assert invoke("outbox", "arrived", "1") == (0, "1 noted as arrived.\n")
    assert invoke("outbox", "dismiss", "2") == (0, "1 dismissed.\n")
    assert "Everything was delivered" in invoke("outbox")[1]
    code, out = invoke("outbox", "arrived", "2")
    assert code == 1
    assert "left as it is: 2" in out
    assert invoke("outbox", "resend", "--all") == (0, "0 queued; the worker sends them.\n")


def test_an_outage_is_sent_again_at_once(project: Path) -> None:
    """Of one channel and one span of time, and not where the customer heard something since."""
    doubt(project, "van gisteren", 25 * 60, "+31612345670")
    doubt(project, "een", 90, "+31612345671")
    doubt(project, "twee", 80, "+31612345672")
    since = (datetime.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005 - the clock on the wall
    database = Database(f"sqlite:///{project / 'var' / 'loket.db'}")
    with database.begin() as conn:
        later = conversations.find(conn, "sms", "+31612345672")
        assert later is not None
        (said,) = outbox.add(conn, later.id, None, [("human", Text("drie"))], NOW)
        planned = delivery_planning.Planned((said.id,), [{"text": "drie"}])
        delivery_planning.plan(conn, "sms", [later.id], lambda _: [planned], NOW, timedelta())
        (claimed,) = deliveries.claim(conn, "sms", NOW, timedelta(minutes=1), 1).messages
        assert claimed is not None
        deliveries.accepted(conn, claimed.id, "p1", NOW, timedelta())
    database.dispose()
    assert invoke("outbox", "resend", "--unsure", "--channel", "sms")[0] == 2
    span = ("--channel", "telegram", "--since", since)
    assert invoke("outbox", "resend", "--unsure", *span)[1].startswith("0 queued")
    code, out = invoke("outbox", "resend", "--unsure", "--channel", "sms", "--since", since)
    assert code == 0
    assert out.startswith("1 queued; the worker sends them.\nLeft alone,")
    assert [line.split()[0] for line in invoke("outbox")[1].splitlines()[:2]] == ["1", "3"]


def test_disclosures_are_shown_with_what_became_of_them(project: Path) -> None:
    """Also of a conversation that is erased."""
    code, out = invoke("disclosures", "a" * 32)
    assert code == 1
    assert "No disclosure is on record" in out
    database = Database(f"sqlite:///{project / 'var' / 'loket.db'}")
    with database.begin() as conn:
        conversation = conversations.open_(conn, "webchat", "anna", NOW)
        notice = Notice("U chat met een AI-assistent.", "disclosure", "abc")
        (said,) = outbox.add(conn, conversation.id, None, [("bot", notice)], NOW)
        outbox.mark_sent(conn, [said.id], NOW)
        conn.exec_driver_sql("DELETE FROM conversations")
    database.dispose()
    code, out = invoke("disclosures", conversation.id)
    assert code == 0
    when = NOW.strftime("%Y-%m-%d %H:%M:%S UTC")
    assert out == f"sent      webchat   version abc      offered {when}, sent {when}\n"
    assert "AI-assistent" in invoke("disclosures", conversation.id, "--show")[1]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_checks, "current_model", lambda _: Path("loket-1.tar.gz"))


@pytest.mark.usefixtures("model")
def test_the_doctor_says_what_is_not_configured() -> None:
    """That is fine, and exit code 0."""
    code, out = invoke("doctor")
    assert code == 0
    for name in ("loket", "webchat", "whatsapp", "sms", "telegram"):
        assert f"{name}\n" in out
    assert "WRONG" not in out


@pytest.mark.usefixtures("model")
def test_the_doctor_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do; exit code 1."""

    async def checks(self: Telegram, public_url: str) -> list[Check]:
        return [Check("token", ok=False, sentence="Telegram refuses it. Make another.")]

    monkeypatch.setattr(Telegram, "checks", checks)
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:token")
    monkeypatch.setenv("TELEGRAM_SECRET", "secret")
    code, out = invoke("doctor")
    assert code == 1
    assert "WRONG token: Telegram refuses it. Make another." in out
    assert "LOKET_PUBLIC_URL" in out


@pytest.mark.parametrize(
    ("url", "needed", "ok"),
    [
        ("https://chat.example.nl", True, True),
        ("http://chat.example.nl", True, False),
        ("https://127.0.0.1:8080", True, False),
        ("http://127.0.0.1:8080", False, True),
    ],
)
def test_providers_need_a_public_address(url: str, *, needed: bool, ok: bool) -> None:
    """Over https; the web chat alone does not."""
    assert doctor.public_address(url, needed=needed).ok is ok


def test_a_webhook_is_set_where_the_provider_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere the sentence says where to read on."""

    async def set_webhook(self: Telegram, public_url: str) -> str:
        return f"Registered {public_url}."

    monkeypatch.setattr(Telegram, "set_webhook", set_webhook)
    code, out = invoke("webhook", "set", "telegram")
    assert code == 78
    assert "not configured" in out
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:token")
    monkeypatch.setenv("TELEGRAM_SECRET", "secret")
    assert invoke("webhook", "set", "telegram") == (0, "Registered http://127.0.0.1:8080.\n")
    for name, value in (
        ("SEND_URL", "http://127.0.0.1:1"),
        ("USERNAME", "bot"),
        ("PASSWORD", "pw"),
    ):
        monkeypatch.setenv(f"KANNEL_{name}", value)
    monkeypatch.setenv("KANNEL_SECRET", "a-secret-in-the-get-url")
    code, out = invoke("webhook", "set", "sms")
    assert code == 1
    assert "docs/channels/sms.md" in out
    code, out = invoke("webhook", "set", "webchat")
    assert code == 1
    assert "has no webhook" in out


def test_the_doctor_names_the_websites_that_may_show_the_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the setting for others."""
    monkeypatch.setenv("LOKET_ALLOWED_ORIGINS", "https://www.winkel.nl")
    _, out = invoke("doctor")
    assert "https://www.winkel.nl may show the chat" in out
    assert "LOKET_ALLOWED_ORIGINS" in out
    assert "Every visitor is a stranger" in out
    monkeypatch.setenv("LOKET_WEBCHAT_SITE_SECRET", "s" * 32)
    _, out = invoke("doctor")
    assert "LOKET_WEBCHAT_SITE_SECRET is set" in out
    assert "s" * 32 not in out
