"""Content in which a safeguard would not work is refused, with file, line and the way out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.safeguard_check import check, problems, read
from bot.core.safeguard_table import COUNTS, DETECTOR, MOST_TURNS, POLICY, RULE_POLICY, SAFEGUARDS
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
Change = Callable[[dict], None]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assistant's files, once; each test changes a copy."""
    folder = tmp_path_factory.mktemp("content")
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "data" / "rules", folder / "data" / "rules")
    change(folder, "domain.yml", keep_needed)
    return folder


def keep_needed(domain: dict) -> None:
    """Leaves out the responses that no safeguard needs: reading them takes most of the time."""
    needed = {name for each in SAFEGUARDS for name, _ in each.responses}
    for name in [name for name in domain["responses"] if name not in needed]:
        del domain["responses"][name]
    domain.pop("forms", None)


@pytest.fixture
def copy(content: Path, tmp_path: Path) -> Path:
    """A copy of the assistant's files."""
    return Path(shutil.copytree(content, tmp_path / "copy"))


def change(folder: Path, name: str, do: Change) -> None:
    """Rewrites a file as a designer would, keeping its lines as far as that goes."""
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    held = yaml.load(folder / name)
    do(held)
    yaml.dump(held, folder / name)


def refused(folder: Path) -> str:
    """How the content is refused."""
    with pytest.raises(ConfigurationError) as error:
        check(folder)
    return str(error.value)


def line_of(folder: Path, name: str, text: str) -> int:
    """The line, from 1, of the first line of a file that begins with a text."""
    lines = (folder / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(text))


def test_the_assistant_has_its_safeguards() -> None:
    """The content as it is, is not refused."""
    check(ROOT)


LISTED = sorted(
    {(section, name) for each in SAFEGUARDS for section, names in (
        ("intents", each.intents), ("entities", each.entities),
        ("slots", each.slots), ("actions", each.actions),
    ) for name in names}
)  # fmt: skip


@pytest.mark.parametrize(("section", "name"), LISTED)
def test_what_is_no_longer_listed(copy: Path, section: str, name: str) -> None:
    """An action, intent, entity or slot that was taken out of the domain, or renamed."""
    text = (copy / "domain.yml").read_text()
    prefix = "  " if section == "slots" else "  - "
    change_ = re.compile(rf"^{prefix}{name}(?=$|:)", re.MULTILINE)
    assert change_.search(text)
    (copy / "domain.yml").write_text(change_.sub(f"{prefix}{name}_x", text))
    line = line_of(copy, "domain.yml", f"{section}:")
    said = refused(copy)
    assert f"domain.yml line {line}: " in said
    assert name in said
    assert f"Add it under {section}." in said


RESPONSES = sorted({name for each in SAFEGUARDS for name, _ in each.responses})


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_that_was_deleted(copy: Path, name: str) -> None:
    """Gone: the section that should hold it is named."""
    change(copy, "domain.yml", lambda domain: domain["responses"].pop(name))
    line = line_of(copy, "domain.yml", "responses:")
    assert f"domain.yml line {line}: " in (said := refused(copy))
    assert name in said


@pytest.mark.parametrize("name", RESPONSES)
@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [{"text": ""}],
        [{"text": "Hoi."}, {"text": " "}],
        [{"custom": {"kind": "notice", "text": " "}}],
        [{"text": "Hoi.", "channel": "sms"}],
        [{"text": "Hoi.", "condition": [{"type": "slot", "name": "topic", "value": "x"}]}],
    ],
)
def test_a_response_that_does_not_always_speak(copy: Path, name: str, value: object) -> None:
    """Empty, blank, or only in some situations: its own line is named."""
    change(copy, "domain.yml", lambda domain: domain["responses"].update({name: value}))
    line = line_of(copy, "domain.yml", f"{name}:")
    assert f"domain.yml line {line}: " in (said := refused(copy))
    assert name in said


@pytest.mark.parametrize("name", sorted({n for s in SAFEGUARDS for n, kind in s.responses if kind}))
def test_a_response_of_another_kind(copy: Path, name: str) -> None:
    """A plain text in the place of a disclosure or a rating is none."""
    change(
        copy, "domain.yml", lambda domain: domain["responses"].update({name: [{"text": "Hoi."}]})
    )
    assert name in refused(copy)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Welkom, ik ben Lisa! Typ ‘medewerker’ voor hulp.", False),
        ("U chat met Lisa van de balie.", False),
        ("AICHA helpt u graag.", False),
        ("U chat met Jan, niet met een AI-assistent.", False),
        ("Ik ben geen AI-assistent, maar Jan.", False),
        ("Hier helpt geen AI: u spreekt een mens.", False),
        ("Dit is geen computer.", False),
        ("AI", False),
        ("U chat niet met een mens, maar met een AI-assistent.", True),
        ("U chat met een AI-assistent.", True),
        ("Je praat met onze chatbot.", True),
        ("Ik ben een computer, geen mens.", True),
        ("Dit antwoord is geautomatiseerd.", True),
    ],
)
def test_a_disclosure_says_that_no_human_answers(copy: Path, text: str, tells: bool) -> None:
    """A greeting with a name is none: the law wants people to be told (AI Act, art. 50)."""
    notice = {"custom": {"kind": "notice", "notice": "disclosure", "text": text}}
    change(copy, "domain.yml", lambda domain: domain["responses"].update(utter_disclosure=[notice]))
    if tells:
        check(copy)
    else:
        assert "does not say that an AI answers" in refused(copy)


@pytest.mark.parametrize("section", ["intents", "entities", "slots", "actions", "responses"])
def test_a_section_that_is_gone(copy: Path, section: str) -> None:
    """Without the whole section there is no line, but the file is named."""
    change(copy, "domain.yml", lambda domain: domain.pop(section))
    assert "domain.yml: " in (said := refused(copy))
    assert f"under {section}" in said


@pytest.mark.parametrize("name", sorted({name for each in SAFEGUARDS for name in each.slots}))
@pytest.mark.parametrize(
    "slot",
    [
        {"type": "bool", "mappings": [{"type": "custom"}]},
        {"type": "text", "mappings": [{"type": "custom"}]},
        {"type": "any", "mappings": [{"type": "from_text"}]},
        {"type": "any", "mappings": [{"type": "custom"}, {"type": "from_intent", "value": 1}]},
    ],
)
def test_a_slot_that_keeps_something_else(copy: Path, name: str, slot: dict) -> None:
    """Of another type, or filled by what the customer says."""
    change(copy, "domain.yml", lambda domain: domain["slots"].update({name: slot}))
    line = line_of(copy, "domain.yml", f"{name}:")
    assert f"domain.yml line {line}: " in (said := refused(copy))
    assert "{type: any, mappings: [{type: custom}]}" in said


RULES = sorted({rule for each in SAFEGUARDS for rule in each.rules})


def rule_for(rules: list, intent: str) -> dict:
    """The rule that an intent begins."""
    return next(rule for rule in rules if rule["steps"][0].get("intent") == intent)


@pytest.mark.parametrize("intent", [intent for intent, _ in RULES])
def test_a_second_rule_that_says_otherwise(copy: Path, intent: str) -> None:
    """It is the one that is named, and before anything is trained; a condition is no excuse."""
    (copy / "data" / "rules" / "own.yml").write_text(
        "rules:\n"
        "  - rule: mine\n"
        f"    steps: [{{intent: {intent}}}, {{action: utter_out_of_scope}}]\n"
        "  - rule: under a condition\n"
        "    condition: [{slot_was_set: [{topic: x}]}]\n"
        f"    steps: [{{intent: {intent}}}, {{action: utter_out_of_scope}}]\n"
    )
    said = refused(copy)
    assert "data/rules/own.yml line 2: " in said
    assert "data/rules/own.yml line 4: " in said
    assert said.count("Take it away.") == 2


def _file(copy: Path, intent: str) -> str:
    for path in sorted((copy / "data/rules").glob("*.yml")):
        if f"- intent: {intent}\n" in path.read_text():
            return path.relative_to(copy).as_posix()
    raise LookupError(intent)


@pytest.mark.parametrize(("intent", "action"), RULES)
@pytest.mark.parametrize(
    "do",
    [
        lambda rule, _: rule["steps"].__setitem__(1, {"action": "utter_greet"}),
        lambda rule, _: rule["steps"].pop(),
        lambda rule, _: rule.pop("steps"),
        lambda rule, _: rule["steps"].insert(1, {"action": "utter_greet"}),
        lambda rule, _: rule["steps"][0].update({"entities": ["score"]}),
        lambda rule, _: rule.update({"condition": [{"active_loop": "complaint_form"}]}),
        lambda rule, _: rule.update({"conversation_start": True}),
        lambda rule, intent: rule["steps"][0].update({"intent": f"{intent}_x"}),
    ],
    ids=["action", "cut", "empty", "between", "entity", "condition", "start", "intent"],
)
def test_a_rule_that_no_longer_leads_there(
    copy: Path, intent: str, action: str, do: Callable[[dict, str], None]
) -> None:
    """Another action, a condition, another intent: the file, and the rule where it is still one."""
    name = _file(copy, intent)
    change(copy, name, lambda held: do(rule_for(held["rules"], intent), intent))
    said = refused(copy)
    assert f"`- intent: {intent}`, `- action: {action}`" in said
    if Path(name).stem == intent or f"intent: {intent}\n" in (copy / name).read_text():
        assert f"{name}" in said


@pytest.mark.parametrize(("intent", "action"), RULES)
def test_a_rule_whose_file_is_gone(copy: Path, intent: str, action: str) -> None:
    """Where it belongs is said."""
    (copy / _file(copy, intent)).unlink()
    assert f"data/rules/{intent}.yml: " in refused(copy)


def test_a_rule_may_have_any_title_and_go_on(copy: Path) -> None:
    """What a designer may change is not refused."""

    def do(held: dict) -> None:
        rule_for(held["rules"], "medewerker").update({"rule": "iemand vraagt om een mens"})
        rule_for(held["rules"], "medewerker")["steps"].append({"action": "action_listen"})

    change(copy, "data/rules/medewerker.yml", do)
    check(copy)


@pytest.mark.parametrize(
    ("section", "name"), [("pipeline", DETECTOR), ("policies", POLICY), ("policies", RULE_POLICY)]
)
@pytest.mark.parametrize("do", ["taken out", "misspelt", "section"])
def test_a_component_or_policy_that_is_gone(copy: Path, section: str, name: str, do: str) -> None:
    """The section that should hold it is named."""

    def take(config: dict) -> None:
        if do == "section":
            config.pop(section)
            return
        steps = config[section]
        place = next(index for index, step in enumerate(steps) if step["name"] == name)
        if do == "taken out":
            steps.pop(place)
        else:
            steps[place]["name"] = f"{name}s"

    change(copy, "config.yml", take)
    said = refused(copy)
    if do != "section":
        # The first line of the section, as the reader of YAML counts it.
        assert f"config.yml line {line_of(copy, 'config.yml', f'{section}:')}: " in said
    assert f"Add `- name: {name}` under {section}." in said


def step(config: dict, section: str, name: str) -> dict:
    """A component or policy of the configuration."""
    return next(each for each in config[section] if each["name"] == name)


@pytest.mark.parametrize(
    "do",
    [
        lambda config: step(config, "policies", POLICY).update({"priority": 1}),
        lambda config: step(config, "policies", POLICY).update({"priority": 6}),
        lambda config: step(config, "policies", RULE_POLICY).update({"priority": 7}),
        lambda config: config["policies"].append({"name": "TEDPolicy", "priority": 100}),
        lambda config: config["policies"].append({"name": "my.own.Policy", "priority": 8}),
    ],
)
def test_a_policy_that_would_win_from_the_safeguards(copy: Path, do: Change) -> None:
    """Whichever of the two was given a priority, the line with it is named."""
    change(copy, "config.yml", do)
    said = refused(copy)
    assert "SafeguardPolicy must win" in said
    assert f"config.yml line {line_of(copy, 'config.yml', 'priority:')}: " in said


@pytest.mark.parametrize("name", ["DIETClassifier", "my.own.Classifier"])
def test_a_classifier_before_the_escape_word(copy: Path, name: str) -> None:
    """The detector's line is named."""
    change(copy, "config.yml", lambda config: config["pipeline"].insert(0, {"name": name}))
    said = refused(copy)
    assert f"config.yml line {line_of(copy, 'config.yml', f'- name: {DETECTOR}')}: " in said
    assert f"behind {name}" in said


def test_another_intent_for_the_escape_word(copy: Path) -> None:
    """The policy knows one."""
    change(
        copy,
        "config.yml",
        lambda config: step(config, "pipeline", DETECTOR).update({"intent": "mens"}),
    )
    assert f"line {line_of(copy, 'config.yml', 'intent:')}: " in refused(copy)


@pytest.mark.parametrize("option", COUNTS)
@pytest.mark.parametrize("count", [0, -1, 1.5, "twee", True, None, MOST_TURNS + 1, 10**6])
def test_a_threshold_that_is_never_reached(copy: Path, option: str, count: object) -> None:
    """Loop detection cannot be switched off by a number."""
    change(
        copy, "config.yml", lambda config: step(config, "policies", POLICY).update({option: count})
    )
    assert f"line {line_of(copy, 'config.yml', f'{option}:')}: " in refused(copy)


@pytest.mark.parametrize("value", ["0.6", None, True, [0.6]])
def test_a_similarity_that_is_no_number(copy: Path, value: object) -> None:
    """The policy compares with it in the middle of a conversation."""
    option = {"repeated_question_similarity": value}
    change(copy, "config.yml", lambda config: step(config, "policies", POLICY).update(option))
    assert f"line {line_of(copy, 'config.yml', 'repeated_question')}: " in refused(copy)


@pytest.mark.parametrize("value", ["thank", None, [1], {"thank": 1}])
def test_polite_intents_that_are_no_list(copy: Path, value: object) -> None:
    """Of "thank" each letter would be an intent."""
    change(copy, "config.yml", lambda config: step(config, "policies", POLICY).update(polite=value))
    assert f"line {line_of(copy, 'config.yml', 'polite:')}: " in refused(copy)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_key_is_a_key(copy: Path, quote: str) -> None:
    """Rules under `"rules":` are rules."""
    path = copy / "data/rules/medewerker.yml"
    path.write_text(path.read_text().replace("rules:", f"{quote}rules{quote}:"))
    check(copy)


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/rules/medewerker.yml"])
def test_a_file_in_another_encoding(copy: Path, name: str) -> None:
    """Named, with what to do; no fault of Loket's."""
    (copy / name).write_bytes("rules: café\n".encode("latin-1"))
    assert f"{name}: this cannot be read as UTF-8 text. Save it as UTF-8" in refused(copy)


def test_thresholds_reach_as_far_as_a_tracker() -> None:
    """A tracker holds as many turns as a threshold may count."""
    from bot.core.checkpoint import KEEP_TURNS

    assert MOST_TURNS == KEEP_TURNS


@pytest.mark.parametrize("name", ["config.yml", "domain.yml"])
def test_a_file_that_is_missing_or_no_yaml(copy: Path, name: str) -> None:
    """Said as such, with the line."""
    (copy / name).write_text("a: 1\nb: [\n")
    assert re.search(rf"{name} line \d+ is not valid YAML", refused(copy))
    (copy / name).unlink()
    assert f"{name} is missing" in refused(copy)


@pytest.mark.parametrize("held", ["", "[]", "hallo", "intents:\nactions: 1\nresponses: [a]\n"])
@pytest.mark.parametrize("name", ["config.yml", "domain.yml"])
def test_content_of_any_shape_is_refused_and_not_a_fault(copy: Path, name: str, held: str) -> None:
    """An empty file, or one of another shape, lacks everything."""
    (copy / name).write_text(held)
    assert refused(copy).startswith("A safeguard is missing. ")


def test_each_thing_is_told_once_and_the_rest_is_counted(copy: Path) -> None:
    """A refusal stays readable."""
    (copy / "domain.yml").write_text('version: "3.1"\n')
    found = problems(read(copy))
    assert len(found) == len(set(found)) > 10
    assert f"And {len(found) - 5} more." in refused(copy)
