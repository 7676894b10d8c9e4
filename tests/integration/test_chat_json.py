"""`loket chat --json` plays conversations beside each other, with hours between their messages."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.chat_process import HERE, environment

pytestmark = [pytest.mark.slow, pytest.mark.model]

#: A Tuesday morning, and the evening of that day.
MORNING, EVENING = "2027-03-02T10:00", "2027-03-02T21:00"


def play(var: Path, *lines: dict[str, str] | str) -> list[dict[str, Any]]:
    """What came of each line, in a process with a database of its own."""
    given = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "chat", "--json"],
        cwd=HERE,
        env=environment(HERE, var),
        input="\n".join(given) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["line"] for each in told] == list(range(1, len(lines) + 1))
    return told


def text(told: dict[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in told["replies"])


def test_an_interleaved_pair_six_hours_apart(tmp_path: Path) -> None:
    """One customer stays and one comes back: a new session, a disclosure, the form goes on."""
    first, page, gone, here, back, done, evening, odd, last = play(
        tmp_path,
        {"session": "a", "text": "waar is mijn pakket", "at": MORNING},
        {"session": "b", "text": "wat kost het om iets terug te sturen?", "at": MORNING},
        {"session": "a", "text": "PP-100234"},
        {"session": "b", "text": "ik wil iets terugsturen"},
        {"session": "a", "text": "daar ben ik weer", "after": "6h"},
        {"session": "a", "text": "1234 AB"},
        {"session": "c", "text": "zijn jullie nu open?", "at": EVENING, "channel": "sms"},
        '{"session": "b", "text": ',
        {"session": "b", "text": "PP-100871, 3511 LX"},
    )
    assert first["state"]["form"] == "track_order_form"
    assert first["state"]["asks"] == "order_number"
    assert first["understood"]["intent"] == "track_order"
    assert first["understood"]["confidence"] > 0.5
    (quote,) = (reply for reply in page["replies"] if reply["kind"] == "quote")
    assert quote["passage"]
    assert quote["title"]
    assert "/kennis/" in quote["source"]
    assert "postcode" in text(gone)
    assert "bestelnummer" in text(here)
    assert [each["kind"] for each in back["meanwhile"]] == ["rating"]
    assert back["replies"][0]["notice"] == "disclosure"
    assert back["state"]["form"] == "track_order_form"
    passed = datetime.fromisoformat(back["at"]) - datetime.fromisoformat(gone["at"])
    assert timedelta() <= passed - timedelta(hours=6) < timedelta(minutes=5)
    assert back["replies"], "a customer who comes back hears where the talk was"
    assert done["state"]["owner"] == "bot"
    assert "dicht" in text(evening) or "gesloten" in text(evening)
    assert len(evening["rendering"]) == 1
    assert odd["error"]
    assert "meanwhile" in last
    assert last["meanwhile"] == []
    assert not any(reply["kind"] == "notice" for reply in last["replies"]), "the same session"
    assert datetime.fromisoformat(last["at"]).hour == 10
