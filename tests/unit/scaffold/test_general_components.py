"""A new assistant understands and decides with the same parts of the framework as the shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from bot import scaffold

ROOT: Final = Path(__file__).parents[3]
ASSISTANTS: Final = {
    "template": scaffold.TEMPLATE,
    "library": ROOT / "tests" / "other_assistant",
}
#: Options of parts of the framework that only the shop sets, with the reason.
OWN_OPTIONS: Final = {
    "bot.core.components.entities.EntityRecognizer.counted": "the nouns that the shop counts",
    "bot.core.components.request_splitting.RequestJoiner.threshold": "written out: the default",
    "bot.core.policies.safeguard_policy.SafeguardPolicy.not_understood": "written out: the default",
    "bot.core.policies.safeguard_policy.SafeguardPolicy.same_reply": "written out: the default",
    "bot.core.policies.safeguard_policy.SafeguardPolicy.slot_refused": "written out: the default",
    "bot.core.policies.safeguard_policy.SafeguardPolicy.alternation": "written out: the default",
    "bot.core.policies.safeguard_policy.SafeguardPolicy.repeated_question_similarity": (
        "fitted to how the shop's customers repeat themselves"
    ),
}
#: Parts of the framework that another assistant does without, with the reason. None today.
OWN_PARTS: Final[dict[str, str]] = {}


def config(folder: Path) -> dict[str, Any]:
    """The `config.yml` of an assistant, with the names of its parts in order."""
    text = (folder / "config.yml").read_text(encoding="utf-8")
    held: dict[str, Any] = YAML(typ="safe").load(text)
    return held


def parts(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The parts that are not the assistant's own, which stand in `actions`."""
    found = [part if isinstance(part, dict) else {"name": part} for part in config(folder)[kind]]
    return [part for part in found if not part["name"].startswith("actions.")]


@pytest.mark.parametrize("kind", ["importers", "pipeline", "policies"])
@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_it_has_each_part_that_the_shop_has(assistant: str, kind: str) -> None:
    """In the same order; what may be missing is listed above with the reason."""
    names = [part["name"] for part in parts(ROOT, kind) if part["name"] not in OWN_PARTS]
    assert [part["name"] for part in parts(ASSISTANTS[assistant], kind)] == names


@pytest.mark.parametrize("kind", ["pipeline", "policies"])
@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_it_sets_each_option_that_the_shop_sets(assistant: str, kind: str) -> None:
    """An option may be the shop's alone when the reason is listed above."""
    theirs = {part["name"]: part for part in parts(ASSISTANTS[assistant], kind)}
    missing = {
        f"{part['name']}.{option}"
        for part in parts(ROOT, kind)
        for option in part.keys() - theirs[part["name"]].keys()
    }
    assert missing <= OWN_OPTIONS.keys()


def test_each_reason_is_needed() -> None:
    """A list of exceptions that nobody looks at grows."""
    set_by_shop = {
        f"{part['name']}.{option}"
        for kind in ("pipeline", "policies")
        for part in parts(ROOT, kind)
        for option in part
    }
    assert OWN_OPTIONS.keys() <= set_by_shop
    assert OWN_PARTS.keys() <= {
        part["name"] for kind in ("importers", "pipeline", "policies") for part in parts(ROOT, kind)
    }


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_it_has_every_topic_and_action_of_the_framework(assistant: str) -> None:
    """Intents that Loket has built in, and a rule or policy for each of the framework's actions."""
    from bot.topics import built_in

    shop, theirs = (
        YAML(typ="safe").load((folder / "domain.yml").read_text(encoding="utf-8"))
        for folder in (ROOT, ASSISTANTS[assistant])
    )
    general = {topic.name for topic in built_in.TOPICS}
    assert general & set(shop["intents"]) <= set(theirs["intents"])
    assert set(shop["actions"]) - {"action_answer_topic"} <= set(theirs["actions"])
