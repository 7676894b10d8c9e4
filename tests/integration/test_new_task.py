"""The recipe of CONTRIBUTING: a new task is four places of the assistant, and nothing else.

It is followed on a copy of this repository's assistant, with the files of
`tests/assistants/gift_wrap`. The copy is really trained, without pages to save time. It has an
intent of YAML alone besides, which must be heard within forms, too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support.own_assistant import (
    ASSISTANT,
    Reply,
    Talker,
    copy_of_the_assistant,
    talking_with,
)

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]
ADDED = ROOT / "tests" / "assistants" / "gift_wrap"
NEW = ("actions/gift_wrap.py", "data/nlu/gift_wrap.yml", "tests/stories/test_gift_wrap.yml")
_NUMBERS = count()
VACANCIES = {
    "nlu": """version: "3.1"
nlu:
  - intent: vacatures
    examples: |
      - vacatures
      - hebben jullie nog vacatures
      - welke vacatures staan er open
      - ik zoek een baan bij jullie
      - kan ik bij jullie solliciteren
      - ik wil graag komen werken bij jullie
      - zijn er nog banen vrij
      - zoeken jullie personeel
      - werken bij jullie
      - is er werk voor een student
      - hoe solliciteer ik
      - hebben jullie een bijbaan
""",
    "rules": """version: "3.1"
rules:
  - rule: vacancies
    steps:
      - intent: vacatures
      - action: utter_vacatures
""",
}
SAID = "Onze vacatures staan op onze website. Kan ik u nog ergens mee helpen?"


def follow_the_recipe(folder: Path) -> None:
    """One file in `actions/`, one in `data/nlu/`, the texts in `domain.yml`, one story."""
    for name in NEW:
        shutil.copy(ADDED / name, folder / name)
    (folder / "domain.yml").write_text(
        with_task((folder / "domain.yml").read_text(encoding="utf-8")), encoding="utf-8"
    )


def with_task(domain: str) -> str:
    """A domain with the intent, the button and the texts of the new task."""
    text = (ADDED / "domain.yml").read_text(encoding="utf-8")
    texts = text[text.index("  utter_question_wrapping_paper:") :]
    button = re.search(r"^ +- \{title.*gift_wrap\}\n", text, re.MULTILINE)
    assert button is not None
    domain = domain.replace("intents:\n", "intents:\n  - gift_wrap\n", 1)
    domain = re.sub(
        r"(  utter_topics:.*?buttons:[^\n]*\n)",
        lambda found: found[1] + button[0],
        domain,
        count=1,
        flags=re.DOTALL,
    )
    return f"{domain.rstrip()}\n\n{texts}"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ASSISTANT
        for path in ([folder / name] if (folder / name).is_file() else (folder / name).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def add_vacancies(folder: Path) -> None:
    """An intent, its examples, a rule and a response; in Python nothing is changed."""
    for kind, text in VACANCIES.items():
        (folder / "data" / kind / "vacatures.yml").write_text(text, encoding="utf-8")
    domain = (folder / "domain.yml").read_text(encoding="utf-8")
    domain = domain.replace("intents:\n", "intents:\n  - vacatures\n", 1)
    said = f'responses:\n  utter_vacatures:\n    - text: "{SAID}"\n'
    (folder / "domain.yml").write_text(domain.replace("responses:\n", said, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    copy_of_the_assistant(folder)
    follow_the_recipe(folder)
    add_vacancies(folder)
    shutil.rmtree(folder / "data" / "knowledge")
    return folder


@pytest.fixture(scope="module")
def talker(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with talking_with(copy, tmp_path_factory.mktemp("var")) as talker:
        yield talker


class Customer:
    """A new customer of the copy."""

    def __init__(self, talker: Talker) -> None:
        self._talker = talker
        self._name = f"customer-{next(_NUMBERS)}"

    def say(self, *texts: str) -> Reply:
        """Sends these messages; what came of the last."""
        return [self._talker.say(self._name, text) for text in texts][-1]

    def tap(self, title: str, reply: Reply) -> Reply:
        """Taps an option."""
        return self._talker.say(self._name, title, reply.options[title])


@pytest.fixture
def customer(talker: Talker) -> Customer:
    return Customer(talker)


def test_four_places_are_touched(tmp_path: Path) -> None:
    """One new file in each of three folders, and lines added to `domain.yml`."""
    copy_of_the_assistant(tmp_path)
    follow_the_recipe(tmp_path)
    before, after = files(ROOT), files(tmp_path)
    assert set(after) - set(before) == set(NEW)
    assert [name for name, held in before.items() if after.get(name) != held] == ["domain.yml"]
    read = YAML(typ="safe").load
    whole, own = read(after["domain.yml"]), read((ADDED / "domain.yml").read_bytes())
    assert set(own["responses"]) <= set(whole["responses"])
    assert "gift_wrap" in whole["intents"]


def test_the_task_works(customer: Customer) -> None:
    """Asked, summed up, confirmed, done; and what else there is."""
    first = customer.say("ik wil mijn bestelling laten inpakken als cadeau")
    assert "Welk papier wilt u" in first.text
    assert "Wat zetten we op het kaartje?" in customer.say("rood").text
    summary = customer.say("veel plezier ermee, oma")
    assert "met rood papier. Op het kaartje: ‘veel plezier ermee, oma’" in summary.text
    done = customer.tap("Ja, klopt", summary)
    assert done.texts[0] == "We pakken uw bestelling in met rood papier."
    assert "Kan ik nog iets voor u doen?" in done.text


def test_what_the_first_message_tells_is_not_asked(customer: Customer) -> None:
    """The paper is named in it."""
    reply = customer.say("kunt u het inpakken in blauw cadeaupapier")
    assert "Wat zetten we op het kaartje?" in reply.text


@pytest.mark.parametrize("told", [(), ("rood",), ("rood", "liefs, oma")])
def test_a_question_in_between(customer: Customer, told: tuple[str, ...]) -> None:
    """Is answered, and the task asks on."""
    asked = customer.say("cadeauverpakking", *told).texts[-1]
    reply = customer.say("hoe laat zijn jullie vandaag open")
    assert reply.texts[-1] == asked
    assert len(reply.texts) > 1


def test_stop(customer: Customer) -> None:
    """At the summary, too."""
    stopped = customer.say("cadeauverpakking", "goud", "liefs, oma", "stop")
    assert "we stoppen hiermee" in stopped.text


def test_a_correction(customer: Customer) -> None:
    """The summary is shown anew, and only that one is confirmed."""
    summary = customer.say("cadeauverpakking", "rood", "liefs, oma", "nee, toch blauw")
    assert "met blauw papier" in summary.text
    edit = customer.tap("Nee, aanpassen", summary)
    asked = customer.tap("Het kaartje", edit)
    assert "Wat zetten we op het kaartje?" in asked.text
    assert "‘liefs, opa’" in customer.say("liefs, opa").text


def test_a_person(customer: Customer) -> None:
    """Half-way."""
    assert customer.say("cadeauverpakking", "rood", "medewerker").owner != "bot"


def test_it_is_offered(customer: Customer) -> None:
    """Among the topics, by the button in `utter_topics`."""
    assert "Cadeau inpakken" in customer.say("wat kun je allemaal").options


def test_the_other_tasks_are_as_before(customer: Customer) -> None:
    """By rules that are made, too."""
    assert "Wat is uw bestelnummer?" in customer.say("waar is mijn pakket").text
    assert "we stoppen hiermee" in customer.say("stop").text


def test_its_story_passes(copy: Path, talker: Talker, tmp_path: Path) -> None:
    """`rasa test` predicts every action of it, by rules that nobody wrote."""
    model = ROOT / "models" / f"loket-{talker.fingerprint[:12]}.tar.gz"
    story = "tests/stories/test_gift_wrap.yml"
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "rasa", "test", "core"),
            *("--model", str(model), "--stories", story, "--out", str(tmp_path)),
            *("--fail-on-prediction-errors", "--no-plot"),
        ],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    counted = report["conversation_accuracy"]
    assert (counted["correct"], counted["total"], counted["with_warnings"]) == (2, 2, 0)


def test_a_new_intent_is_answered_outside_a_form(customer: Customer) -> None:
    """By its rule."""
    assert SAID in customer.say("hebben jullie nog vacatures").text


@pytest.mark.parametrize("asked", ["vacatures", "hebben jullie nog vacatures voor een student"])
def test_a_new_intent_is_answered_within_a_form_which_asks_on(
    customer: Customer, asked: str
) -> None:
    """One word or a sentence: the rule answers, the form's question comes again and goes on."""
    assert "bestelnummer" in customer.say("waar is mijn pakket").text
    reply = customer.say(asked)
    assert SAID in reply.text
    assert "bestelnummer" in reply.text.replace(SAID, "")
    assert "PP-100234 is onderweg" in customer.say("PP-100234 1234 AB").text


def test_a_new_intent_is_answered_while_an_answer_is_confirmed(customer: Customer) -> None:
    """Nothing that was told is lost."""
    told = ("ik wil iets terugsturen, PP-100871 3511 LX", "de regenjas", "te klein")
    reply = customer.say(*told, "welke vacatures hebben jullie")
    assert SAID in reply.text
    assert "Regenjas" in reply.text
