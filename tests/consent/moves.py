"""What customers may say, at random: sentences as they are read, taps, and bare commands."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ruamel.yaml import YAML

from bot.core import pipeline
from bot.core.pipeline import EntitySettings
from bot.dialogue import commands as said
from bot.dialogue.commands import Command
from bot.topics import declared
from tests.consent.sentences import (
    ANSWERS,
    ATTACHED,
    NO,
    OPENINGS,
    PLAIN_WORDS,
    TO_THE_POINT,
    VALUES,
    YES,
)
from tests.consent.talk import Talk
from tests.support.form_driver import DOMAIN
from tests.support.shop_fixtures import NOW

ASIDES: Final = ("utter_anything", "utter_opening_hours", "action_break_loop")
_CONFUSED: Final = (
    "affirm", "deny", "inform", "cancel_task", "out_of_scope", "nlu_fallback", "thank", "greet",
    "opening_hours", "ask_knowledge", "sensitive_matter", "track_order", "return_item",
    "change_delivery", "change_subscription", "submit_meter_reading", "box_stop", "medewerker",
)  # fmt: skip
_ACTS: Final = ("question", "request", "withdraw", "object", "accept", "decline", "courtesy")
_BARE: Final[tuple[Command, ...]] = (
    said.StartTask(), said.Consent(), said.Refuse(), said.Ask(), said.AskWhy(), said.NoneOfThese(),
    said.Back(), said.Repeat(), said.Wait(), said.Leave(), said.AskLeave(), said.Misunderstood(),
    said.Beyond("vanaf december"), said.AskBeside(), said.Resume(), said.Person(), said.Unclear(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """What a customer does.

    Attributes:
        kind: which of the kinds below it is.
        message: Rasa's parse of what is said.
        aside: what a rule says, where one answers.
        hours: so long after the message before.
        commands: what the engine takes the message for, whatever it says; empty: it reads itself.
    """

    kind: str
    message: Mapping[str, Any]
    aside: str = "utter_anything"
    hours: int = 0
    commands: tuple[Command, ...] = ()


@cache
def _reader() -> Any:
    """The reader of entities as the shop configures it."""
    config = YAML(typ="safe").load((DOMAIN.parent / "config.yml").read_text(encoding="utf-8"))
    own = next(each for each in config["pipeline"] if each["name"].endswith("EntityRecognizer"))
    topics = declared.load(DOMAIN.parent)
    given = [*own["extractors"], *sorted(topics.extractors)]
    settings = EntitySettings(own["timezone"], given, tuple(own["counted"]))
    return pipeline.build(settings)


@cache
def entities_in(text: str) -> tuple[Mapping[str, Any], ...]:
    """What stands in a sentence, as the shop reads it."""
    return tuple(each.as_rasa() for each in pipeline.read(_reader(), text, NOW.date()))


@cache
def examples() -> Sequence[tuple[str, str]]:
    """The shop's examples of what customers say, with what they mean; no answers to yes or no."""
    found = []
    for file in sorted((DOMAIN.parent / "data/nlu").glob("*.yml")):
        for each in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu") or []:
            if each.get("intent") not in (None, "affirm"):
                plain = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", each["examples"])
                lines = re.findall(r"^- (.+)$", plain, re.MULTILINE)
                found += [(str(each["intent"]), line) for line in lines]
    return found


def tapped(payload: str) -> dict[str, Any]:
    """Rasa's parse of an option that was tapped."""
    name, _, values = payload.lstrip("/").partition("{")
    given = json.loads("{" + values) if values else {}
    found = [{"entity": key, "value": value, "start": 0, "end": 0} for key, value in given.items()]
    return {"text": payload, "intent": {"name": name, "confidence": 1.0}, "entities": found}


def typed(text: str, intent: str, rng: random.Random) -> dict[str, Any]:
    """A parse of typed words, as sure as it happens to be, and now and then quite wrong."""
    meant = rng.choice(_CONFUSED) if rng.random() < 0.2 else intent
    acts = {rng.choice(_ACTS): round(rng.random(), 2)} if rng.random() < 0.4 else {}
    parse = {
        "text": text,
        "intent": {"name": meant, "confidence": rng.choice((0.3, 0.65, 0.85, 0.95, 1.0))},
        "entities": [dict(each) for each in entities_in(text)],
        "act": acts,
    }
    if rng.random() < 0.08:
        parse["knowledge"] = {"leads": True, "asks": rng.random() < 0.7}
    return parse


class Customer:
    """Says things at random, some of them to the point."""

    def __init__(self, rng: random.Random) -> None:
        """Takes what decides."""
        self._rng = rng

    def opening(self) -> Move:
        """The first words."""
        intent, text, _ = self._rng.choice(OPENINGS)
        message = typed(text, intent, self._rng)
        message["intent"] = {"name": intent, "confidence": 0.95}
        return Move("opening", message)

    def proof(self, talk: Talk) -> str:
        """The words that prove the order that was claimed, or some order."""
        order = talk.slots.get("order_number")
        known = {number: text for _, text, number in OPENINGS if re.search(r"\d{4} [A-Z]{2}", text)}
        text = known.get(str(order), "PP-100456 9712 HM")
        found = re.search(r"PP-\d+ \d{4} [A-Z]{2}", text)
        return found[0] if found else text

    def next(self, talk: Talk) -> Move:
        """The next thing said, with what is on the screen in view."""
        rng = self._rng
        summary = bool(talk.said) and talk.said[-1][0].startswith("utter_confirm_")
        kinds = _AT_SUMMARY if summary else _BETWEEN if talk.loop is None else _ELSEWHERE
        kind = rng.choices([name for name, _ in kinds], [weight for _, weight in kinds])[0]
        if talk.waits and rng.random() < 0.7:
            kind = "back"
        message = self._message(kind, talk)
        hours = rng.choice((2, 7, 26)) if rng.random() < 0.04 else 0
        commands = self._commands() if rng.random() < 0.12 else ()
        return Move(kind, message, rng.choice(ASIDES), hours, commands)

    def _message(self, kind: str, talk: Talk) -> dict[str, Any]:
        if kind == "back":
            return tapped("/back_to_bot")
        if kind == "tap" and talk.payloads:
            return tapped(self._rng.choice(talk.payloads))
        if kind in ("yes", "no") and self._rng.random() < 0.2:
            return tapped("/affirm" if kind == "yes" else "/deny")
        if kind == "opening":
            return dict(self.opening().message)
        return typed(*self._words(kind, talk), self._rng)

    def _words(self, kind: str, talk: Talk) -> tuple[str, str]:
        """Words of a kind, and what they mean."""
        pick = self._rng.choice
        if kind == "sentence":
            intent, text = pick(examples())
            return text, intent
        if kind == "to_the_point":
            slot = str(talk.slots.get("requested_slot"))
            if slot in TO_THE_POINT:
                return pick(TO_THE_POINT[slot]), "inform"
            kind = "proof" if slot in ("order_number", "postcode") else "answer"
        made: Mapping[str, Callable[[], tuple[str, str]]] = {
            "yes": lambda: (pick(YES), "affirm"),
            "attached": lambda: (self._attached(), "affirm"),
            "no": lambda: (pick(NO), "deny"),
            "no_with": lambda: (f"nee, {self._behind(ANSWERS)}", "deny"),
            "proof": lambda: (self.proof(talk), "inform"),
            "person": lambda: ("medewerker", "medewerker"),
            "words": lambda: (pick(PLAIN_WORDS), pick(_CONFUSED)),
        }
        return made.get(kind, lambda: (pick(ANSWERS), "inform"))()

    def _attached(self) -> str:
        """A yes with something behind it, or before it."""
        parts = [self._rng.choice(YES), self._behind(ATTACHED)]
        if self._rng.random() < 0.2:
            parts.reverse()
        return self._rng.choice((", ", " ", ". ")).join(parts)

    def _behind(self, usual: Sequence[str]) -> str:
        rng = self._rng
        return rng.choice(usual) if rng.random() < 0.6 else rng.choice(examples())[1]

    def _commands(self) -> tuple[Command, ...]:
        """Commands of another source, which knows nothing of what was said."""
        rng = self._rng
        return tuple(self._command() for _ in range(rng.choice((1, 1, 2, 3))))

    def _command(self) -> Command:
        rng = self._rng
        if rng.random() < 0.5:
            return rng.choice(_BARE)
        slot = rng.choice(tuple(VALUES))
        value = rng.choice(VALUES[slot])
        made: tuple[Command, ...] = (
            said.Answer(slot, value), said.Choose(slot, value), said.Correct(slot, value),
            said.Correct(slot),
        )  # fmt: skip
        return rng.choice(made)


_AT_SUMMARY: Final = (
    ("yes", 22), ("attached", 16), ("no", 10), ("no_with", 8), ("answer", 10), ("words", 14),
    ("tap", 10), ("sentence", 8), ("opening", 3), ("proof", 1), ("person", 2),
)  # fmt: skip
_ELSEWHERE: Final = (
    ("yes", 6), ("attached", 3), ("no", 3), ("no_with", 3), ("answer", 20), ("to_the_point", 40),
    ("words", 6), ("tap", 20), ("sentence", 4), ("opening", 4), ("person", 1),
)  # fmt: skip
_BETWEEN: Final = (
    ("yes", 10), ("no", 4), ("answer", 4), ("words", 4), ("tap", 20), ("sentence", 10),
    ("opening", 40), ("proof", 4), ("person", 1),
)  # fmt: skip
