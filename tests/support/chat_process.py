"""`loket` in a process of its own, working on an assistant other than the one of these tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parents[2]
_LOKET = (sys.executable, "-m", "bot.cli")


def environment(root: Path, var: Path) -> dict[str, str]:
    """For a child that works on an assistant; its model is kept beside this repository's."""
    return {
        **os.environ,
        "PYTHONPATH": str(HERE),
        "LOKET_ROOT": str(root),
        "LOKET_VAR_DIR": str(var),
        "LOKET_MODELS_DIR": str(HERE / "models"),
    }


def loket(
    root: Path, var: Path, *arguments: str, said: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs a command on an assistant, from its folder; `said` is its standard input."""
    return subprocess.run(
        [*_LOKET, *arguments],
        cwd=root,
        env=environment(root, var),
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class ChatProcess:
    """A conversation with an assistant, by `loket chat --json`.

    Attributes:
        root: the assistant's folder.
        var: where it writes.
        replies: the newest ones.
        owner: who owns the conversation.
    """

    root: Path
    var: Path
    replies: list[dict[str, Any]] = field(default_factory=list)
    owner: str = ""

    def __enter__(self) -> ChatProcess:
        self._process = subprocess.Popen(
            [*_LOKET, "chat", "--json"],
            cwd=self.root,
            env=environment(self.root, self.var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def say(self, text: str) -> str:
        """The replies to a message, a line each."""
        typed, told = _open(self._process.stdin), _open(self._process.stdout)
        typed.write(f"{text}\n")
        typed.flush()
        told_of = json.loads(told.readline())
        self.replies, self.owner = told_of["replies"], told_of["state"]["owner"]
        assert self.replies, f"silence after {text!r}"
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def options(self) -> list[dict[str, str]]:
        """What can be chosen now."""
        return [option for reply in self.replies for option in reply["options"]]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the newest replies."""
        return [reply["kind"] for reply in self.replies]


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
