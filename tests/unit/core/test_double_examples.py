"""An example under two intents is told with both its lines."""

from __future__ import annotations

from bot.core.double_examples import sentences

FILES = {
    "data/nlu/a.yml": """\
version: "3.1"
nlu:
  - intent: hours
    examples: |
      - Bent u open?
      - wanneer [morgen](dag) open
  - synonym: blauw
    examples: |
      - hetzelfde
""",
    "data/nlu/b.yml": """\
nlu:
- intent: "chat/open"
  examples: |
    - hallo
    - bent u open?
    - bent u open!
    - wanneer [morgen]{"entity": "dag"}  open
    - hallo
- lookup: kleur
  examples: |
    - hetzelfde
""",
}


def test_the_same_words_under_two_intents() -> None:
    """Whatever the capitals, the blanks and the entities that are pointed out."""
    first, second = sentences(FILES)
    assert first.startswith("data/nlu/a.yml line 5 (intent hours) and data/nlu/b.yml line 5 (")
    assert "“Bent u open?”" in first
    assert "data/nlu/b.yml line 7 (intent chat/open)" in second


def test_of_many_it_says_how_many() -> None:
    """A file that was copied would fill the screen."""
    text = "nlu:\n" + "".join(
        f"- intent: {name}\n  examples: |\n" + "".join(f"    - zin {n}\n" for n in range(8))
        for name in ("a", "b")
    )
    *_, last = found = list(sentences({"data/nlu.yml": text}))
    assert len(found) == 6
    assert last == "There are 3 more examples that stand under two intents."
