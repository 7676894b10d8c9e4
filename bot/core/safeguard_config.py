"""Finds what the four safeguards lack in `config.yml`: a component, a policy, its rank. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.core.safeguard_problem import Problem, line_of
from bot.core.safeguard_table import (
    COUNTS,
    DEFAULT_PRIORITIES,
    DETECTOR,
    ESCAPE_INTENT,
    MOST_TURNS,
    POLICY,
    PRIORITY,
    SAFEGUARDS,
)

_FILE = "config.yml"


def config_problems(config: Mapping[str, object]) -> Iterator[Problem]:
    """Finds what is missing, in the wrong place, or given an option that switches it off."""
    pipeline, policies = _steps(config.get("pipeline")), _steps(config.get("policies"))
    for safeguard in SAFEGUARDS:
        for section, kind, held, names in (
            ("pipeline", "component", pipeline, safeguard.components),
            ("policies", "policy", policies, safeguard.policies),
        ):
            for name in names:
                if not any(_is(step, name) for step in held):
                    yield Problem(
                        _FILE,
                        line_of(config, section),
                        f"{safeguard.title} needs the {kind} {name}, which is not there. "
                        f"Add `- name: {name}` under {section}.",
                    )
    yield from _pipeline_problems(pipeline)
    yield from _policy_problems(policies)


def _steps(section: object) -> list[Mapping[str, object]]:
    if not isinstance(section, list | tuple):
        return []
    return [
        step if isinstance(step, Mapping) else {"name": str(step)}
        for step in section
        if isinstance(step, Mapping | str)
    ]


def _name(step: Mapping[str, object]) -> str:
    return str(step.get("name", ""))


def _is(step: Mapping[str, object], name: str) -> bool:
    """Whether a step is a component; Rasa's own may be named in short or in full."""
    return _name(step) == name or ("." not in name and _name(step).rsplit(".", 1)[-1] == name)


def _pipeline_problems(pipeline: Sequence[Mapping[str, object]]) -> Iterator[Problem]:
    classified = ""
    for step in pipeline:
        name = _name(step)
        if name.endswith("Classifier"):
            classified = classified or name
        if name != DETECTOR:
            continue
        if classified:
            yield Problem(
                _FILE,
                line_of(step),
                f"{name} stands behind {classified}, which must not overrule the escape word. "
                "Move it up, before every classifier.",
            )
        if str(step.get("intent", ESCAPE_INTENT)) != ESCAPE_INTENT:
            yield Problem(
                _FILE,
                line_of(step, "intent"),
                f"the escape word's intent is {ESCAPE_INTENT}, whatever else it is called here. "
                "Take the option away.",
            )


def _policy_problems(policies: Sequence[Mapping[str, object]]) -> Iterator[Problem]:
    ours = next((step for step in policies if _name(step) == POLICY), None)
    if ours is None:
        return
    rank = _rank(ours)
    for step in policies:
        if step is not ours and _rank(step) >= rank:
            where, option = (ours, "lower") if "priority" in ours else (step, "higher")
            yield Problem(
                _FILE,
                line_of(where, "priority") or line_of(where),
                f"SafeguardPolicy must win from every other policy, but has priority {rank:g} and "
                f"{_name(step)} {_rank(step):g}. Take the option away that makes it {option}.",
            )
    for option in COUNTS:
        count = ours.get(option, 1)
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_TURNS:
            yield Problem(
                _FILE,
                line_of(ours, option),
                f"SafeguardPolicy's {option} must be a whole number from 1 to {MOST_TURNS}: with "
                "any other, loop detection sees no such loop.",
            )
    yield from _type_problems(ours)


def _type_problems(ours: Mapping[str, object]) -> Iterator[Problem]:
    """Options that would make the policy fail in the middle of a conversation."""
    alike = ours.get("repeated_question_similarity", 0.6)
    if not isinstance(alike, int | float) or isinstance(alike, bool):
        yield Problem(
            _FILE,
            line_of(ours, "repeated_question_similarity"),
            "SafeguardPolicy's repeated_question_similarity must be a number from 0 to 1.",
        )
    polite = ours.get("polite", [])
    if not isinstance(polite, list | tuple) or not all(isinstance(each, str) for each in polite):
        yield Problem(
            _FILE,
            line_of(ours, "polite"),
            "SafeguardPolicy's polite must be a list of intents, such as [thank, greet].",
        )


def _rank(step: Mapping[str, object]) -> float:
    short = _name(step).rsplit(".", 1)[-1]
    default = PRIORITY if _name(step) == POLICY else DEFAULT_PRIORITIES.get(short, 1)
    given = step.get("priority", default)
    return float(given) if isinstance(given, int | float) else float(default)
