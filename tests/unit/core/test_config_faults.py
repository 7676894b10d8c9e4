"""What config.yml names and is not there is told with its line and what was likely meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.core.config_faults import problems
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
PLACES = (ROOT, *(ROOT / "tests" / each for each in ("other_assistant", "assistants/table")))
CONFIG = """\
recipe: default.v1
language: nl
importers:
  - name: bot.core.importer.TaskImporter
pipeline:
  - name: bot.core.components.tokenizer.DutchTokenizer
  - name: bot.core.components.entities.EntityRecognizer
    timezone: Europe/Amsterdam
    extractors:
      - bot.dutch.extractors.Extractor
      - name: bot.dutch.extractors.Extractor
policies:
  - name: RulePolicy
    core_fallback_threshold: 0.3
  - name: bot.core.policies.safeguard_policy.SafeguardPolicy
    same_question: 3
"""


def read(text: str) -> Mapping[str, Any]:
    held = YAML(typ="rt").load(text)
    assert isinstance(held, Mapping)
    return held


@pytest.mark.parametrize(
    ("right", "wrong", "line", "meant"),
    [
        ("DutchTokenizer", "DutchTokeniser", 6, "bot.core.components.tokenizer.DutchTokenizer"),
        ("tokenizer.", "tokeniser.", 6, "bot.core.components.tokenizer.DutchTokenizer"),
        ("RulePolicy", "RulePolice", 13, "RulePolicy"),
        ("TaskImporter", "TaskImport", 4, "bot.core.importer.TaskImporter"),
        ("- name: bot.dutch.extractors.Extractor", "- name: bot.dutch.extractors.Extracter", 11,
         "bot.dutch.extractors.Extractor"),
        ("timezone", "timezon", 8, "timezone"),
        ("language", "langauge", 2, "language"),
    ],
)  # fmt: skip
def test_what_is_misspelt(right: str, wrong: str, line: int, meant: str) -> None:
    """A component, a module, a policy, an importer, an extractor, an option, a key."""
    assert right in CONFIG
    found = [str(each) for each in problems(read(CONFIG.replace(right, wrong, 1)))]
    told = [each for each in found if "same_question" not in each]
    assert len(told) == 1
    assert told[0].startswith(f"config.yml line {line}: ")
    assert f'Is "{meant}" meant?' in told[0]


def test_an_option_of_no_known_name() -> None:
    """Told with those that there are; options of Rasa's own components are Rasa's concern."""
    (told,) = problems(read(CONFIG))
    assert str(told).startswith("config.yml line 16: SafeguardPolicy has no option same_question;")
    assert "slot_refused" in str(told)


def test_a_module_that_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, and what is wrong with it is told."""
    (tmp_path / "own_reader.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match="own_reader cannot be imported: Zero"):
        list(problems({"importers": [{"name": "own_reader.Reader"}]}))


@pytest.mark.parametrize("root", PLACES, ids=lambda each: each.name)
def test_what_is_there(root: Path) -> None:
    """Nothing is said of a configuration that works."""
    held = {**read((root / "config.yml").read_text(encoding="utf-8"))}
    own = [each for each in problems(held) if "actions" not in str(each)]
    assert own == []
