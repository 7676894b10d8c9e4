"""The supervisor keeps real processes alive, stops them together and leaves no orphan."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.process.supervisor import HOPELESS, Child, Patience, Supervisor
from bot.process.watchdog import WatchdogLimits

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


async def test_what_worked_before_is_started_again(tmp_path: Path) -> None:
    """A database that is away at a restart is no wrong configuration, though it ends a start so."""
    file, said = tmp_path / "starts", list[str]()
    code = f"""
        import pathlib, sys
        with open(sys.argv[1], "a") as file:
            file.write("1\\n")
        raise SystemExit({HOPELESS} if pathlib.Path(sys.argv[1]).stat().st_size > 2 else 1)
    """
    stop = asyncio.Event()
    running = asyncio.create_task(
        Supervisor([child("web", code, file)], said.append, FAST).run(stop)
    )
    await until(lambda: len(said) >= 4)
    stop.set()
    assert await running == 0
    assert said[1].startswith(f"web stopped (exit code {HOPELESS}); starting it again")


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
        from bot.process.supervisor import Child, Supervisor
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


#: A child that gives signs of life, notes its start, and then does what it is told to.
BEATS = """
    import asyncio, os, signal, sys, threading, time
    from bot.process.liveness import Liveness
    beats = Liveness.of_this_process()
    beat = beats.register(sys.argv[2])

    def sleeps_in_the_loop():
        while True:
            time.sleep(1)

    def spins_without_awaiting():
        while True:
            pass

    def deadlocks():
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()

    def starts_a_loop_that_dies():
        async def fail():
            async with beats.register("delivery").beating():
                await asyncio.sleep(0.1)
                raise OSError
        threading.excepthook = lambda _: None
        threading.Thread(target=lambda: asyncio.run(fail()), daemon=True).start()

    def starts_a_loop_that_hangs():
        async def hang():
            async with beats.register("delivery").beating():
                await asyncio.sleep(0)
                time.sleep(100)
        threading.Thread(target=lambda: asyncio.run(hang()), daemon=True).start()

    def starts_a_loop_that_ends():
        async def end():
            async with beats.register("delivery").beating():
                await asyncio.sleep(0)
        threading.Thread(target=lambda: asyncio.run(end()), daemon=True).start()

    def is_slow():
        with beats.slow():
            time.sleep(4)

    def lives():
        pass

    async def main():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: None)
        async with beat.beating():
            await asyncio.sleep(0.1)
            with open(sys.argv[1], "a") as file:
                file.write(f"{os.getpid()}\\n")
            globals()[sys.argv[3]]()
            await asyncio.Event().wait()

    if sys.argv[3] == "never_begins":
        with open(sys.argv[1], "a") as file:
            file.write(f"{os.getpid()}\\n")
        sleeps_in_the_loop()
    if sys.argv[3] == "begins_late":
        time.sleep(4)
        sys.argv[3] = "lives"
    asyncio.run(main())
"""
WATCHED = Patience(
    first_restart=0.05,
    longest_restart=0.2,
    stop=0.5,
    hung=0.4,
    limits=WatchdogLimits(silence=2, start=30),
)


def beating(file: Path, does: str) -> Child:
    """A child that does something, and writes its standard error beside the file."""
    command = 'log=$1; shift; exec "$@" 2>>"$log"'
    python = child("worker", BEATS, file, "worker", does).command
    return Child("worker", ("sh", "-c", command, "sh", f"{file}.log", *python), beats=True)


@asynccontextmanager
async def supervised(
    watched: Child, said: list[str], patience: Patience = WATCHED
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(Supervisor([watched], said.append, patience).run(stop))
    try:
        yield
    finally:
        stop.set()
        assert await running == 0


@pytest.mark.parametrize(
    ("does", "loop", "place"),
    [
        ("sleeps_in_the_loop", "", "in sleeps_in_the_loop"),
        ("spins_without_awaiting", "", "in spins_without_awaiting"),
        ("deadlocks", "", "in deadlocks"),
        ("starts_a_loop_that_dies", " of its loop delivery", "in run_forever"),
        ("starts_a_loop_that_hangs", " of its loop delivery", "in hang"),
    ],
)
async def test_a_child_that_hangs_is_started_again(
    tmp_path: Path, does: str, loop: str, place: str
) -> None:
    """It heeds no SIGTERM; before its end it shows where it was."""
    file, said = tmp_path / "worker", list[str]()
    async with supervised(beating(file, does), said):
        await until(lambda: len(pids(file)) >= 2, 60)
        assert not alive(pids(file)[0])
    assert said[:2] == [
        f"worker gives no sign of life{loop} for 2 s and is ended.",
        "worker stopped (signal 9); starting it again in 0.05 s.",
    ]
    assert place in Path(f"{file}.log").read_text()


async def test_a_child_that_is_stopped_is_started_again(tmp_path: Path) -> None:
    """SIGSTOP: every thread of it stands still, and so does its signal handling."""
    file, said = tmp_path / "worker", list[str]()
    async with supervised(beating(file, "lives"), said):
        await until(lambda: bool(pids(file)))
        os.kill(pids(file)[0], signal.SIGSTOP)
        await until(lambda: len(pids(file)) == 2, 60)
        assert not alive(pids(file)[0])
    assert said[0] == "worker gives no sign of life for 2 s and is ended."


async def test_a_child_that_never_begins_is_started_again(tmp_path: Path) -> None:
    file, said = tmp_path / "worker", list[str]()
    patience = replace(WATCHED, limits=WatchdogLimits(silence=2, start=3))
    async with supervised(beating(file, "never_begins"), said, patience):
        await until(lambda: len(pids(file)) >= 2, 60)
    assert said[0] == "worker gives no sign of life for 3 s and is ended."


@pytest.mark.parametrize("does", ["begins_late", "is_slow", "starts_a_loop_that_ends", "lives"])
async def test_a_child_that_does_not_hang_is_left_alone(tmp_path: Path, does: str) -> None:
    """A slow start, a model that loads, and a loop that is done are no reason to end a process."""
    file, said = tmp_path / "worker", list[str]()
    patience = replace(WATCHED, limits=WatchdogLimits(silence=3, start=60))
    async with supervised(beating(file, does), said, patience):
        await until(lambda: bool(pids(file)))
        await asyncio.sleep(6)
        assert len(pids(file)) == 1
        assert alive(pids(file)[0])
    assert said == ["worker did not stop in 0.5 s and is ended."]


async def test_a_supervisor_that_slept_ends_nobody(tmp_path: Path) -> None:
    """A laptop that was closed: neither it nor its children ran."""
    file = tmp_path / "worker"
    code = f"""
        import asyncio, sys
        from bot.process.supervisor import Child, Patience, Supervisor
        from bot.process.watchdog import WatchdogLimits
        child = Child("worker", (sys.executable, "-c", {textwrap.dedent(BEATS)!r}, {str(file)!r},
            "worker", "lives"), beats=True)
        patience = Patience(limits=WatchdogLimits(silence=3, start=30))
        asyncio.run(Supervisor([child], print, patience).run(asyncio.Event()))
    """
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen([sys.executable, "-uc", textwrap.dedent(code)], stdout=said)
    try:
        await until(lambda: bool(pids(file)))
        for pid in (process.pid, pids(file)[0]):
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(5)
        for pid in (process.pid, pids(file)[0]):
            os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(3)
        assert alive(pids(file)[0])
        assert (tmp_path / "said").read_text() == ""
    finally:
        process.kill()
        process.wait(10)
        os.kill(pids(file)[0], signal.SIGKILL)


async def test_what_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    """No memory or process is left for it just now; the others go on."""
    said: list[str] = []
    missing = Child("worker", (str(tmp_path / "nothing"),), beats=True)
    async with supervised(missing, said):
        await until(lambda: len(said) >= 2)
    assert said[0] == (
        "worker could not be started (No such file or directory); starting it again in 0.05 s."
    )
