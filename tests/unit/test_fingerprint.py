"""Which model belongs to the content: the fingerprint, and finding or missing its model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import ModelMissing
from bot.ops.train import current_model, ensure_model, fingerprint
from bot.settings import Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text("language: nl\n")
    (tmp_path / "domain.yml").write_text("intents: [greet]\n")
    (tmp_path / "data" / "nlu" / "greet.yml").write_text("nlu: []\n")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "config.yml").write_text("language: en\n"),
        lambda root: (root / "domain.yml").write_text("intents: [hoi]\n"),
        lambda root: (root / "data" / "nlu" / "greet.yml").write_text("nlu: [1]\n"),
        lambda root: (root / "data" / "nlu" / "new.yml").write_text("nlu: []\n"),
        lambda root: (root / "data" / "nlu" / "greet.yml").rename(root / "data" / "greet.yml"),
        lambda root: (root / "data" / "nlu" / "greet.yml").unlink(),
    ],
)
def test_each_change_of_content_asks_for_a_new_model(
    root: Path, change: Callable[[Path], object]
) -> None:
    """Edited, added, renamed, removed."""
    before = fingerprint(root)
    change(root)
    assert fingerprint(root) != before


def test_other_files_do_not(root: Path) -> None:
    """A README, a draft, a touched file, other hours or own words are no reason to train."""
    before = fingerprint(root)
    (root / "data" / "organisation.yml").write_text("contact: {}")
    (root / "data" / "texts.yml").write_text('chat.failed: "Oeps."')
    (root / "README.md").write_text("hoi")
    (root / "data" / "draft.txt").write_text("hoi")
    (root / "config.yml").touch()
    assert fingerprint(root) == before


def test_the_place_does_not_count(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A model trained on one machine is found on another."""
    before = fingerprint(root)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "loket"
    root.rename(elsewhere)
    assert fingerprint(elsewhere) == before


def test_a_missing_model_says_how_to_get_one(root: Path) -> None:
    """Exit code 69 and the command to run."""
    with pytest.raises(ModelMissing, match="loket train") as caught:
        current_model(Settings.load({}, root))
    assert caught.value.exit_code == 69


def test_a_model_that_is_there_is_used(root: Path) -> None:
    """Nothing is imported or trained, and no step is shown."""
    settings = Settings.load({}, root)
    settings.models_dir.mkdir()
    model = settings.models_dir / f"loket-{fingerprint(root)[:12]}.tar.gz"
    model.write_bytes(b"")
    steps: list[tuple[int, int, str]] = []
    found = ensure_model(settings, progress=lambda *step: steps.append(step))
    assert found == current_model(settings) == model
    assert steps == []
