"""Entities that code reads better than a model: numbers, postcodes, dates, meter readings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dutch import dates, meter, postcode
from bot.dutch.orders import OrderNumbers
from bot.dutch.span import Span

#: Words between two values of one kind that make the second the value.
_TAKES_BACK = re.compile(
    r"\b(?:oeps|sorry|nee|neen|bedoel\w*|foutje|fout|verkeerd|correctie|moet"
    r"|toch (?:liever|maar))\b",
    re.IGNORECASE,
)
_WORD_SCORES = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5}
_SCORE = re.compile(
    r"\b(?:geef|gaf|geven|krijgt|krijgen|cijfer|score|beoordeling|waardering|rapportcijfer)\b"
    r"(?:\s+(?:je|jullie|u|dit|het|gesprek|de|bot|is|van|een|'n|ik|hem|daar|hier|wel|maar|mijn))*"
    r"\s*[:=]?\s*(?P<a>10|[1-9]|een|twee|drie|vier|vijf)\b(?!\s*(?:keer|dag|week|weken|x)|[-/.:]?\d)"
    r"|\b(?P<b>[1-5]|een|twee|drie|vier|vijf)\s*(?:sterren|ster|smileys?|punten)\b"
    r"|\b(?P<c>[1-5])\s*(?:/|van de|uit)\s*5\b",
    re.IGNORECASE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityRecognizer(GraphComponent, EntityExtractorMixin):
    """Reads entities with the functions of `bot.dutch`; needs no annotated examples.

    Entities and their values: `order_number` ("PP-100234"), `postcode` ("1234 AB"),
    `house_number` ("12A"), `date` (ISO 8601, "tomorrow" counted from the day of the message),
    `day_part` ("ochtend", "middag", "avond"), `meter_reading` (a number, or
    `{"high": 4512, "low": 3890}`) and `score` (a number, 1 to 10).

    A bare number can be more than one of these; the form that asks decides by its slot mapping.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the comments."""
        return {
            # Letters in front of an order number, and how many digits follow.
            "order_prefix": "PP",
            "order_digits": 6,
            # "Tomorrow" is counted from today in this time zone.
            "timezone": "Europe/Amsterdam",
            # An ISO date instead of the real one, for tests whose outcome may not change overnight.
            "today": None,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Take the configuration; raises ValueError for an impossible one."""
        self._zone = ZoneInfo(config["timezone"])
        self._today = date.fromisoformat(str(config["today"])) if config["today"] else None
        self._orders = OrderNumbers(str(config["order_prefix"]), int(config["order_digits"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityRecognizer:
        """Make the component (see the parent class)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message, beside those of other extractors."""
        today = self._today or datetime.now(self._zone).date()
        for message in messages:
            text = message.get(TEXT)
            if not text or text.lstrip().startswith("/"):
                continue
            found = self.add_extractor_name(self.read(text, today))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def read(self, text: str, today: date) -> list[dict[str, Any]]:
        """The entities of a text as Rasa's dictionaries, in order of the text.

        A date that is refused is left out, and so is a value that the customer takes back in the
        same message ("1243AB oeps 1234AB").
        """
        orders = self._orders.find(text)
        # "1234 PP-100456": the letters belong to the order number.
        postcodes = [span for span in postcode.find(text) if not _clash(span, orders)]
        taken: list[Span[Any]] = [*orders, *postcodes]
        found: list[tuple[str, Span[Any]]] = [("order_number", span) for span in orders]
        found += [("postcode", span) for span in postcodes]
        days = [span for span in dates.wanted(text, today) if not _clash(span, taken)]
        found += [("date", Span(span.value.isoformat(), span.start, span.end)) for span in days]
        if (part := dates.find_day_part(text)) is not None:
            found.append(("day_part", part))
        taken += days
        if (score := _SCORE.search(text)) is not None:
            word = next(group for group in score.groups() if group)
            given = _WORD_SCORES.get(word.lower()) or int(word)
            found.append(("score", Span(given, score.start(), score.end())))
        bare_order = len(orders) == 1 and text.strip().isdigit()
        reading = meter.find(text)
        if reading is not None and (bare_order or not _clash(reading, taken)):
            value = reading.value.as_json()
            found.append(("meter_reading", Span(value, reading.start, reading.end)))
        found += [
            ("house_number", span)
            for span in postcode.find_house_numbers(text)
            if not _clash(span, taken)
        ]
        return [
            {"entity": name, "value": span.value, "start": span.start, "end": span.end}
            for name, span in sorted(found, key=lambda pair: pair[1].start)
            if not _is_taken_back(text, name, span, found)
        ]


def _clash(span: Span[Any], taken: Iterable[Span[Any]]) -> bool:
    return any(span.overlaps(other) for other in taken)


def _is_taken_back(
    text: str, name: str, span: Span[Any], found: Iterable[tuple[str, Span[Any]]]
) -> bool:
    """Whether a later value of the same kind comes behind a "sorry" or "ik bedoel"."""
    return any(
        kind == name and other.start >= span.end and _TAKES_BACK.search(text, span.end, other.start)
        for kind, other in found
    )
