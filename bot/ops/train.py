"""Finds the model that belongs to the present content, and trains it when there is none."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bot import clock, organisation
from bot.assistant_code import PACKAGE
from bot.core import safeguard_check, stand_ins, used_components
from bot.core.training_listener import TrainingListener
from bot.errors import ConfigurationError, ModelMissing
from bot.ops.declarations import declarations
from bot.ops.progress import Progress
from bot.settings import Settings
from bot.topics import declared
from bot.topics.facts import TopicFacts
from bot.topics.topics import Topics

_BOT = Path(__file__).parent.parent
#: Modules that a model is made by: folders, and what the importer takes from the dialogue engine.
_CODE = (
    "acts/**/*.py",
    "acts/**/*.yml",
    "core/**/*.py",
    "dutch/**/*.py",
    "knowledge/**/*.py",
    "dialogue/answer_limits.py",
    "safety/**/*.py",
    "safety/**/*.yml",
    "dialogue/domain_names.py",
    "dialogue/form_endings.py",
    "dialogue/response_placeholders.py",
    "dialogue/shown_values.py",
    "dialogue/slot_mappings.py",
    "dialogue/starting_intents.py",
    "dialogue/yaml_form.py",
    "topics/rule_steps.py",
    "topics/starting_rules.py",
)
#: In data/, but read when Loket runs: a change needs a restart, no training.
_NO_TRAINING = ("data/organisation.yml", "data/answers.yml", "data/texts.yml")


def fingerprint(root: Path) -> str:
    """A hash of everything a model is made from: content, components and Rasa's version.

    Args:
        root: folder of the project.

    Returns:
        SHA-256 in 64 hexadecimal characters; the same on every machine.
    """
    digest = hashlib.sha256(f"rasa {version('rasa')}\n".encode())
    for name, path in _sources(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content} {name}\n".encode())
    # The importer makes rules and entries of the domain from these.
    for path in sorted((root / PACKAGE).glob("**/*.py")):
        stated = hashlib.sha256(declarations(path.read_bytes())).hexdigest()
        digest.update(f"{stated} {path.relative_to(root).as_posix()}\n".encode())
    facts = TopicFacts.of(Topics(declared.content(root)))
    digest.update(f"topics {facts.dumps()}\n".encode())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    content = {root / "config.yml", root / "domain.yml", *root.glob("data/**/*.yml")}
    content |= set(root.glob("data/knowledge/*.md"))
    found = {path.relative_to(root).as_posix(): path for path in content if path.is_file()}
    for name in _NO_TRAINING:
        found.pop(name, None)
    for pattern in _CODE:
        for path in _BOT.glob(pattern):
            found[f"bot/{path.relative_to(_BOT).as_posix()}"] = path
    yield from sorted(found.items())


def _archive(settings: Settings, source: str) -> Path:
    return settings.models_dir / f"loket-{source[:12]}.tar.gz"


def current_model(settings: Settings) -> Path:
    """The model trained on the present content.

    Raises:
        ModelMissing: there is none yet.
    """
    path = _archive(settings, fingerprint(settings.root))
    if not path.is_file():
        raise ModelMissing(
            "There is no model trained on the present content. Train one: loket train"
        )
    return path


def is_current(settings: Settings, model: Path) -> bool:
    """Whether a model was trained on the present content."""
    return model == _archive(settings, fingerprint(settings.root))


def models(settings: Settings) -> tuple[Path, ...]:
    """The models that are there: that of the present content first, then the newest.

    A model that vanishes meanwhile, as when old ones are cleared away, is left out.
    """
    current = _archive(settings, fingerprint(settings.root))
    found: list[tuple[bool, float, Path]] = []
    for path in settings.models_dir.glob("loket-*.tar.gz"):
        with contextlib.suppress(FileNotFoundError):
            found.append((path == current, path.stat().st_mtime, path))
    return tuple(path for *_, path in sorted(found, reverse=True))


def ensure_model(settings: Settings, *, force: bool = False, listener: TrainingListener) -> Path:
    """The model of the present content, trained now if it is not there.

    The archive appears whole or not at all; `<name>.json` beside it says when, from what and in how
    many seconds it was made.

    Args:
        settings: where the content and the models are.
        force: train even if the model is there.
        listener: told about each step of a training.

    Raises:
        ConfigurationError: the content has an error, or the folder of models cannot be written.
    """
    source = fingerprint(settings.root)  # taken before training: content may change meanwhile
    organisation.load(settings.root)  # no part of the model, but no start would accept its faults
    path = _archive(settings, source)
    if path.is_file() and not force:
        return path
    check_models_folder(settings)
    listener.step(0, 0, "loading Rasa")
    used = used_components.of_content(settings.root)
    stand_ins.keep_tensorflow_out(used, wanted=settings.tensorflow)
    # Rasa takes seconds and much memory to import: only a training pays for it.
    with stand_ins.lean_import():
        from bot.core.training import train  # noqa: PLC0415

    draft = path.with_name(f".{os.getpid()}-{path.name}")
    began = time.monotonic()
    try:
        train(settings.root, draft, listener)
        seconds = round(time.monotonic() - began, 1)
        _describe(path, source, seconds, used)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def check_models_folder(settings: Settings) -> None:
    """Makes the folder of models, and writes in it: before a training, not after.

    Raises:
        ConfigurationError: nothing can be written there.
    """
    folder = settings.models_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # also a volume that is read-only, as for root
            pass
    except OSError as error:
        raise ConfigurationError(
            f"No model can be written in {folder} ({error.strerror}). Make it a folder that Loket "
            "may write in, or name another one in LOKET_MODELS_DIR."
        ) from error


def _describe(path: Path, source: str, seconds: float, components: tuple[str, ...]) -> None:
    facts = {
        "fingerprint": source,
        "trained_at": clock.now().isoformat(timespec="seconds"),
        "seconds": seconds,
        "loket": version("loket"),
        "rasa": version("rasa"),
        "python": platform.python_version(),
        used_components.KEY: components,
    }
    name = path.name.removesuffix(".tar.gz")
    path.with_name(f"{name}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def train_if_needed(settings: Settings) -> Path:
    """The model of the present content; a training, when it takes one, shows how far it is.

    Raises:
        ConfigurationError: as `ensure_model`; a safeguard lacks something in the content.
    """
    safeguard_check.check(settings.root)
    try:
        return current_model(settings)
    except ModelMissing:
        with Progress("Training") as line:
            return ensure_model(settings, listener=line)
