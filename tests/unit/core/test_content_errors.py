"""What Rasa complains of is told with the place in the content, and never lost."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.utils.io import raise_warning

from bot.core.assistant_tasks import OwnCode
from bot.core.content_doubts import uncalled, unread
from bot.core.content_errors import located
from bot.core.policies.knowledge_policy import KnowledgePolicy
from bot.core.policies.safeguard_policy import SafeguardPolicy
from bot.core.training_listener import content_warnings
from bot.core.unreadable_domain import guilty_part

ANY = "{type: float, mappings: [{type: custom}]}"
RULES = """\
version: "3.1"

rules:
  - rule: are you open?
    steps:
      - intent: hours
      - action: utter_hours

  - rule: "again"
    steps:
      - intent: hours
      - action: utter_bye
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small content: two rules that contradict each other."""
    (tmp_path / "data" / "rules").mkdir(parents=True)
    (tmp_path / "data" / "rules" / "hours.yml").write_text(RULES)
    (tmp_path / "domain.yml").write_text("intents:\n  - hours\nresponses: {}\n")
    (tmp_path / "config.yml").write_text("language: nl\n")
    return tmp_path


@dataclass
class Heard:
    """Keeps what a training tells."""

    said: list[str] = field(default_factory=list)

    def step(self, number: int, total: int, what: str) -> None:
        """No step is told here."""
        raise AssertionError((number, total, what))

    def warn(self, sentence: str) -> None:
        """Keeps it."""
        self.said.append(sentence)


def test_both_rules_of_a_contradiction_are_named(root: Path) -> None:
    """Rasa names them; the designer wants their lines, and not that of an action."""
    said = located(
        "\nContradicting rules or stories found\n- the prediction of the action 'utter_bye' in "
        "rule 'again' is contradicting with rule(s) 'are you open?'.",
        root,
    )
    assert said.endswith("See data/rules/hours.yml line 9, data/rules/hours.yml line 4.")


def test_without_a_rule_the_first_name_that_is_found(root: Path) -> None:
    """A file that is named already gets its line; a line that is named gets no second one."""
    file = root / "data" / "rules" / "hours.yml"
    told = located(f"Issue found in '{file}': Found intent 'hours' which is unknown.", root)
    assert "Issue found in 'data/rules/hours.yml'" in told
    assert "See data/rules/hours.yml line 6, data/rules/hours.yml line 11" in told
    assert located("Line of 'hours', line 3 of it.", root) == "Line of 'hours', line 3 of it."


def test_a_warning_is_told_in_its_own_words_once(root: Path) -> None:
    """On the terminal: a log may not hold a library's words."""
    heard = Heard()
    with content_warnings(heard, root):
        for _ in range(2):
            raise_warning("Found intent 'hours' in stories which is not part of the domain.")
        raise_warning("Slot auto-fill has been removed in 3.0.")
    (said,) = heard.said
    assert said.startswith("Found intent 'hours' in stories")
    assert said.endswith(
        "See data/rules/hours.yml line 6, data/rules/hours.yml line 11, domain.yml line 2."
    )


def test_other_warnings_go_where_they_went(root: Path) -> None:
    """Of a library, or of another kind."""
    heard = Heard()
    with warnings.catch_warnings(record=True) as elsewhere, content_warnings(heard, root):
        warnings.warn("of numpy", UserWarning, stacklevel=1)
    assert [str(each.message) for each in elsewhere] == ["of numpy"]
    assert heard.said == []


@pytest.mark.parametrize(
    ("part", "line", "named"),
    [
        (f'slots:\n  a: {ANY}\n  size: {ANY[:-1]}, min_value: "1"}}\n', 5, "`size` of slots"),
        (f"slots:\n  a: {ANY}\n  size: 3\n", 5, "`size` of slots"),
        ("entities: 3\n", 3, "the section entities"),
        ("responses: [1]\n", 3, "the section responses"),
    ],
)
def test_a_value_at_which_rasa_breaks_is_found(
    tmp_path: Path, part: str, line: int, named: str
) -> None:
    """Rasa itself only says that it cannot compare two types."""
    path = tmp_path / "domain.yml"
    path.write_text(f"intents:\n  - hours\n{part}")
    assert guilty_part(path).startswith(f"domain.yml line {line}: {named} cannot be read (")


def test_a_domain_that_can_be_read_has_no_guilty_part(root: Path) -> None:
    """Then the fault is elsewhere, and what was raised is told."""
    assert guilty_part(root / "domain.yml") == ""


def stories(text: str) -> StoryGraph:
    domain = Domain.from_dict({"intents": ["hours"], "responses": {"utter_hours": []}})
    return StoryGraph(YAMLStoryReader(domain).read_from_string(text))


def schema(*policies: type) -> GraphSchema:
    nodes = {
        policy.__name__: SchemaNode(
            needs={}, uses=policy, constructor_name="create", fn="run", config={}
        )
        for policy in policies
    }
    return GraphSchema(nodes)


STORY = RULES.replace("rule", "story").replace("rules", "stories").replace("storys", "stories")
OWN = (RulePolicy, KnowledgePolicy, SafeguardPolicy)


def test_stories_that_nothing_follows_are_told() -> None:
    """They would change nothing, and nobody would know."""
    said = unread(stories(STORY), schema(*OWN))
    assert '"are you open?", "again"' in said
    assert "MemoizationPolicy" in said


@pytest.mark.parametrize("policy", [MemoizationPolicy, AugmentedMemoizationPolicy])
def test_stories_that_are_followed(policy: type) -> None:
    """By Rasa's own policies; and rules need none of these."""
    assert unread(stories(STORY), schema(*OWN, policy)) == ""
    assert unread(stories(RULES), schema(*OWN)) == ""


def test_an_action_that_nothing_calls_is_told() -> None:
    """A misnamed one: the task it belongs to would end in silence."""
    rules = stories(RULES.replace("utter_hours", "action_hours"))
    own = ("action_hours", "action_hour", "action_rate", "validate_day_form", "action_next")
    code = "return 'action_hour'\nFollowupAction('action_next')\nreturn 'action_next'"
    (said,) = uncalled(
        OwnCode(actions=own, places={"action_hour": "actions/a.py line 3"}), rules, code
    )
    assert said.startswith("actions/a.py line 3: nothing calls the action action_hour.")
