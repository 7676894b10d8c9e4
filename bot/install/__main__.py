"""Installs Loket and everything it needs in an environment of its own, from its wheel.

`python3.11 loket-0.1.0-py3-none-any.whl/bot/install DIR`: Python runs this file from within the
wheel, so it stands alone and uses nothing but the standard library. A plain `pip install` of the
wheel would not do: Rasa says "Python < 3.11" and pins with that in mind; the lock knows what works
(docs/decisions/0001-environment-and-lock.md, 0082-a-wheel-that-installs-itself.md).
"""

from __future__ import annotations

import argparse
import platform
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import Final

LOCK: Final = "bot/install/requirements.lock"
#: What has to be there before the rest: one package comes as source, and is built with these.
_FIRST: Final = ("setuptools", "wheel")
_PIP: Final = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
#: What pip says, and what a person should know of it.
_REASONS: Final = (
    (r"no space left", "the disk is full (the environment needs 2 GB)"),
    (r"permission denied|read-only file", "there is no permission to write there"),
    (r"do not match the hashes", "a downloaded package is not the one that was locked"),
    (
        r"name resolution|connection|network|certificate|timed out|no matching distribution",
        "the package index could not be reached; check the network or proxy, then try again",
    ),
)


class InstallError(Exception):
    """The installation cannot be made; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Installs, and says where the command is.

    Args:
        arguments: of the command line.

    Returns:
        The exit code: 0 done, 1 not possible.
    """
    parser = argparse.ArgumentParser(
        prog="python3.11 loket-….whl/bot/install",
        description="Installs Loket, its libraries in the versions of its lock included.",
    )
    parser.add_argument("folder", type=Path, help="folder of the environment, such as .venv")
    folder = parser.parse_args(arguments).folder.absolute()
    try:
        install(_wheel(), folder)
    except InstallError as error:
        _say(f"loket: {error}")
        return 1
    _say(f"Loket is installed. To make an assistant: {folder / 'bin' / 'loket'} new FOLDER")
    return 0


def install(wheel: Path, folder: Path) -> None:
    """Makes the environment, or brings it up to date.

    Args:
        wheel: Loket's.
        folder: of the environment.

    Raises:
        InstallError: it is not possible; the message says why.
    """
    check_machine(sys.version_info[:2], platform.system(), platform.machine())
    if folder.exists() and not (folder / "pyvenv.cfg").is_file() and _holds_something(folder):
        raise InstallError(f"{folder} holds other things than an environment. Choose a new folder.")
    _say(f"Creating {folder} ...")
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InstallError(
            f"{folder} could not be made ({error}). Choose a folder of your own; on Debian, "
            "Python's venv module comes with 'apt-get install python3.11-venv'."
        ) from error
    lock = zipfile.ZipFile(wheel).read(LOCK).decode()
    count = len(re.findall(r"^[a-z0-9][^ ]*==", lock, re.MULTILINE))
    with tempfile.TemporaryDirectory() as temporary:
        first, everything = Path(temporary, "first.txt"), Path(temporary, "requirements.txt")
        first.write_text("".join(locked(lock, name) for name in _FIRST), encoding="utf-8")
        everything.write_text(lock, encoding="utf-8")
        _pip(folder, "--require-hashes", "--requirement", str(first))
        _say(f"Installing {count} packages (2 GB on disk, a few minutes) ...")
        hashed = ("--require-hashes", "--ignore-requires-python", "--requirement")
        _pip(folder, *hashed, str(everything))
    _say("Installing the loket command ...")
    _pip(folder, "--force-reinstall", str(wheel))


def check_machine(python: tuple[int, ...], system: str, machine: str) -> None:
    """Refuses a machine that the locked packages are not made for.

    Raises:
        InstallError: it is one.
    """
    if python != (3, 11):
        raise InstallError(
            f"Loket needs Python 3.11; this is {python[0]}.{python[1]}. On Debian 12: 'apt-get "
            "install python3.11 python3.11-venv', then start this command with python3.11."
        )
    if (system, machine) != ("Linux", "x86_64"):
        raise InstallError(
            f"Loket's libraries are there for Linux on x86-64; this is {system} on {machine}. Use "
            "such a machine or container."
        )


def locked(lock: str, name: str) -> str:
    """The lines of one package in a lock, with its hashes.

    Raises:
        InstallError: the lock does not hold it.
    """
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    if found is None:
        raise InstallError(f"the lock in the wheel lacks {name}; build the wheel anew.")
    return found[0]


def _wheel() -> Path:
    """The wheel that this file is run from."""
    wheel = Path(__file__).absolute().parents[2]
    if not wheel.is_file():
        raise InstallError(
            "this is started from the wheel: python3.11 loket-….whl/bot/install FOLDER. In a "
            "checkout, 'make wheel' builds it and 'make env' makes an environment."
        )
    return wheel


def _holds_something(folder: Path) -> bool:
    return not folder.is_dir() or any(folder.iterdir())


def _pip(folder: Path, *arguments: str) -> None:
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", *_PIP, *arguments]
    done = subprocess.run(  # noqa: S603 - pip of the environment that was just made
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise InstallError(f"installing failed: {explain(done.stdout)}.")


def explain(output: str) -> str:
    """What went wrong, in words; else the last lines that pip wrote."""
    for pattern, reason in _REASONS:
        if re.search(pattern, output, re.IGNORECASE):
            return reason
    return "pip says: " + " / ".join(output.strip().splitlines()[-3:])


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
