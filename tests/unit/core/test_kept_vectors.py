"""A training encodes what no training before it did; whatever happens to the file, it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core import encoder, kept_vectors
from bot.core.encoder import DIMENSIONS, encode_all, remembering
from bot.dutch.spelling import plain


def made_of(said: str) -> NDArray[np.float32]:
    """A vector that no other text has."""
    return np.random.default_rng(list(said.encode())).random(DIMENSIONS, dtype=np.float32)


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """What was encoded, in a cache of its own; the network itself has other tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked: list[str] = []

    def vectors(cleaned: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(cleaned)
        made = [made_of(said) if said else np.zeros(DIMENSIONS) for said in cleaned]
        return np.array(made, dtype=np.float32).reshape(-1, DIMENSIONS)

    monkeypatch.setattr(encoder, "_vectors", vectors)
    yield asked
    assert not list(tmp_path.rglob("partial-*"))


def trained(texts: Sequence[str]) -> NDArray[np.float32]:
    """What one training gets for its texts."""
    with remembering():
        return encode_all(texts)


def kept_in(folder: Path) -> Path:
    """The file of what was encoded."""
    (file,) = (folder / "loket").glob("*-vectors.npy")
    return file


@given(rounds=st.lists(st.lists(st.text(max_size=8), max_size=12), min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_each_text_is_encoded_once_and_gets_its_own(
    encoded: list[str], rounds: list[list[str]]
) -> None:
    """Whatever the trainings share."""
    for texts in rounds:
        found = trained(texts)
        cleaned = [plain(text) for text in texts]
        right = [made_of(said) if said else np.zeros(DIMENSIONS) for said in cleaned]
        np.testing.assert_array_equal(found, np.reshape(right, (-1, DIMENSIONS)))
    assert len(encoded) == len(set(encoded))


def shorten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def of_another_length(file: Path) -> None:
    row = np.dtype([("digest", "V16"), ("vector", "<f4", (3,))])
    np.save(file, np.zeros(1, dtype=row), allow_pickle=False)


def no_array(file: Path) -> None:
    file.write_text("no array")


def gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("harm", [shorten, of_another_length, no_array, gone])
def test_a_damaged_file_is_made_anew(
    encoded: list[str], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    before = trained(["waar is mijn pakket", "hoi"])
    harm(kept_in(tmp_path))
    np.testing.assert_array_equal(trained(["waar is mijn pakket", "hoi"]), before)
    assert len(encoded) == 4
    trained(["hoi"])
    assert len(encoded) == 4


def test_without_a_place_nothing_is_kept(
    encoded: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The cache is a file, or not of this user: a training goes on all the same."""
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        np.testing.assert_array_equal(trained(["hoi"]), [made_of("hoi")])
    assert encoded == ["hoi", "hoi"]
    assert not Path("relative").exists()


def test_the_file_has_an_end(
    encoded: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the last training used stays before what others did."""
    monkeypatch.setattr(kept_vectors, "MOST", 3)
    trained(["een", "twee"])
    trained(["drie", "vier"])
    assert len(np.load(kept_in(tmp_path))) == 3
    encoded.clear()
    trained(["drie", "vier"])
    assert encoded == []


def test_outside_a_training_nothing_is_kept(encoded: list[str], tmp_path: Path) -> None:
    """What customers write never gets there."""
    encode_all(["hoi"])
    encode_all(["hoi"])
    assert encoded == ["hoi", "hoi"]
    assert not list(tmp_path.rglob("*.npy"))
