"""An intent that is added to the content alone is heard everywhere, also within a form."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.backends import sample
from bot.dialogue import runtime
from bot.ops.train import train_if_needed
from bot.store.database import Database
from bot.worker.handler import Handler
from bot.worker.process import load_assistant, load_config, now
from tests.support.dialogue import Customer, Shop
from tests.support.own_shop import forget

# It trains a model of its own: with few subjects and without pages, so that this takes seconds.
pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
SUBJECTS = frozenset("track_order return_item medewerker inform yes_no small_talk".split())
NLU = """version: "3.1"
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
"""
RULE = """version: "3.1"
rules:
  - rule: vacancies
    steps:
      - intent: vacatures
      - action: utter_vacatures
"""
SAID = "Onze vacatures staan op onze website. Kan ik u nog ergens mee helpen?"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A copy of the assistant with one intent more, trained; in Python nothing was changed."""
    root: Path = tmp_path_factory.mktemp("with_vacancies")
    for name in ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("knowledge"))
    for path in (root / "data" / "nlu").iterdir():
        if path.stem not in SUBJECTS:
            path.unlink()
    (root / "data" / "nlu" / "vacatures.yml").write_text(NLU, encoding="utf-8")
    (root / "data" / "rules" / "vacatures.yml").write_text(RULE, encoding="utf-8")
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    domain = domain.replace("intents:\n", "intents:\n  - vacatures\n", 1)
    added = f'responses:\n  utter_vacatures:\n    - text: "{SAID}"\n'
    (root / "domain.yml").write_text(domain.replace("responses:\n", added, 1), encoding="utf-8")
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOKET_ROOT", str(root))
        settings = runtime.settings()
        train_if_needed(settings)
        sample.ensure(settings.own["shop_database_url"])
        database = Database(settings.database_url)
        database.upgrade()
        assistant = asyncio.run(load_assistant(settings, database))
        yield Shop(database, assistant, Handler(database, now, load_config(settings)), settings)
    database.dispose()
    forget()


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A new customer."""
    return shop.customer()


def test_it_is_answered_outside_a_form(customer: Customer) -> None:
    """By its rule."""
    customer.say("hebben jullie nog vacatures")
    assert SAID in customer.text


@pytest.mark.parametrize("asked", ["vacatures", "hebben jullie nog vacatures voor een student"])
def test_it_is_answered_within_a_form_which_asks_on(customer: Customer, asked: str) -> None:
    """One word or a sentence: the rule answers, the form's question comes again and goes on."""
    customer.say("waar is mijn pakket")
    assert "bestelnummer" in customer.text
    customer.say(asked)
    assert SAID in customer.text
    assert "bestelnummer" in customer.text.replace(SAID, "")
    customer.say("PP-100234 1234 AB")
    assert "PP-100234 is onderweg" in customer.text


def test_it_is_answered_while_an_answer_is_confirmed(customer: Customer) -> None:
    """Nothing that was told is lost."""
    customer.say("ik wil iets terugsturen, PP-100871 3511 LX")
    customer.say("de regenjas")
    customer.say("te klein")
    customer.say("welke vacatures hebben jullie")
    assert SAID in customer.text
    assert "Regenjas" in customer.text
