"""A command that reads standard input gets every line, and can be left while it waits."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ECHO = """
    import asyncio, threading, time
    from bot.cli import terminal_input

    async def main():
        try:
            print("ready", flush=True)
            async for line in terminal_input.lines():
                print(repr(line), flush=True)
        finally:
            print("tidy")

    terminal_input.run(main())
"""
#: As when Rasa is being imported: a thread of the pool that nothing can stop.
BUSY = ECHO.replace(
    'print("ready", flush=True)',
    'print("ready", flush=True); await asyncio.to_thread(time.sleep, 60)',
)


def start(program: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", textwrap.dedent(program)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)


def test_every_line_comes_to_the_end() -> None:
    """Empty ones, a last one without an end, and bytes that are no UTF-8."""
    with start(ECHO) as process:
        out, err = process.communicate(b"hoi\r\n\n\xff\n" + "één".encode(), timeout=20)
    assert out.decode().splitlines() == ["ready", "'hoi'", "''", "'\ufffd'", "'één'", "tidy"]
    assert (process.returncode, err) == (0, b"")


def test_a_file_can_be_read_too(tmp_path: Path) -> None:
    """More lines than are kept ready."""
    (tmp_path / "in").write_text("hoi\n" * 500)
    command = [sys.executable, "-c", textwrap.dedent(ECHO)]
    with (tmp_path / "in").open() as file:
        done = subprocess.run(command, cwd=ROOT, stdin=file, capture_output=True, check=True)
    assert done.stdout.count(b"'hoi'") == 500


@pytest.mark.parametrize("program", [ECHO, BUSY], ids=["waiting", "busy"])
def test_an_interrupt_ends_it_at_once(program: str) -> None:
    """With exit code 130, tidied up, and without a traceback."""
    with start(program) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130
        assert process.stdout.read() == b"tidy\n"
        assert process.stderr.read() == b""
