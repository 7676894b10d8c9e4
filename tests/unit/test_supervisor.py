"""The supervisor keeps real processes alive, stops them together and leaves no orphan."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.supervisor import HOPELESS, Child, Patience, Supervisor

#: A child that notes each start, then waits; ends cleanly at SIGTERM.
STAYS = """
    import os, pathlib, signal, sys, time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open(sys.argv[1], "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(60)
"""
DEAF = STAYS.replace("lambda *_: sys.exit(0)", "signal.SIG_IGN")
FAST = Patience(first_restart=0.05, longest_restart=0.2, stop=0.5)


def child(name: str, code: str, *arguments: object) -> Child:
    return Child(name, (sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)))


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


async def test_children_stop_together_and_cleanly(tmp_path: Path) -> None:
    """A signal to the supervisor ends every child, with exit code 0."""
    files = [tmp_path / "a", tmp_path / "b"]
    said: list[str] = []
    stop = asyncio.Event()
    running = asyncio.create_task(
        Supervisor([child(file.name, STAYS, file) for file in files], said.append, FAST).run(stop)
    )
    await until(lambda: all(pids(file) for file in files))
    stop.set()
    assert await running == 0
    assert not any(alive(pid) for file in files for pid in pids(file))
    assert said == []


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    """The others do not notice, and the terminal says what happened."""
    file, other = tmp_path / "web", tmp_path / "worker"
    said: list[str] = []
    stop = asyncio.Event()
    children = [child("web", STAYS, file), child("worker", STAYS, other)]
    running = asyncio.create_task(Supervisor(children, said.append, FAST).run(stop))
    await until(lambda: len(pids(file)) == 1 and len(pids(other)) == 1)
    os.kill(pids(file)[0], signal.SIGKILL)
    await until(lambda: len(pids(file)) == 2)
    assert said == ["web stopped (signal 9); starting it again in 0.05 s."]
    assert len(pids(other)) == 1
    stop.set()
    assert await running == 0


async def test_waiting_grows_while_a_child_keeps_dying(tmp_path: Path) -> None:
    """A child that cannot live does not keep the machine busy."""
    said: list[str] = []
    stop = asyncio.Event()
    dies = child("worker", "raise SystemExit(3)")
    running = asyncio.create_task(Supervisor([dies], said.append, FAST).run(stop))
    await until(lambda: len(said) >= 4)
    stop.set()
    assert await running == 0
    waits = [sentence.split(" in ")[1] for sentence in said[:4]]
    assert waits == ["0.05 s.", "0.1 s.", "0.2 s.", "0.2 s."]
    assert "exit code 3" in said[0]


async def test_a_wrong_configuration_ends_everything(tmp_path: Path) -> None:
    """Starting again would give the same error for ever."""
    file = tmp_path / "worker"
    children = [
        child("worker", STAYS, file),
        child("web", f"import time; time.sleep(0.5); raise SystemExit({HOPELESS})"),
    ]
    assert await Supervisor(children, lambda _: None, FAST).run(asyncio.Event()) == HOPELESS
    assert not any(map(alive, pids(file)))


async def test_a_child_that_does_not_listen_is_ended(tmp_path: Path) -> None:
    """Ctrl-C always gives the terminal back."""
    file = tmp_path / "deaf"
    said: list[str] = []
    stop = asyncio.Event()
    running = asyncio.create_task(
        Supervisor([child("deaf", DEAF, file)], said.append, FAST).run(stop)
    )
    await until(lambda: bool(pids(file)))
    stop.set()
    assert await running == 0
    assert said == ["deaf did not stop in 0.5 s and is ended."]
    assert not alive(pids(file)[0])


async def test_a_child_gets_its_environment(tmp_path: Path) -> None:
    """The worker's stable name reaches it; the rest of the environment stays."""
    file = tmp_path / "name"
    code = "import os, sys; open(sys.argv[1], 'w').write(os.environ['NAME'] + os.environ['PATH'])"
    wanted = Child("w", (sys.executable, "-c", code, str(file)), {"NAME": "w-1 "})
    stop = asyncio.Event()
    running = asyncio.create_task(Supervisor([wanted], lambda _: None, FAST).run(stop))
    await until(lambda: file.exists() and bool(file.read_text()))
    stop.set()
    await running
    assert file.read_text() == f"w-1 {os.environ['PATH']}"


@pytest.mark.parametrize("killed", [signal.SIGKILL, signal.SIGTERM])
async def test_no_orphan_when_the_supervisor_is_killed(
    tmp_path: Path, killed: signal.Signals
) -> None:
    """Even kill -9 takes the children along: no worker goes on answering unseen."""
    file = tmp_path / "child"
    supervisor = f"""
        import asyncio, sys
        from bot.supervisor import Child, Supervisor
        child = Child("stays", (sys.executable, "-c", {textwrap.dedent(STAYS)!r}, {str(file)!r}))
        asyncio.run(Supervisor([child], print).run(asyncio.Event()))
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(supervisor)])
    try:
        await until(lambda: bool(pids(file)))
        assert alive(pids(file)[0])
    finally:
        process.send_signal(killed)
        process.wait(10)
    await until(lambda: not alive(pids(file)[0]))
