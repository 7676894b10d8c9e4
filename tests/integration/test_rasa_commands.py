"""Rasa's own commands, and `loket test`, work on the project as it is, as designers use them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings
from tests.support.chat_process import loket
from tests.support.own_assistant import copy_of_the_assistant
from tests.support.webchat import free_port

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]
#: Stories that go otherwise, each in another way; the last one is right.
PLANTED = """version: "3.1"
stories:
  - story: another intent
    steps:
      - user: |
          hoe laat zijn jullie open
        intent: track_order
      - action: track_order_form
      - active_loop: track_order_form
  - story: another action
    steps:
      - user: |
          medewerker
        intent: medewerker
      - action: action_opening_hours
  - story: no such action
    steps:
      - user: |
          ben je een mens
        intent: bot_challenge
      - action: utter_bot_chalenge
  - story: a page answers
    steps:
      - user: |
          hebben jullie een telefoonnummer
        intent: contact_details
      - action: action_contact_details
  - story: no such entity
    steps:
      - user: |
          waar is [mijn](order_number) pakket
        intent: track_order
      - action: track_order_form
      - active_loop: track_order_form
  - story: right
    steps:
      - user: |
          medewerker
        intent: medewerker
      - action: action_handover
"""


def rasa(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command in the project on its model; `typed` is what comes from the keyboard."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "rasa", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def serving(url: str, log: Path, *arguments: str) -> Iterator[None]:
    """One of Rasa's servers, until the block ends; it leaves when it is asked to."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "rasa", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=out,
        )
    try:
        deadline = time.monotonic() + 180
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            try:
                if httpx.get(url, timeout=5).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """`rasa run actions`, and the arguments by which Rasa's other servers find it."""
    folder, port = tmp_path_factory.mktemp("rasa"), free_port()
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n")
    credentials.write_text("rest:\n")
    arguments = ("run", "actions", "--port", str(port))
    with serving(f"http://127.0.0.1:{port}/health", folder / "actions.log", *arguments):
        yield "--endpoints", str(endpoints), "--credentials", str(credentials)


@pytest.fixture(scope="module")
def model() -> str:
    """The model of the present content."""
    return str(train_if_needed(load_settings()))


def test_rasa_test_core_passes(model: str, tmp_path: Path) -> None:
    """Every action of every story is predicted; the first wrong one is shown.

    It takes the intents from the stories: how the sentences are understood, `loket test` judges.
    """
    done = rasa(
        *("test", "core", "--model", model, "--stories", "tests/stories", "--out", str(tmp_path)),
        *("--fail-on-prediction-errors", "--no-plot"),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "story:" not in failed
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["total"] >= 80


def test_loket_test_passes(tmp_path: Path) -> None:
    """Every sentence of every story is understood as it says, and what follows is what it says."""
    done = loket(ROOT, tmp_path, "test")
    assert done.returncode == 0, done.stderr
    count = re.fullmatch(r"loket: (\d+) stories went as they say\.\n", done.stderr)
    assert count is not None, done.stderr
    assert int(count[1]) >= 80


def test_loket_test_shows_what_goes_otherwise(tmp_path: Path) -> None:
    """A sentence, an action or an entity; with its line, and what came instead."""
    copy_of_the_assistant(tmp_path / "copy")
    stories = tmp_path / "copy" / "tests" / "stories"
    shutil.rmtree(stories)
    stories.mkdir()
    (stories / "test_planted.yml").write_text(PLANTED)
    done = loket(tmp_path / "copy", tmp_path / "var", "test")
    assert done.returncode == 1, done.stderr
    first, *told = done.stderr.rstrip().split("\n\n")
    assert first == "loket: 5 of 6 stories go otherwise than written."
    shown = [[line.split(":", 1)[-1].strip() for line in each.splitlines()] for each in told]
    assert [each[:3] for each in shown] == [
        ["5 (another intent)", "hoe laat zijn jullie open", "track_order"],
        ["15 (another action)", "medewerker", "action_opening_hours"],
        ["21 (no such action)", "ben je een mens", "utter_bot_chalenge"],
        ["27 (a page answers)", "hebben jullie een telefoonnummer", "action_contact_details"],
        ["30 (no such entity)", "waar is mijn pakket", "[mijn](order_number)"],
    ]
    came = [each[3] for each in shown]
    assert re.fullmatch(r"opening_hours \(\d+% sure\)", came[0])
    assert came[1:] == ["action_handover", "utter_bot_challenge", "action_knowledge", "none"]
    assert all(each.startswith("tests/stories/test_planted.yml:") for each in told)


def test_rasa_test_nlu_reports_on_held_out_messages(model: str, tmp_path: Path) -> None:
    """The report has a line for each intent, and the whole is as good as our own test asks."""
    data = ["--nlu", "tests/nlu/heldout.yml", "--out", str(tmp_path)]
    done = rasa("test", "nlu", "--model", model, *data, "--no-plot")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "intent_report.json").read_text(encoding="utf-8"))
    assert report["accuracy"] >= 0.92
    assert report["track_order"]["support"] > 0


def test_rasa_shell_nlu_tells_what_it_understood(model: str) -> None:
    """Typed in a terminal: the intent and what was read from the sentence."""
    done = rasa("shell", "nlu", "--model", model, typed="waar is mijn pakket PP-100234\n/stop\n")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    heard, _ = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("{") :])
    assert heard["intent"]["name"] == "track_order"
    read = {entity["entity"]: entity["value"] for entity in heard["entities"]}
    assert read == {"order_number": "PP-100234"}


def test_rasa_shell_answers(model: str, beside: tuple[str, ...], tmp_path: Path) -> None:
    """Typed in a terminal: the bot's reply, streamed as it comes; `/stop` ends it."""
    log, port = tmp_path / "shell.log", str(free_port())

    def shown(text: str) -> int:
        return log.read_text().count(text)

    def wait_for(text: str, after: int = 0) -> None:
        deadline = time.monotonic() + 180
        while shown(text) <= after:
            assert shell.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

    def press(keys: str) -> None:
        assert shell.stdin is not None
        shell.stdin.write(keys.encode())
        shell.stdin.flush()

    with log.open("wb") as out:
        shell = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "rasa", "shell"),
                *("--model", model, "--port", port, *beside),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
        )
    try:
        wait_for("Your input ->")
        press("bedankt\n")
        wait_for("Graag gedaan.")
        # A list of topics follows; one up from the first is the last, to type something else.
        wait_for("Type out your own message...")
        prompts = shown("Your input ->")
        press("\x1b[A\r")
        wait_for("Your input ->", prompts)
        press("/stop\n")
        assert shell.wait(60) == 0
    finally:
        shell.kill()
        shell.communicate()
    assert "Traceback" not in log.read_text()


def test_rasa_run_answers_over_http(model: str, beside: tuple[str, ...], tmp_path: Path) -> None:
    """Its REST channel, whole and as a stream of lines; both hold the same replies."""
    url, log = f"http://127.0.0.1:{free_port()}", tmp_path / "run.log"
    with serving(url, log, "run", "--model", model, "--port", url.rpartition(":")[2], *beside):
        ask = f"{url}/webhooks/rest/webhook"
        said = {"message": "hoe laat zijn jullie open"}
        whole = httpx.post(ask, json={"sender": "a", **said}, timeout=60)
        streamed = httpx.post(f"{ask}?stream=true", json={"sender": "b", **said}, timeout=60)
    assert whole.status_code == streamed.status_code == 200
    assert streamed.headers["content-type"].startswith("text/event-stream")
    replies = [{**reply, "recipient_id": "b"} for reply in whole.json()]
    assert replies
    assert [json.loads(line) for line in streamed.text.splitlines()] == replies
    assert "Traceback" not in log.read_text()
