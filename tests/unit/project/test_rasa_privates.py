"""Where the framework leans on what Rasa does not promise, it does so under a version check."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import bot.core
import bot.dialogue
from bot.core import rasa_versions
from bot.core.rasa_versions import Patch
from bot.errors import ConfigurationError

#: Modules that use private parts of Rasa's classes, and the patch that says for which version.
UNDER: dict[str, Patch] = {
    "bot.core.moments": rasa_versions.KEPT_STATES,
    "bot.core.policies.indexed_rules": rasa_versions.INDEXED_POLICIES,
    "bot.core.policies.memoised_stories": rasa_versions.INDEXED_POLICIES,
    "bot.core.slot_features": rasa_versions.KEPT_STATES,
    "bot.core.tracker_replay": rasa_versions.KEPT_STATES,
    "bot.core.training": rasa_versions.TRAINED_MODEL,
    "bot.dialogue.registration": rasa_versions.ACTIONS,
}
#: What Rasa's documentation of own policies and tokenizers tells to call; and Python's own.
FOR_SUBCLASSES = {"_prediction", "_default_predictions", "_apply_token_pattern", "_abc_impl"}
#: These hold the patches themselves, each under its own check.
PATCHING = {"bot.core.rasa_patches", "bot.core.rasa_shortcuts", "bot.core.rasa_clock"}


def modules() -> Iterator[ModuleType]:
    for package in (bot.core, bot.dialogue):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def of_rasa(module: ModuleType) -> set[str]:
    """Private names that a module uses of Rasa's classes, in classes of its own or from outside."""
    return taken_from(module) | {
        name
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
        for name in used(kind)
        if name not in FOR_SUBCLASSES
        and any(name in vars(base) for base in kind.__mro__ if is_rasa(base))
    }


def taken_from(module: ModuleType) -> set[str]:
    """Private names that a module takes from a class of Rasa by the class's name."""
    return {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Attribute)
        and re.match("_[^_]", node.attr)
        and isinstance(node.value, ast.Name)
        and is_rasa(getattr(module, node.value.id, None))
    }


def used(kind: type) -> set[str]:
    """Private names that a class takes from itself or defines."""
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(kind)))
    taken = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in taken | set(vars(kind)) if re.match("_[^_]", name)}


def is_rasa(kind: object) -> bool:
    return isinstance(kind, type) and kind.__module__.partition(".")[0] in {"rasa", "rasa_sdk"}


def test_private_parts_of_rasa_are_used_under_a_version_check() -> None:
    """Another version may have them no more, or mean something else by them."""
    found = {module.__name__ for module in modules() if of_rasa(module)}
    assert found - PATCHING == UNDER.keys()


@pytest.mark.parametrize(
    "patch", sorted(set(UNDER.values()), key=lambda each: each.name), ids=lambda each: each.name
)
def test_another_version_is_refused_or_the_patch_left_out(
    patch: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever version comes after the one that it was made for."""
    monkeypatch.setattr(rasa_versions, "version", lambda library: "4.0.1")
    rasa_versions.fits.cache_clear()
    refused = contextlib.nullcontext() if patch.without else pytest.raises(ConfigurationError)
    with refused:
        assert not rasa_versions.fits(patch)
    rasa_versions.fits.cache_clear()


def test_the_search_finds_what_it_must() -> None:
    """The classes of training do lean on Rasa's trainer."""
    assert "_persist_metadata" in of_rasa(importlib.import_module("bot.core.training"))
