"""Talks with an assistant of another folder than this repository's, in a process of its own.

A process imports the code of one assistant only. Its model is trained when the content changed, and
kept with the others in `models/`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parents[2]
#: What the assistant of this repository is made of.
ASSISTANT = ("config.yml", "domain.yml", "credentials.yml", "data", "actions", "tests/stories")


def copy_of_the_assistant(folder: Path) -> None:
    """The content and code of this repository's, without the framework.

    Args:
        folder: that is to hold it.
    """
    for name in ASSISTANT:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one message.

    Attributes:
        texts: what was said, in order.
        options: titles that can be tapped, with what each sends.
        owner: who owns the conversation now.
    """

    texts: tuple[str, ...]
    options: dict[str, str]
    owner: str

    @property
    def text(self) -> str:
        """All that was said, as one text."""
        return "\n".join(self.texts)


@dataclass(slots=True)
class Talker:
    """A running assistant, and its customers by name."""

    typed: TextIO
    heard: TextIO
    log: Path
    fingerprint: str

    def say(self, who: str, text: str, payload: str | None = None) -> Reply:
        """Sends a message of a customer; every turn must get a reply."""
        self.typed.write(json.dumps({"who": who, "text": text, "payload": payload}) + "\n")
        self.typed.flush()
        line = self.heard.readline()
        assert line, self.log.read_text()
        texts, options, owner = json.loads(line)
        reply = Reply(tuple(texts), options, owner)
        assert reply.texts, f"silence after {text!r}"
        return reply


@contextmanager
def talking_with(root: Path, folder: Path) -> Iterator[Talker]:
    """The assistant in a folder, trained and loaded.

    Args:
        root: the assistant's folder.
        folder: where it keeps its database.
    """
    log = folder / "assistant.log"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("LOKET_")},
        "LOKET_ROOT": str(root),
        "LOKET_VAR_DIR": str(folder),
        "LOKET_MODELS_DIR": str(ROOT / "models"),
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
    }
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.support.own_assistant"],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready, _, fingerprint = process.stdout.readline().strip().partition(" ")
        assert ready == "ready", log.read_text()
        yield Talker(process.stdin, process.stdout, log, fingerprint)
        process.stdin.close()
        assert process.wait(60) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


async def _serve() -> None:
    """Answers each line of standard input, as `loket chat` would, with a conversation a name."""
    from bot import extension
    from bot.cli.chat import Terminal
    from bot.logs import logging_setup
    from bot.messages import options_of
    from bot.ops.train import fingerprint, train_if_needed
    from bot.settings_loading import load_settings
    from bot.store.sql.database import Database
    from bot.worker.handler import Handler
    from bot.worker.process import load_assistant, load_config, now
    from channels.webchat import WebChat

    settings = load_settings()
    logging_setup.configure("WARNING", settings.log_format)  # to standard error
    train_if_needed(settings)
    database = Database(settings.database_url)
    database.upgrade()
    extension.load().prepare(settings)
    assistant = await load_assistant(settings, database)
    handler = Handler(database, now, load_config(settings))
    customers: dict[str, Terminal] = {}
    _tell(f"ready {fingerprint(settings.root)}")
    for line in sys.stdin:
        said = json.loads(line)
        who = said["who"]
        terminal = customers.setdefault(
            who, Terminal(database, handler, assistant, WebChat(), who, f"test-{who}")
        )
        handled = await terminal.say(said["text"], said["payload"])
        messages = [sent.message for sent in handled.messages]
        options = {o.title: o.payload for message in messages for o in options_of(message)}
        texts = [message.text for message in messages]
        _tell(json.dumps([texts, options, handled.owner]))
    database.dispose()


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())
