"""A file that is no YAML is told by its line, what is wrong and what to do; by either reader."""

from __future__ import annotations

import pytest
import yaml
from ruamel.yaml import YAML

from bot.yaml_faults import fault

FAULTS = [
    ("a:\n  - b\n\t- c\n", 3, "a tab stands here"),
    ("rules:\n  - rule: x\n    steps:\n    - intent: a\n   - action: b\n", 5, "indented otherwise"),
    ("a:\n  - b: 1\n   c: 2\n", 3, "indented otherwise"),
    ("a:\n  - text: Hallo: daar\n", 2, "a colon stands where none can be"),
    ('a:\n  - text: "hallo\nb: 3\n', 2, "does not end with one"),
    ('a:\n  - text: "hallo" daar\n', 2, "more stands here behind a text in quotes"),
    ("a: {x: 1, y: 2\nb: 3\n", 1, "brackets begin here"),
    ("a: 1\nbcd\ne: 2\n", 2, "has no colon behind it"),
    ("a: *b\n", 1, "a name behind *"),
    ("a: @b\n", 1, "a sign that means something else"),
    ("a: \x01\n", 0, "a character that cannot be seen"),
]


@pytest.mark.parametrize(("text", "line", "told"), FAULTS)
@pytest.mark.parametrize("reader", ["ruamel", "PyYAML"])
def test_a_fault_is_told_in_plain_words(reader: str, text: str, line: int, told: str) -> None:
    """With the line on which it begins, and nothing of the reader's own words."""
    with pytest.raises((yaml.YAMLError, Exception)) as caught:
        yaml.safe_load(text) if reader == "PyYAML" else YAML().load(text)
    said = fault("domain.yml", caught.value, text)
    place = f"domain.yml line {line}" if line else "domain.yml"
    assert said.startswith(f"{place} is not valid YAML: ")
    assert told in said
    assert "expected" not in said


def test_a_key_that_stands_twice() -> None:
    """Both lines; a key of the same name in another mapping is another."""
    text = "a:\n  same: 1\nresponses:\n  same: 1\n  - x\n".replace(
        "  - x\n", "  other: 2\n  same: 3\n"
    )
    with pytest.raises(Exception, match="duplicate") as caught:
        YAML().load(text)
    said = fault("domain.yml", caught.value, text)
    assert said.startswith("domain.yml line 6: `same` stands here a second time (the first time on")
    assert "on line 4)" in said


def test_what_is_not_known_is_told_as_it_is() -> None:
    """No fault is kept silent."""
    assert fault("a.yml", ValueError("odd")) == "a.yml is not valid YAML: odd. Mend it."
