"""Which model a worker loads: that of the content, else the newest that works."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import structlog

from bot.errors import ModelMissing
from bot.ops.train import fingerprint, models
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.worker.process import load_assistant

pytestmark = pytest.mark.usefixtures("no_assistant")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project with content and an empty folder of models."""
    (tmp_path / "config.yml").write_text("language: nl\n")
    (tmp_path / "models").mkdir()
    return load_settings({"LOKET_VAR_DIR": str(tmp_path / "var")}, tmp_path)


def archive(settings: Settings, name: str, age: float) -> Path:
    """A model's file, so many seconds old."""
    path = settings.models_dir / f"loket-{name}.tar.gz"
    path.touch()
    path.with_name(f"loket-{name}.json").write_text('{"components": ["RulePolicy"]}')
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the models that can be loaded, to be filled in."""
    good: set[str] = set()

    async def load(path: Path, _database: Any) -> str:
        if path.name not in good:
            raise ModelMissing("damaged")
        return path.name

    module = ModuleType("bot.core.assistant")
    monkeypatch.setattr(module, "RasaAssistant", SimpleNamespace(load=load), raising=False)
    monkeypatch.setitem(sys.modules, "bot.core.assistant", module)
    return good


async def chosen(settings: Settings) -> Any:
    """The model that is loaded."""
    return await load_assistant(settings, None)  # type: ignore[arg-type]


async def test_that_of_the_content_comes_first(settings: Settings, loads: set[str]) -> None:
    """However old it is: going back to earlier content finds its model."""
    own = archive(settings, fingerprint(settings.root)[:12], age=1000)
    newer = archive(settings, "b", age=10)
    loads |= {own.name, newer.name}
    assert models(settings) == (own, newer)
    with structlog.testing.capture_logs() as logged:
        assert await chosen(settings) == own.name
    assert logged == []


async def test_content_that_changed_without_training(settings: Settings, loads: set[str]) -> None:
    """The newest model that loads serves, and the log says so as an error."""
    archive(settings, "newest", age=1)
    works = archive(settings, "works", age=10)
    archive(settings, "oldest", age=100)
    loads.add(works.name)
    with structlog.testing.capture_logs() as logged:
        assert await chosen(settings) == works.name
    assert [(line["event"], line["log_level"]) for line in logged] == [
        ("model_unusable", "error"),
        ("model_is_not_of_this_content", "error"),
    ]


async def test_no_model_at_all(settings: Settings, loads: set[str]) -> None:
    """Then a person answers, and the reason names the way out."""
    archive(settings, "broken", age=1)
    with pytest.raises(ModelMissing, match="loket train"):
        await chosen(settings)
