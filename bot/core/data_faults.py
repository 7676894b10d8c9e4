"""Finds what is misplaced or misspelt in the form of `data/`: sections, rules, examples. Pure.

Rasa passes over most of it, and what was written does nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from bot import yaml_nodes
from bot.near_names import meant
from bot.yaml_nodes import Written

#: What an entry may hold, by the key that it begins with; and the section in which it stands.
_ENTRIES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "rule": ("rules", ("steps", "condition", "conversation_start", "wait_for_user_input")),
    "story": ("stories", ("steps",)),
    **dict.fromkeys(("intent", "synonym", "regex", "lookup"), ("nlu", ("examples",))),
}
_SECTIONS: Final = {section for section, _ in _ENTRIES.values()}
_STEP: Final = (
    "intent", "user", "entities", "action", "bot",
    "slot_was_set", "active_loop", "checkpoint", "or",
)  # fmt: skip
#: Where Loket reads its own YAML, in forms of their own.
_ELSEWHERE: Final = "data/knowledge/"


def problems(files: Mapping[str, str]) -> Iterator[str]:
    """Says what stands where nothing reads it, and the way out.

    Args:
        files: the text of each file in `data/`, by its path.
    """
    for file, text in files.items():
        if not file.startswith(_ELSEWHERE):
            for line, said in _of_file(yaml_nodes.read(text)):
                yield f"{file} line {line}: {said}"


def _of_file(held: Written) -> Iterator[tuple[int, str]]:
    for section, given in held.fields.items():
        if section in _SECTIONS:
            for entry in given.entries:
                yield from _of_entry(entry, section)
        elif right := next((_right(each) for each in given.entries if _right(each)), ""):
            said = f"`{section}` means nothing here, and nothing below it is read."
            yield held.lines[section], f'{said} Is "{right}" meant? Mend the name.'


def _right(entry: Written) -> str:
    """The section of which something is an entry; empty when it is of none."""
    for kind, (section, parts) in _ENTRIES.items():
        if kind in entry.fields and parts[0] in entry.fields:
            return section
    return ""


def _of_entry(entry: Written, section: str) -> Iterator[tuple[int, str]]:
    kinds = [kind for kind, (where, _) in _ENTRIES.items() if where == section]
    kind = next((each for each in kinds if each in entry.fields), "")
    allowed = [kind] if kind else kinds
    allowed += [*_ENTRIES[kinds[0]][1], "metadata"]
    for name, line in entry.lines.items():
        if name not in allowed:
            yield line, _unknown(name, allowed)
            return
    if not kind:
        yield entry.line, f"an entry of {section} begins with {_either(kinds)}. Add it."
        return
    part = _ENTRIES[kind][1][0]
    if part not in entry.fields:
        yield entry.line, f"this {kind} has no `{part}`. Add them."
    elif part == "examples":
        yield from _of_examples(entry.get(part), entry.lines[part])
    else:
        for step in (*entry.get("condition").entries, *entry.get(part).entries):
            yield from _of_step(step)


def _of_examples(given: Written, line: int) -> Iterator[tuple[int, str]]:
    if any(each.text is not None for each in given.entries) or (given.text and not given.block):
        yield line, "`examples:` needs a `|` behind it, and each example a line with `- ` below it."
    for number, example in enumerate((given.text or "").splitlines() if given.block else (), 1):
        if example.strip() and not example.startswith("-"):
            yield (
                given.line + number,
                "an example does not begin with `- `, and is left out. Put that in front of it.",
            )


def _of_step(step: Written) -> Iterator[tuple[int, str]]:
    for name, line in step.lines.items():
        if name not in (*_STEP, "metadata"):
            yield line, _unknown(name, _STEP)
    for each in step.get("or").entries:
        yield from _of_step(each)


def _unknown(name: str, allowed: Collection[str]) -> str:
    return f"`{name}` means nothing here.{meant(name, allowed)} It is one of {', '.join(allowed)}."


def _either(names: Collection[str]) -> str:
    return " or ".join(f"`{each}:`" for each in names)
