"""Which model belongs to the content: the fingerprint, and finding or missing its model."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, ModelMissing
from bot.ops.progress import Progress
from bot.ops.train import current_model, ensure_model, fingerprint
from bot.settings import Settings
from bot.settings_loading import load_settings

ORGANISATION = """\
organisation: {name: Zaak}
opening_hours: {monday: ["9:00", "18:00"]}
contact: {phone: "1", email: a@example.org, website: example.org}
"""
pytestmark = pytest.mark.usefixtures("no_assistant")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text("language: nl\n")
    (tmp_path / "domain.yml").write_text("intents: [greet]\n")
    (tmp_path / "data" / "nlu" / "greet.yml").write_text("nlu: []\n")
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "lend.py").write_text("class Form:\n    task = 'lend'\n")
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
        lambda root: (root / "actions" / "lend.py").write_text("class Form:\n    task = 'take'\n"),
        lambda root: (root / "actions" / "lend.py").unlink(),
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
    """A README, a draft, a touched file, other hours, own words or the code of an action."""
    code = root / "actions" / "lend.py"
    code.write_text(f"{code.read_text()}    def run(self):\n        first()\n")
    before = fingerprint(root)
    (root / "data" / "organisation.yml").write_text("contact: {}")
    (root / "data" / "texts.yml").write_text('chat.failed: "Oeps."')
    (root / "README.md").write_text("hoi")
    (root / "data" / "draft.txt").write_text("hoi")
    (root / "config.yml").touch()
    code.write_text(code.read_text().replace("first()", "second()"))
    assert fingerprint(root) == before


@pytest.mark.parametrize(
    ("options", "trained"),
    [
        ("{kind: task, title: Vacatures}", True),
        ("{title: Vacatures, entities: [branch]}", True),
        ("{alone: true}", True),
        ("{told: [asked_job]}", True),
        ("{urgent: true}", False),
    ],
)
def test_a_topic_that_the_model_uses_does(root: Path, options: str, *, trained: bool) -> None:
    """Components keep what they need of the topics; the rest is read at a start."""
    before = fingerprint(root)
    (root / "data" / "organisation.yml").write_text(f"topics:\n  vacatures: {options}\n")
    assert (fingerprint(root) != before) is trained


def test_the_place_does_not_count(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A model trained on one machine is found on another."""
    before = fingerprint(root)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "loket"
    root.rename(elsewhere)
    assert fingerprint(elsewhere) == before


def test_a_missing_model_says_how_to_get_one(root: Path) -> None:
    """Exit code 69 and the command to run."""
    with pytest.raises(ModelMissing, match="loket train") as caught:
        current_model(load_settings({}, root))
    assert caught.value.exit_code == 69


def with_a_model(root: Path) -> tuple[Settings, Path]:
    """A project that has the model of its content."""
    settings = load_settings({}, root)
    settings.models_dir.mkdir()
    model = settings.models_dir / f"loket-{fingerprint(root)[:12]}.tar.gz"
    model.write_bytes(b"")
    return settings, model


def test_a_model_that_is_there_is_used(root: Path) -> None:
    """Nothing is imported or trained, and no step is shown."""
    (root / "data" / "organisation.yml").write_text(ORGANISATION)
    settings, model = with_a_model(root)
    shown = io.StringIO()
    with Progress("Training", shown) as listener:
        found = ensure_model(settings, listener=listener)
    assert found == current_model(settings) == model
    assert shown.getvalue() == ""


def test_an_organisation_that_no_start_would_accept_is_told_before_a_training(root: Path) -> None:
    """And not when everybody has waited for the model; also when the model is there already."""
    settings, _ = with_a_model(root)
    (root / "data" / "organisation.yml").write_text("organisation: {name: Zaak}\n")
    for force in (True, False):
        with pytest.raises(ConfigurationError, match=r"data/organisation\.yml"):
            ensure_model(settings, force=force, listener=Progress("Training", io.StringIO()))
